//! Opening: takes the lock, checks everything once, and moves aside what cannot be read back.
//!
//! A lost or damaged state is a supported event: the root then starts in union mode, in which nothing is deleted
//! anywhere. It is told, never hidden behind an empty database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use engine::{StateError, StoredState};
use jiff::Timestamp;
use rusqlite::Connection;

use crate::check::{check_pages, check_trees};
use crate::failure::state_error;
use crate::rows::load_all;
use crate::schema::migrate;

/// What was there when the state was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// No database: a first start, or a lost state. The marker in the root tells which.
    Nothing,
    /// A sound database.
    Sound,
    /// A damaged one. It was kept under another name, and the root must be linked anew (union mode).
    Damaged {
        /// Where the damaged database is now.
        kept: PathBuf,
        /// What was wrong with it.
        why: String,
    },
}

/// An open database with what it holds.
#[derive(Debug)]
pub struct Opened {
    pub(crate) connection: Connection,
    pub(crate) state: StoredState,
    pub(crate) found: Found,
}

/// Opens or creates the database at `path`.
///
/// # Errors
/// [`StateError::Locked`] while another process holds it; [`StateError::Failed`] when it can neither be read nor be
/// moved aside.
pub(crate) fn open(path: &Path, now: Timestamp) -> Result<Opened, StateError> {
    let there = match std::fs::symlink_metadata(path) {
        Ok(metadata) => Some(metadata.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(StateError::Failed(error.to_string())),
    };
    let Some(length) = there else {
        return fresh(path, Found::Nothing);
    };
    // SQLite takes an empty file for a new database; here it is one that lost everything.
    let tried = if length == 0 {
        Err(StateError::Damaged("the file is empty".to_owned()))
    } else {
        open_checked(path)
    };
    match tried {
        Ok((connection, state)) => Ok(Opened { connection, state, found: Found::Sound }),
        Err(StateError::Damaged(why)) => {
            let kept = move_aside(path, now).map_err(|error| StateError::Failed(error.to_string()))?;
            fresh(path, Found::Damaged { kept, why })
        }
        Err(error) => Err(error),
    }
}

fn fresh(path: &Path, found: Found) -> Result<Opened, StateError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| StateError::Failed(error.to_string()))?;
    }
    // A log without its database belongs to nothing and must not be replayed into the new one.
    for suffix in ["-wal", "-shm"] {
        let stray = with_suffix(path, suffix);
        if stray.exists() {
            let aside = with_suffix(path, &format!("{suffix}.stray"));
            std::fs::rename(&stray, aside).map_err(|error| StateError::Failed(error.to_string()))?;
        }
    }
    let (connection, state) = open_checked(path)?;
    Ok(Opened { connection, state, found })
}

fn open_checked(path: &Path) -> Result<(Connection, StoredState), StateError> {
    let mut connection = Connection::open(path).map_err(state_error)?;
    configure(&connection).map_err(state_error)?;
    check_pages(&connection)?;
    migrate(&mut connection)?;
    let state = load_all(&connection).map_err(state_error)?;
    check_trees(&state)?;
    Ok((connection, state))
}

/// The lock is taken by the first statement and kept as long as the connection lives.
fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::ZERO)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", -4_096)?;
    connection.set_prepared_statement_cache_capacity(64);
    // A write transaction takes the exclusive lock now rather than at the first commit.
    connection.execute_batch("BEGIN EXCLUSIVE; COMMIT;")
}

fn move_aside(path: &Path, now: Timestamp) -> std::io::Result<PathBuf> {
    let mut number = 0;
    let kept = loop {
        let kept = with_suffix(path, &format!(".damaged-{}-{number}", now.as_second()));
        if !kept.exists() {
            break kept;
        }
        number += 1;
    };
    for suffix in ["-wal", "-shm", ""] {
        match std::fs::rename(with_suffix(path, suffix), with_suffix(&kept, suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(kept)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut text = path.as_os_str().to_owned();
    text.push(suffix);
    PathBuf::from(text)
}
