//! World: what all simulated processes of a run share: the clock, the seed, the schedule and the log.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::{EventLog, Process, Tape, TapeKind};

/// The shared state of one run. Clones are the same world.
#[derive(Debug, Clone)]
pub struct World(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    seed: u64,
    started: Instant,
    epoch: Timestamp,
    schedule: Tape,
    log: EventLog,
    broken: Mutex<Vec<String>>,
    lives: AtomicU64,
}

/// The day every simulated world begins: a Monday morning.
const FIRST_DAY: i64 = 1_767_600_000;

impl World {
    /// Makes a world. Must be called inside [`run_in_virtual_time`].
    #[must_use]
    pub fn new(seed: u64, log: EventLog) -> Self {
        Self::beginning(FIRST_DAY, seed, log)
    }

    fn beginning(second: i64, seed: u64, log: EventLog) -> Self {
        let epoch = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        Self(Arc::new(Inner {
            seed,
            started: Instant::now(),
            epoch,
            schedule: Tape::new(seed, TapeKind::Schedule, ""),
            log,
            broken: Mutex::new(Vec::new()),
            lives: AtomicU64::new(0),
        }))
    }

    /// Makes a world whose calendar is a day behind, for what must have happened before a run.
    #[must_use]
    pub fn a_day_before(seed: u64, log: EventLog) -> Self {
        Self::beginning(FIRST_DAY - 24 * 3600, seed, log)
    }

    /// Returns the seed everything comes from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.0.seed
    }

    /// Makes a tape of this world's seed.
    #[must_use]
    pub fn tape(&self, kind: TapeKind, part: &str) -> Tape {
        Tape::new(self.0.seed, kind, part)
    }

    /// Starts a process. The same name started again is its next life: with other randomness, as a real one.
    #[must_use]
    pub fn process(&self, name: &str) -> Process {
        let life = self.0.lives.fetch_add(1, Ordering::Relaxed);
        self.note(name, format_args!("starts"));
        Process::new(self.clone(), name, u32::try_from(life).unwrap_or(u32::MAX))
    }

    /// Returns the time since the world began.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.started.elapsed()
    }

    /// Returns the true time; processes may see another, see [`Process::skew_clock`].
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let nanoseconds = i128::try_from(self.elapsed().as_nanos()).unwrap_or_default();
        let epoch = self.0.epoch.as_nanosecond();
        Timestamp::from_nanosecond(epoch + nanoseconds).unwrap_or(self.0.epoch)
    }

    /// Waits in virtual time.
    #[expect(clippy::disallowed_methods, reason = "the simulated clock is tokio's paused one")]
    pub async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    pub(crate) fn schedule(&self) -> &Tape {
        &self.0.schedule
    }

    /// Adds to the event log.
    pub fn note(&self, who: &str, what: fmt::Arguments<'_>) {
        self.0.log.add(self.elapsed(), who, what);
    }

    /// Returns the event log.
    #[must_use]
    pub fn log(&self) -> &EventLog {
        &self.0.log
    }

    /// Records that something happened which must never happen; the run has failed.
    pub fn broken(&self, what: String) {
        self.note("BROKEN", format_args!("{what}"));
        self.0.broken.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    /// Returns what must never have happened.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        self.0.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Runs `future` on this thread alone, where time passes only while everything waits.
///
/// # Errors
/// When the runtime cannot be made.
pub fn run_in_virtual_time<F: Future>(future: F) -> std::io::Result<F::Output> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    Ok(runtime.block_on(future))
}
