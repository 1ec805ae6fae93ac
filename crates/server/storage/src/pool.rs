//! Readers of SQLite: a few connections opened on demand and kept. PostgreSQL has r2d2's pool instead.

use std::sync::{Condvar, Mutex, PoisonError};

use diesel::SqliteConnection;

use crate::StorageError;

/// Most readers at once.
const MOST: usize = 8;

struct State {
    idle: Vec<SqliteConnection>,
    open: usize,
}

/// A bounded set of reading connections.
pub(crate) struct ReaderPool {
    state: Mutex<State>,
    freed: Condvar,
}

impl ReaderPool {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State { idle: Vec::new(), open: 0 }), freed: Condvar::new() }
    }

    /// Takes a connection, opening one while there are few; waits when all are in use.
    pub(crate) fn take(
        &self,
        open: impl FnOnce() -> Result<SqliteConnection, StorageError>,
    ) -> Result<SqliteConnection, StorageError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(connection);
            }
            if state.open < MOST {
                state.open += 1;
                drop(state);
                return open().inspect_err(|_| self.forget());
            }
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Gives a healthy connection back.
    pub(crate) fn give(&self, connection: SqliteConnection) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).idle.push(connection);
        self.freed.notify_one();
    }

    /// Counts a connection as gone.
    pub(crate) fn forget(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).open -= 1;
        self.freed.notify_one();
    }
}
