//! Task: a running piece of work that ends with its handle.

use tokio::task::{AbortHandle, JoinHandle};

/// A spawned task. Dropping it aborts the work, so nothing outlives its owner by accident.
#[derive(Debug)]
pub struct Task {
    handle: Option<JoinHandle<()>>,
}

impl Task {
    /// Wraps a tokio handle; for backends.
    #[must_use]
    pub fn from_handle(handle: JoinHandle<()>) -> Self {
        Self { handle: Some(handle) }
    }

    /// Lets the task run on without a handle.
    pub fn detach(mut self) {
        self.handle = None;
    }

    /// Ends the task at its next wait.
    pub fn abort(&self) {
        if let Some(handle) = &self.handle {
            handle.abort();
        }
    }

    /// Returns a handle that can end the task without owning it.
    #[must_use]
    pub fn abort_handle(&self) -> Option<AbortHandle> {
        self.handle.as_ref().map(JoinHandle::abort_handle)
    }

    /// Waits until the task ended, whichever way.
    pub async fn join(mut self) {
        if let Some(handle) = self.handle.as_mut() {
            // A panic was already reported by the panic hook; there is nothing to add here.
            let _ended = handle.await;
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.abort();
    }
}
