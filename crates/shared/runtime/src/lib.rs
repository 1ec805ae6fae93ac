//! Runtime: the one handle through which server and client reach time, randomness, tasks and blocking work.
//!
//! Entry point: [`Runtime`]. A program makes one with [`Runtime::tokio`]; the simulation hands out its own
//! [`Backend`] with virtual time and seeded randomness, so that the same code replays from one seed.
//!
//! Invariants: nothing else in the tree asks the operating system for the time or for random bytes, and nothing
//! else spawns. `clippy.toml` forbids the calls. Futures given to a `Runtime` must not depend on the order of a
//! hash map or on `select!` without `biased`, because both would break replay.
//!
//! Deliberately unknown here: files, sockets, databases.

mod allocator;
mod backend;
mod task;
mod tokio_backend;

pub use allocator::bound_arenas;
pub use backend::{Backend, BoxFuture};
pub use jiff::Timestamp;
pub use task::Task;

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};

/// A cheap handle to time, randomness, tasks and blocking work.
#[derive(Clone)]
pub struct Runtime(Arc<dyn Backend>);

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Runtime")
    }
}

/// The time allowed for an operation passed before it finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed;

impl std::fmt::Display for Elapsed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the time allowed for this step has passed")
    }
}

impl std::error::Error for Elapsed {}

/// Blocking work ended without a result because it panicked or the runtime is shutting down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockingFailed;

impl std::fmt::Display for BlockingFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("blocking work ended without a result")
    }
}

impl std::error::Error for BlockingFailed {}

impl Runtime {
    /// Wraps a backend; only the simulation and tests need this.
    pub fn new(backend: impl Backend) -> Self {
        Self(Arc::new(backend))
    }

    /// Returns the real runtime: the system's clock and randomness, tasks and blocking threads of tokio.
    ///
    /// Its methods must be called inside a tokio runtime.
    #[must_use]
    pub fn tokio() -> Self {
        Self::new(tokio_backend::TokioBackend::new())
    }

    /// Returns the wall-clock time. It may jump; never order events of two machines by it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// Returns the time since this runtime started. It never goes back.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Waits for `duration`.
    pub fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration)
    }

    /// Runs `future`, giving up after `limit`.
    ///
    /// # Errors
    /// [`Elapsed`] when the time passed first; the future is dropped.
    pub async fn timeout<F: Future>(&self, limit: Duration, future: F) -> Result<F::Output, Elapsed> {
        match select(Box::pin(future), self.sleep(limit)).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right(((), _)) => Err(Elapsed),
        }
    }

    /// Starts a task. `name` is for logs. Dropping the returned [`Task`] ends the task; see [`Task::detach`].
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) -> Task {
        self.0.spawn(name, Box::pin(task))
    }

    /// Runs `work` where blocking is allowed and returns its result. Under simulation it runs inline.
    ///
    /// # Errors
    /// [`BlockingFailed`] when the work panicked or the runtime is shutting down.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, BlockingFailed> {
        let slot = Arc::new(Mutex::new(None));
        let writer = Arc::clone(&slot);
        self.0
            .run_blocking(Box::new(move || {
                let value = work();
                *writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            }))
            .await;
        slot.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or(BlockingFailed)
    }

    /// Fills `bytes` with randomness fit for keys and tokens.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    /// Returns `N` random bytes fit for keys and tokens.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// Returns a random (version 4) UUID.
    #[must_use]
    pub fn uuid(&self) -> uuid::Uuid {
        uuid::Builder::from_random_bytes(self.random()).into_uuid()
    }
}
