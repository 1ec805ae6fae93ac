//! Clock: the real runtime with a wall clock that tests move, so that tokens, codes and permissions can end.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use model::Timestamp;
use runtime::{Backend, BoxFuture, Runtime, Task};

/// Moves a runtime's wall clock.
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// Moves the clock forward, or back by a negative number.
    pub fn move_on(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Makes the runtime that reads this clock.
    #[must_use]
    pub fn runtime(&self) -> Runtime {
        Runtime::new(Moved { inner: Runtime::tokio(), clock: self.clone() })
    }
}

struct Moved {
    inner: Runtime,
    clock: Clock,
}

impl Backend for Moved {
    fn now(&self) -> Timestamp {
        let moved = self.inner.now().as_microsecond() + self.clock.0.load(Ordering::SeqCst) * 1_000_000;
        Timestamp::from_microsecond(moved).expect("a time")
    }

    fn elapsed(&self) -> Duration {
        self.inner.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.inner.sleep(duration)
    }

    fn spawn(&self, name: &'static str, task: BoxFuture<'static, ()>) -> Task {
        self.inner.spawn(name, task)
    }

    fn run_blocking(&self, work: Box<dyn FnOnce() + Send>) -> BoxFuture<'static, ()> {
        let inner = self.inner.clone();
        Box::pin(async move {
            let _ended = inner.blocking(work).await;
        })
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.inner.fill(bytes);
    }
}
