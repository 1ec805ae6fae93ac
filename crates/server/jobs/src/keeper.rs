//! The keeper: housekeeping of bytes — collects garbage, reads back what is kept, forgets old answers — in small steps
//! between pauses, so that people's requests come first. Several server processes may each run one.

use std::error::Error;
use std::time::Duration;

use content::{Collector, ContentStore, Progress, Round, Scrubber};
use futures_util::future::{Either, select};
use model::Timestamp;
use runtime::Runtime;
use storage::{Commit, Operator, StorageError, Store, Unaudited};
use tokio::sync::watch;

/// The pause between two steps.
const STEP: Duration = Duration::from_millis(200);
/// How long after a start the first round of garbage begins.
const FIRST_ROUND: Duration = Duration::from_secs(60);
/// How long after a round of garbage the next one begins.
const ROUND: Duration = Duration::from_secs(3_600);
/// Every so many rounds everything in storage is listed, to find objects that nothing ever referred to.
const STRAY_ROUND: u64 = 24;
/// How often a few chunks are read back: about two megabytes a second.
const SCRUB: Duration = Duration::from_secs(5);
/// How often it is looked whether chunks are to be read back again, once all were.
const SCRUB_REST: Duration = Duration::from_secs(600);
/// How often old answers to operations are looked for.
const TRIM: Duration = Duration::from_secs(60);
/// How long the answer to an operation is kept; a client that comes back later compares everything anyway.
const KEPT: Duration = Duration::from_secs(90 * 24 * 3_600);
/// Answers forgotten in one transaction.
const TRIM_AT_ONCE: i64 = 500;

/// Keeps the place where bytes lie in order.
pub struct Keeper {
    operator: Operator,
    runtime: Runtime,
    collector: Collector,
    scrubber: Scrubber,
    collecting: bool,
    rounds: u64,
    next_round: Duration,
    next_scrub: Duration,
    next_trim: Duration,
}

impl Keeper {
    /// Makes a keeper; [`Self::run`] starts it.
    #[must_use]
    pub fn new(store: Store, runtime: Runtime, contents: ContentStore) -> Self {
        let operator = Operator::new(store);
        let started = runtime.elapsed();
        Self {
            collector: Collector::new(operator.clone(), contents.clone()),
            scrubber: Scrubber::new(operator.clone(), contents),
            operator,
            collecting: false,
            rounds: 0,
            next_round: started + FIRST_ROUND,
            next_scrub: started + FIRST_ROUND,
            next_trim: started + FIRST_ROUND,
            runtime,
        }
    }

    /// Works until `stop` becomes true or its sender is gone. A step that is being done is finished first.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            self.step().await;
            let pause = self.pause();
            let stopping = Box::pin(stop.wait_for(|stop| *stop));
            if let Either::Left((_stopped_or_gone, _)) = select(stopping, self.runtime.sleep(pause)).await {
                return;
            }
        }
    }

    /// How long until something is due; a moment while there is more to do at once.
    fn pause(&self) -> Duration {
        let round = if self.collecting { Duration::ZERO } else { self.next_round };
        let next = round.min(self.next_scrub).min(self.next_trim);
        next.saturating_sub(self.runtime.elapsed()).max(STEP)
    }

    /// Does what is due now, a little of each.
    pub async fn step(&mut self) {
        let now = self.runtime.elapsed();
        if self.collecting || now >= self.next_round {
            self.collect(now).await;
        }
        if now >= self.next_scrub {
            self.next_scrub = now + if self.scrub().await { SCRUB } else { SCRUB_REST };
        }
        if now >= self.next_trim {
            match self.trim().await {
                Ok(forgotten) if forgotten > 0 => {}
                Ok(_) => self.next_trim = now + TRIM,
                Err(error) => {
                    self.next_trim = now + TRIM;
                    tracing::error!(error = &error as &dyn Error, "old answers could not be forgotten");
                }
            }
        }
    }

    async fn collect(&mut self, now: Duration) {
        let stray = (self.rounds + 1).is_multiple_of(STRAY_ROUND);
        let round = if stray { Round::AlsoStray } else { Round::Forgotten };
        let done = self.collector.step(round).await;
        self.collecting = matches!(done, Ok(Progress::More));
        if !self.collecting {
            self.rounds += 1;
            self.next_round = now + ROUND;
        }
        if let Err(error) = done {
            tracing::error!(error = &error as &dyn Error, "a round of collecting garbage was given up");
        }
    }

    /// Reads a few chunks back; returns whether a round is going on.
    async fn scrub(&self) -> bool {
        match self.scrubber.step().await {
            Ok(found) => {
                if found.damaged > 0 {
                    tracing::error!(
                        chunks = found.damaged,
                        "stored bytes are damaged; run `footbridge-server doctor`"
                    );
                }
                found.read > 0
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "stored bytes could not be read back");
                true
            }
        }
    }

    async fn trim(&self) -> Result<usize, StorageError> {
        let before = self.runtime.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        self.operator
            .write(move |cloud| {
                let forgotten = cloud.delete_operations_before(before, TRIM_AT_ONCE)?;
                Ok(Commit::unaudited(forgotten, Unaudited::Housekeeping))
            })
            .await
    }
}
