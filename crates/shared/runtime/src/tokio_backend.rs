//! The real backend: the system's clock and randomness, tokio's tasks and blocking threads.
#![expect(clippy::disallowed_methods, reason = "this file is the one place that may call them")]

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::{Backend, BoxFuture, Task};

/// See the module's header.
pub(crate) struct TokioBackend {
    started: Instant,
}

impl TokioBackend {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Backend for TokioBackend {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn spawn(&self, _name: &'static str, task: BoxFuture<'static, ()>) -> Task {
        Task::from_handle(tokio::spawn(task))
    }

    fn run_blocking(&self, work: Box<dyn FnOnce() + Send>) -> BoxFuture<'static, ()> {
        let running = tokio::task::spawn_blocking(work);
        Box::pin(async move {
            // A panic was reported by the panic hook; the caller sees the missing result.
            let _ended = running.await;
        })
    }

    fn fill(&self, bytes: &mut [u8]) {
        // The kernel's generator fails only where the system is too broken to go on with any key or token.
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Runtime;

    #[tokio::test]
    async fn blocking_work_that_panics_is_an_error_not_a_hang() {
        let runtime = Runtime::tokio();
        assert_eq!(runtime.blocking(|| 7).await, Ok(7));
        let panicked: Result<(), _> = runtime.blocking(|| std::panic::resume_unwind(Box::new("gone"))).await;
        assert!(panicked.is_err());
    }

    #[tokio::test]
    async fn a_dropped_task_ends() {
        let runtime = Runtime::tokio();
        let (sender, mut receiver) = tokio::sync::mpsc::channel::<()>(1);
        let task = runtime.spawn("held", async move {
            let _held = sender;
            std::future::pending::<()>().await;
        });
        drop(task);
        assert!(receiver.recv().await.is_none());
    }
}
