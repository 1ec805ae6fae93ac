//! Failure: what SQLite said, as the port's typed error.

use engine::StateError;
use rusqlite::ErrorCode;

/// Sorts an error of SQLite: held by another, damaged, or anything else.
pub(crate) fn state_error(error: rusqlite::Error) -> StateError {
    match &error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => StateError::Damaged(error.to_string()),
        _ => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StateError::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StateError::Damaged(error.to_string())
            }
            _ => StateError::Failed(error.to_string()),
        },
    }
}
