//! Schema: numbered steps from an empty file to today's tables. A step that was ever released never changes.

use engine::StateError;
use rusqlite::{Connection, TransactionBehavior};

use crate::failure::state_error;

/// Marks the file as ours ("FtBr"), so that another program's database is never taken for a state.
pub(crate) const APPLICATION_ID: i64 = 0x4674_4272;

const STEPS: &[&str] = &[include_str!("../migrations/0001_trees.sql")];

/// Brings the database to today's version.
///
/// # Errors
/// [`StateError::Damaged`] for a database that is not ours, [`StateError::Failed`] for one of a newer version.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StateError> {
    let read = |connection: &Connection, pragma| {
        connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(state_error)
    };
    let (id, version) = (read(connection, "application_id")?, read(connection, "user_version")?);
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(state_error)?;
    let fresh = id == 0 && version == 0 && tables == 0;
    if !fresh && id != APPLICATION_ID {
        return Err(StateError::Damaged("the file is not a state database".to_owned()));
    }
    let done =
        usize::try_from(version).map_err(|_| StateError::Damaged("the version is negative".to_owned()))?;
    if done > STEPS.len() {
        return Err(StateError::Failed(
            "the state was written by a newer version of this program".to_owned(),
        ));
    }
    for (number, step) in STEPS.iter().enumerate().skip(done) {
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(state_error)?;
        transaction.execute_batch(step).map_err(state_error)?;
        let next = i64::try_from(number + 1).map_err(|error| StateError::Failed(error.to_string()))?;
        transaction.pragma_update(None, "user_version", next).map_err(state_error)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(state_error)?;
        transaction.commit().map_err(state_error)?;
    }
    Ok(())
}
