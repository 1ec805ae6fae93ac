//! Connection: SQLite or PostgreSQL behind one type, and the macro that writes a query once for both.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ConnectionManager, PooledConnection};
use diesel::{PgConnection, SqliteConnection};

use crate::StorageError;

/// An open connection to either database.
pub(crate) enum Connection {
    /// Embedded.
    Sqlite(SqliteConnection),
    /// A server, through a pool.
    Postgres(PooledConnection<ConnectionManager<PgConnection>>),
}

/// Runs one Diesel expression on whichever database the scope is connected to.
///
/// `on!(self.0, connection => query.execute(connection))`
macro_rules! on {
    ($scope:expr, $connection:ident => $body:expr) => {
        match &mut *$scope.connection {
            $crate::connection::Connection::Sqlite(sqlite) => {
                let $connection: &mut diesel::SqliteConnection = sqlite;
                $body
            }
            $crate::connection::Connection::Postgres(postgres) => {
                let $connection: &mut diesel::PgConnection = postgres;
                $body
            }
        }
    };
}
pub(crate) use on;

/// Whether a transaction will write; SQLite must know at its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    Read,
    Write,
}

impl Connection {
    /// Starts a transaction, or a savepoint inside one.
    pub(crate) fn begin(&mut self, intent: Intent) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(connection) => {
                type Manager = AnsiTransactionManager;
                if intent == Intent::Write && depth_is_zero::<_, Manager>(connection) {
                    // A deferred transaction that turns into a writer fails when another wrote in between.
                    Manager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?;
                } else {
                    Manager::begin_transaction(connection)?;
                }
            }
            Self::Postgres(pooled) => {
                let connection: &mut PgConnection = pooled;
                AnsiTransactionManager::begin_transaction(connection)?;
                if intent == Intent::Read {
                    connection.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
                }
            }
        }
        Ok(())
    }

    /// Commits the transaction, or releases the innermost savepoint.
    pub(crate) fn commit(&mut self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::commit_transaction(connection)?,
            Self::Postgres(pooled) => {
                let connection: &mut PgConnection = pooled;
                AnsiTransactionManager::commit_transaction(connection)?;
            }
        }
        Ok(())
    }

    /// Undoes the transaction, or back to the innermost savepoint.
    pub(crate) fn roll_back(&mut self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::rollback_transaction(connection)?,
            Self::Postgres(pooled) => {
                let connection: &mut PgConnection = pooled;
                AnsiTransactionManager::rollback_transaction(connection)?;
            }
        }
        Ok(())
    }

    /// Runs plain SQL that returns nothing.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(connection) => connection.batch_execute(sql)?,
            Self::Postgres(pooled) => {
                let connection: &mut PgConnection = pooled;
                connection.batch_execute(sql)?;
            }
        }
        Ok(())
    }
}

fn depth_is_zero<C, M>(connection: &mut C) -> bool
where
    C: diesel::Connection<TransactionManager = M>,
    M: TransactionManager<C, TransactionStateData = diesel::connection::AnsiTransactionManager>,
{
    matches!(M::transaction_manager_status_mut(connection).transaction_depth(), Ok(None))
}
