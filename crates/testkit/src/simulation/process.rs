//! Process: one simulated process. Its [`Runtime`] runs everything on the world's thread and virtual clock, and a
//! crash ends all of its tasks at once: what the dying tasks still try has no effect, because the disk, the network
//! and the database ask [`Process::is_alive`] first.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use runtime::{Backend, BoxFuture, Runtime, Task};
use tokio::task::AbortHandle;

use super::{Signal, Tape, World};

/// A simulated process. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Process(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    world: World,
    name: String,
    randomness: Tape,
    alive: Signal<bool>,
    skew_ms: AtomicI64,
    tasks: Mutex<Vec<AbortHandle>>,
}

impl Process {
    pub(crate) fn new(world: World, name: &str, life: u32) -> Self {
        let randomness = Tape::of_process(world.seed(), name, life);
        Self(Arc::new(Inner {
            world,
            name: name.to_owned(),
            randomness,
            alive: Signal::new(true),
            skew_ms: AtomicI64::new(0),
            tasks: Mutex::new(Vec::new()),
        }))
    }

    /// Returns the handle the product's code gets.
    #[must_use]
    pub fn runtime(&self) -> Runtime {
        Runtime::new(self.clone())
    }

    /// Returns the process's name in the log.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the world it lives in.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.0.world
    }

    /// Tells whether it still runs; everything with an effect outside must ask.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.0.alive.get()
    }

    /// Sets how far its clock is wrong.
    pub fn skew_clock(&self, milliseconds: i64) {
        self.0.skew_ms.store(milliseconds, Ordering::Relaxed);
    }

    /// Adds to the event log in its name.
    pub fn note(&self, what: fmt::Arguments<'_>) {
        self.0.world.note(self.name(), what);
    }

    /// Stops it between two instructions: nothing it does from now on has an effect. Its tasks are still to be
    /// cleared away with [`Process::crash`].
    pub fn die(&self) {
        if self.0.alive.set(false) {
            self.note(format_args!("dies"));
        }
    }

    /// Completes when it is dead.
    pub async fn death(&self) {
        self.0.alive.wait_for(|alive| !alive).await;
    }

    /// Kills it and waits until nothing of it runs.
    pub async fn crash(&self) {
        self.die();
        loop {
            let tasks = std::mem::take(&mut *self.tasks());
            let mut running = Vec::new();
            for task in tasks {
                task.abort();
                if !task.is_finished() {
                    running.push(task);
                }
            }
            if running.is_empty() {
                return;
            }
            self.tasks().extend(running);
            tokio::task::yield_now().await;
        }
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, Vec<AbortHandle>> {
        self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets others go first, sometimes for a little while: this is what explores different orders of events.
    async fn wait_for_turn(self) {
        let schedule = self.0.world.schedule();
        match schedule.below(16) {
            0..8 => {}
            8..14 => {
                for _ in 0..=schedule.below(3) {
                    tokio::task::yield_now().await;
                }
            }
            _ => self.0.world.sleep(Duration::from_millis(1 + schedule.below(5))).await,
        }
    }

    /// Starts a task that belongs to this process.
    #[expect(clippy::disallowed_methods, reason = "this is the Runtime behind which spawning is allowed")]
    fn start(&self, name: &'static str, task: BoxFuture<'static, ()>) -> Task {
        let process = self.clone();
        let handle = tokio::spawn(async move {
            process.clone().wait_for_turn().await;
            if AssertUnwindSafe(task).catch_unwind().await.is_err() && process.is_alive() {
                process.0.world.broken(format!("task `{name}` of {} panicked", process.name()));
            }
        });
        let mut tasks = self.tasks();
        if tasks.len() >= 64 {
            tasks.retain(|task| !task.is_finished());
        }
        if !self.is_alive() {
            handle.abort();
        }
        tasks.push(handle.abort_handle());
        Task::from_handle(handle)
    }
}

impl Backend for Process {
    fn now(&self) -> Timestamp {
        let skew = SignedDuration::from_millis(self.0.skew_ms.load(Ordering::Relaxed));
        self.0.world.now().checked_add(skew).unwrap_or_else(|_| self.0.world.now())
    }

    fn elapsed(&self) -> Duration {
        self.0.world.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let world = self.0.world.clone();
        Box::pin(async move { world.sleep(duration).await })
    }

    fn spawn(&self, name: &'static str, task: BoxFuture<'static, ()>) -> Task {
        self.note(format_args!("spawns {name}"));
        self.start(name, task)
    }

    /// As on the real runtime the work is done also when nobody waits for it any more.
    fn run_blocking(&self, work: Box<dyn FnOnce() + Send>) -> BoxFuture<'static, ()> {
        let process = self.clone();
        let (ended, end) = tokio::sync::oneshot::channel::<()>();
        let task = self.start(
            "blocking work",
            Box::pin(async move {
                // Dropped when this task ends, whichever way.
                let _ended = ended;
                if process.is_alive() {
                    work();
                }
                process.wait_for_turn().await;
            }),
        );
        task.detach();
        Box::pin(async move {
            let _dropped = end.await;
        })
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.0.randomness.fill(bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::super::{EventLog, LogHash, World, run_in_virtual_time};

    /// Some tasks that wait, block and draw random bytes; returns the log's hash.
    fn run(seed: u64) -> LogHash {
        run_in_virtual_time(async {
            let world = World::new(seed, EventLog::hashing());
            let process = world.process("p");
            let runtime = process.runtime();
            let mut tasks = Vec::new();
            for number in 0..20_u64 {
                let (process, runtime) = (process.clone(), runtime.clone());
                tasks.push(process.runtime().spawn("t", async move {
                    let random: [u8; 4] = runtime.random();
                    runtime.sleep(Duration::from_millis(number % 3)).await;
                    let sum =
                        runtime.blocking(move || random.iter().map(|b| u64::from(*b)).sum::<u64>()).await;
                    process.note(format_args!("{number} {sum:?}"));
                }));
            }
            for task in tasks {
                task.join().await;
            }
            assert!(world.log().count() > 40);
            world.log().hash()
        })
        .unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_log_and_another_seed_another() {
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn a_crashed_process_does_nothing_more() {
        run_in_virtual_time(async {
            let world = World::new(1, EventLog::hashing());
            let process = world.process("p");
            let ticks = Arc::new(AtomicU32::new(0));
            let counter = Arc::clone(&ticks);
            let runtime = process.runtime();
            let sleeper = runtime.clone();
            runtime
                .spawn("ticker", async move {
                    loop {
                        sleeper.sleep(Duration::from_secs(1)).await;
                        counter.fetch_add(1, Ordering::Relaxed);
                    }
                })
                .detach();
            world.sleep(Duration::from_millis(3500)).await;
            process.crash().await;
            world.sleep(Duration::from_secs(10)).await;
            assert_eq!(ticks.load(Ordering::Relaxed), 3);
            let blocked = runtime.blocking(|| 1).await;
            assert!(blocked.is_err());
        })
        .unwrap();
    }

    #[test]
    fn a_panicking_task_fails_the_run() {
        run_in_virtual_time(async {
            let world = World::new(1, EventLog::hashing());
            let runtime = world.process("p").runtime();
            runtime.spawn("bad", async { std::panic::resume_unwind(Box::new("bad")) }).join().await;
            assert_eq!(world.failures().len(), 1);
        })
        .unwrap();
    }

    #[test]
    fn blocking_work_goes_on_when_nobody_waits_for_it() {
        run_in_virtual_time(async {
            let world = World::new(1, EventLog::hashing());
            let runtime = world.process("p").runtime();
            let done = Arc::new(AtomicU32::new(0));
            let counter = Arc::clone(&done);
            let mut waiting = Box::pin(runtime.blocking(move || counter.fetch_add(1, Ordering::Relaxed)));
            assert!(futures_util::poll!(&mut waiting).is_pending());
            drop(waiting);
            world.sleep(Duration::from_secs(1)).await;
            assert_eq!(done.load(Ordering::Relaxed), 1);
        })
        .unwrap();
    }
}
