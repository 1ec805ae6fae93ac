//! Store: opens the database, runs reads and writes on blocking threads, and publishes changes after the commit.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{Connection as _, PgConnection, SqliteConnection};
use runtime::Runtime;
use tokio::sync::{broadcast, oneshot};

use crate::connection::{Connection, Intent};
use crate::group_commit::{GroupCommit, Unit, Verdict};
use crate::pool::ReaderPool;
use crate::{Commit, DriveChange, Reading, StorageError, Writing};

/// How many unread changes a subscriber may lag before it is told to look at everything.
const PUBLISHED: usize = 1024;
/// Most connections to PostgreSQL from one process.
const POSTGRES_CONNECTIONS: u32 = 16;

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseConfig {
    /// An embedded database in one file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, as a `postgres://` URL.
    Postgres(String),
}

enum Database {
    Sqlite { path: PathBuf, readers: ReaderPool, writer: Box<GroupCommit> },
    Postgres(Pool<ConnectionManager<PgConnection>>),
}

/// Changes of all drives as they are committed.
#[derive(Debug)]
pub struct ChangeFeed(broadcast::Receiver<DriveChange>);

/// What a [`ChangeFeed`] tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedEvent {
    /// A drive changed.
    Changed(DriveChange),
    /// Changes were missed because the reader was slow: any drive may have changed.
    Missed,
    /// The store is gone.
    Closed,
}

impl ChangeFeed {
    /// Waits for the next change. Dropping the future loses none.
    pub async fn next(&mut self) -> FeedEvent {
        match self.0.recv().await {
            Ok(change) => FeedEvent::Changed(change),
            Err(broadcast::error::RecvError::Lagged(_)) => FeedEvent::Missed,
            Err(broadcast::error::RecvError::Closed) => FeedEvent::Closed,
        }
    }
}

struct Inner {
    database: Database,
    runtime: Runtime,
    changes: broadcast::Sender<DriveChange>,
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens the database; makes the file of an embedded one. Call [`Self::migrate`] or [`Self::check_schema`] next.
    ///
    /// # Errors
    /// [`StorageError::Connection`] when it cannot be reached.
    pub async fn open(config: DatabaseConfig, runtime: Runtime) -> Result<Self, StorageError> {
        let database = runtime.blocking(move || open_database(config)).await??;
        let (changes, _) = broadcast::channel(PUBLISHED);
        Ok(Self(Arc::new(Inner { database, runtime, changes })))
    }

    /// Brings the schema to this version.
    ///
    /// # Errors
    /// A storage error; what was applied before it stays.
    pub async fn migrate(&self) -> Result<(), StorageError> {
        let inner = Arc::clone(&self.0);
        self.0.runtime.blocking(move || inner.with_connection(crate::migrate::migrate)).await?
    }

    /// Checks that the schema is at this version.
    ///
    /// # Errors
    /// [`StorageError::Schema`] when it is older or newer.
    pub async fn check_schema(&self) -> Result<(), StorageError> {
        let inner = Arc::clone(&self.0);
        self.0.runtime.blocking(move || inner.with_connection(crate::migrate::check)).await?
    }

    /// Returns the runtime the store works with.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        &self.0.runtime
    }

    /// Subscribes to changes of all drives; each arrives after its commit.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<DriveChange> {
        self.0.changes.subscribe()
    }

    /// Subscribes to changes of all drives, as a feed without a runtime of its own.
    #[must_use]
    pub fn change_feed(&self) -> ChangeFeed {
        ChangeFeed(self.changes())
    }

    pub(crate) async fn read_with<T, E>(
        &self,
        work: impl FnOnce(&mut Connection, &mut Reading) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let inner = Arc::clone(&self.0);
        let read = move || inner.read(|connection| work(connection, &mut Reading { _private: () }));
        self.0.runtime.blocking(read).await.map_err(|failed| E::from(failed.into()))?
    }

    pub(crate) async fn write_with<T, E>(
        &self,
        work: impl FnOnce(&mut Connection, &mut Writing) -> Result<Commit<T>, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let (published, value) = match &self.0.database {
            Database::Sqlite { .. } => self.write_sqlite(work).await?,
            Database::Postgres(_) => {
                let inner = Arc::clone(&self.0);
                let write = move || inner.write_postgres(work);
                self.0.runtime.blocking(write).await.map_err(|failed| E::from(failed.into()))??
            }
        };
        for change in published {
            // No subscriber is fine: hints are hints.
            let _listeners = self.0.changes.send(change);
        }
        Ok(value)
    }

    async fn write_sqlite<T, E>(
        &self,
        work: impl FnOnce(&mut Connection, &mut Writing) -> Result<Commit<T>, E> + Send + 'static,
    ) -> Result<(Vec<DriveChange>, T), E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        type Worked<T, E> = std::thread::Result<Result<(Vec<DriveChange>, T), E>>;
        let (told, outcome) = oneshot::channel::<(Worked<T, E>, Result<(), StorageError>)>();
        let slot = Arc::new(std::sync::Mutex::new(None));
        let filled = Arc::clone(&slot);
        let lock = |slot: &std::sync::Mutex<Option<Worked<T, E>>>| {
            slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
        };
        let unit = Unit {
            run: Box::new(move |connection| {
                let mut mode = Writing::default();
                let worked = catch_unwind(AssertUnwindSafe(|| work(connection, &mut mode)))
                    .map(|result| result.map(|commit| (mode.published, commit.value)));
                let verdict = if matches!(worked, Ok(Ok(_))) { Verdict::Keep } else { Verdict::Undo };
                *filled.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(worked);
                verdict
            }),
            done: Box::new(move |committed| {
                let worked = lock(&slot).unwrap_or_else(|| Ok(Err(E::from(StorageError::Interrupted))));
                // The caller may have gone; the commit stands all the same.
                let _told = told.send((worked, committed));
            }),
        };
        let inner = Arc::clone(&self.0);
        let drain = move || {
            if let Database::Sqlite { writer, .. } = &inner.database {
                writer.push(unit);
                writer.drain();
            }
        };
        self.0.runtime.blocking(drain).await.map_err(|failed| E::from(failed.into()))?;
        let (worked, committed) = outcome.await.map_err(|_| E::from(StorageError::Interrupted))?;
        match worked {
            Ok(Ok(value)) => committed.map(|()| value).map_err(E::from),
            Ok(Err(error)) => Err(error),
            Err(panic) => resume_unwind(panic),
        }
    }
}

impl Inner {
    fn read<T, E: From<StorageError>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.database {
            Database::Sqlite { path, readers, .. } => {
                let connection = readers.take(|| open_sqlite(path, Intent::Read))?;
                let mut connection = Connection::Sqlite(connection);
                let result = catch_unwind(AssertUnwindSafe(|| in_snapshot(&mut connection, work)));
                match (connection, result) {
                    (Connection::Sqlite(connection), Ok(result)) => {
                        readers.give(connection);
                        result
                    }
                    (_, Ok(result)) => result,
                    (_, Err(panic)) => {
                        readers.forget();
                        resume_unwind(panic)
                    }
                }
            }
            Database::Postgres(pool) => {
                let pooled = pool.get().map_err(|error| StorageError::Connection(Box::new(error)))?;
                in_snapshot(&mut Connection::Postgres(pooled), work)
            }
        }
    }

    fn write_postgres<T, E: From<StorageError>>(
        &self,
        work: impl FnOnce(&mut Connection, &mut Writing) -> Result<Commit<T>, E>,
    ) -> Result<(Vec<DriveChange>, T), E> {
        self.with_connection(|connection| {
            connection.begin(Intent::Write)?;
            let mut mode = Writing::default();
            match work(connection, &mut mode) {
                Ok(commit) => {
                    connection.commit()?;
                    Ok((mode.published, commit.value))
                }
                Err(error) => {
                    connection.roll_back()?;
                    Err(error)
                }
            }
        })
    }

    fn with_connection<T, E: From<StorageError>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.database {
            Database::Sqlite { writer, .. } => writer.with_writer(work),
            Database::Postgres(pool) => {
                let pooled = pool.get().map_err(|error| StorageError::Connection(Box::new(error)))?;
                work(&mut Connection::Postgres(pooled))
            }
        }
    }
}

fn in_snapshot<T, E: From<StorageError>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    connection.begin(Intent::Read)?;
    let result = work(connection);
    connection.roll_back()?;
    result
}

fn open_database(config: DatabaseConfig) -> Result<Database, StorageError> {
    match config {
        DatabaseConfig::Sqlite(path) => {
            let writer = Box::new(GroupCommit::new(Connection::Sqlite(open_sqlite(&path, Intent::Write)?)));
            Ok(Database::Sqlite { path, readers: ReaderPool::new(), writer })
        }
        DatabaseConfig::Postgres(url) => {
            let pool = Pool::builder()
                .max_size(POSTGRES_CONNECTIONS)
                .min_idle(Some(1))
                .connection_timeout(Duration::from_secs(10))
                .build(ConnectionManager::new(url))
                .map_err(|error| StorageError::Connection(Box::new(error)))?;
            Ok(Database::Postgres(pool))
        }
    }
}

fn open_sqlite(path: &std::path::Path, intent: Intent) -> Result<SqliteConnection, StorageError> {
    let path = path.to_str().ok_or_else(|| StorageError::Connection("the path is not UTF-8".into()))?;
    let mut connection =
        SqliteConnection::establish(path).map_err(|error| StorageError::Connection(Box::new(error)))?;
    let cache = match intent {
        Intent::Write => 16 * 1024,
        // Each reader has its own, and all of them together shall not outgrow the rest of the server. What it lacks,
        // the kernel has.
        Intent::Read => 2 * 1024,
    };
    connection.batch_execute(&format!(
        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA cache_size = -{cache}; PRAGMA temp_store = MEMORY;"
    ))?;
    if intent == Intent::Read {
        connection.batch_execute("PRAGMA query_only = ON;")?;
    }
    Ok(connection)
}
