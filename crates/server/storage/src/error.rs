//! Storage errors: what a repository can fail with, told apart only as far as a caller can act.

use runtime::BlockingFailed;

/// A failure of the database or of a rule it keeps.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A row that must exist does not.
    #[error("{table} has no row {id}")]
    NotFound {
        /// Table.
        table: &'static str,
        /// Key.
        id: String,
    },
    /// A uniqueness rule refused the change.
    #[error("a uniqueness rule was violated ({constraint})")]
    Duplicate {
        /// The rule, as the database names it.
        constraint: String,
        /// The database's error.
        #[source]
        source: diesel::result::Error,
    },
    /// A stored value cannot be read back; the row is damaged or of a newer version.
    #[error("{table}.{column} holds a value this version cannot read")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
    },
    /// The database refused or failed.
    #[error("the database failed")]
    Database(#[source] diesel::result::Error),
    /// No connection could be had.
    #[error("no database connection could be opened")]
    Connection(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The schema is not the one this version needs.
    #[error(
        "the database schema is at {found}, this version needs {needed}; run `footbridge-server migrate`"
    )]
    Schema {
        /// Number of migrations applied.
        found: usize,
        /// Number of migrations known.
        needed: usize,
    },
    /// The work ended without a result.
    #[error("database work ended without a result")]
    Interrupted,
}

impl StorageError {
    /// Returns whether a uniqueness rule refused the change.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Duplicate { .. })
    }
}

impl From<diesel::result::Error> for StorageError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error};
        match error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, ref information) => {
                let constraint =
                    information.constraint_name().unwrap_or_else(|| information.message()).to_owned();
                Self::Duplicate { constraint, source: error }
            }
            other => Self::Database(other),
        }
    }
}

impl From<BlockingFailed> for StorageError {
    fn from(_: BlockingFailed) -> Self {
        Self::Interrupted
    }
}
