//! Store: a client's state over all lives of its process: on every second seed the real SQLite file (in memory-backed
//! storage where there is some), on the others the model that loses commits with the power.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use engine::{JournalEntry, StateChange, StateError, StateStore, StoredState};
use state::{Found, SqliteState};

use crate::simulation::{Process, Tape};
use crate::{SimState, StateFile};

/// Where memory-backed files are on Linux.
const MEMORY: &str = "/dev/shm";

/// Makes a folder for one run; it goes with the value.
pub(crate) fn run_folder() -> std::io::Result<tempfile::TempDir> {
    if Path::new(MEMORY).is_dir() { tempfile::tempdir_in(MEMORY) } else { tempfile::tempdir() }
}

/// What outlives the process.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    Model(StateFile),
    Sqlite(PathBuf),
}

impl Store {
    /// Opens it for a new life of the client.
    pub(crate) async fn open(&self, process: &Process) -> Arc<dyn StateStore> {
        let path = match self {
            Self::Model(file) => return Arc::new(SimState::open(file, process)),
            Self::Sqlite(path) => path.clone(),
        };
        match SqliteState::open(process.runtime(), path).await {
            Ok(inner) => {
                if let Found::Damaged { why, .. } = inner.found() {
                    process.world().broken(format!("{}: the state is damaged: {why}", process.name()));
                }
                Arc::new(Alive { inner, process: process.clone() })
            }
            Err(error) => {
                process.world().broken(format!("{}: the state does not open: {error}", process.name()));
                Arc::new(SimState::open(&StateFile::default(), process))
            }
        }
    }

    /// Takes the power away.
    pub(crate) fn lose_power(&self, tape: &Tape) {
        if let Self::Model(file) = self {
            file.lose_power(tape);
        }
    }
}

/// A store whose dead process never gets an answer.
struct Alive {
    inner: SqliteState,
    process: Process,
}

impl Alive {
    async fn turn(&self) {
        if !self.process.is_alive() {
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl StateStore for Alive {
    async fn load(&self) -> Result<StoredState, StateError> {
        let answer = self.inner.load().await;
        self.turn().await;
        answer
    }

    async fn commit(&self, change: StateChange) -> Result<(), StateError> {
        let answer = self.inner.commit(change).await;
        self.turn().await;
        if let Err(error) = &answer {
            self.process.world().broken(format!("{}: a commit failed: {error}", self.process.name()));
        }
        answer
    }

    async fn journal(&self, limit: usize) -> Result<Vec<JournalEntry>, StateError> {
        let answer = self.inner.journal(limit).await;
        self.turn().await;
        answer
    }
}
