//! Store: the engine's port on one SQLite connection. It has no thread of its own; work runs where the runtime says.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use engine::{Durability, JournalEntry, StateChange, StateError, StateStore, StoredState};
use runtime::Runtime;
use rusqlite::{Connection, TransactionBehavior};

use crate::failure::state_error;
use crate::open::{Found, open};
use crate::rows;

/// The state of one root.
pub struct SqliteState {
    runtime: Runtime,
    inner: Arc<Mutex<Inner>>,
    found: Found,
}

struct Inner {
    connection: Connection,
    /// What was loaded by the check when opening; given to the first load, dropped by the first commit.
    loaded: Option<StoredState>,
    durability: Durability,
}

impl SqliteState {
    /// Opens or creates the database at `path`, which must be on a local disk of its own process.
    ///
    /// # Errors
    /// [`StateError::Locked`] while another process holds it, [`StateError::Failed`] when it cannot be used. A
    /// damaged database is no error: it is moved aside, and [`SqliteState::found`] says so.
    pub async fn open(runtime: Runtime, path: PathBuf) -> Result<Self, StateError> {
        let now = runtime.now();
        let opened = runtime.blocking(move || open(&path, now)).await.map_err(stopped)??;
        let inner = Inner {
            connection: opened.connection,
            loaded: Some(opened.state),
            // What opening left behind.
            durability: Durability::Full,
        };
        Ok(Self { runtime, inner: Arc::new(Mutex::new(inner)), found: opened.found })
    }

    /// Returns what was there when it was opened.
    #[must_use]
    pub fn found(&self) -> &Found {
        &self.found
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Inner) -> Result<T, StateError> + Send + 'static,
    ) -> Result<T, StateError> {
        let inner = Arc::clone(&self.inner);
        self.runtime
            .blocking(move || work(&mut inner.lock().unwrap_or_else(PoisonError::into_inner)))
            .await
            .map_err(stopped)?
    }
}

impl std::fmt::Debug for SqliteState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteState").field("found", &self.found).finish_non_exhaustive()
    }
}

#[async_trait]
impl StateStore for SqliteState {
    async fn load(&self) -> Result<StoredState, StateError> {
        self.with(|inner| match inner.loaded.take() {
            Some(state) => Ok(state),
            None => rows::load_all(&inner.connection).map_err(state_error),
        })
        .await
    }

    async fn commit(&self, change: StateChange) -> Result<(), StateError> {
        self.with(move |inner| inner.commit(&change).map_err(state_error)).await
    }

    async fn journal(&self, limit: usize) -> Result<Vec<JournalEntry>, StateError> {
        self.with(move |inner| rows::newest(&inner.connection, limit).map_err(state_error)).await
    }
}

impl Inner {
    fn commit(&mut self, change: &StateChange) -> rusqlite::Result<()> {
        self.loaded = None;
        if self.durability != change.durability {
            let level = match change.durability {
                Durability::Observation => "NORMAL",
                Durability::Full => "FULL",
            };
            self.connection.pragma_update(None, "synchronous", level)?;
            self.durability = change.durability;
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        rows::apply(&transaction, change)?;
        transaction.commit()
    }
}

fn stopped(error: runtime::BlockingFailed) -> StateError {
    StateError::Failed(error.to_string())
}
