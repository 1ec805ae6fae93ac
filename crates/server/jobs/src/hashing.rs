//! Hashing: has the SHA-256 of stored contents made, beside everything else and never in its way.

use std::error::Error;
use std::time::Duration;

use content::{ContentStore, Hashed, Hasher};
use futures_util::future::{Either, select};
use runtime::Runtime;
use storage::{Operator, Store};
use tokio::sync::watch;

/// How often is looked for new contents.
const LOOK: Duration = Duration::from_secs(2);
/// The pause after a failure of the database.
const PAUSE: Duration = Duration::from_secs(30);
/// The shortest pause between two steps; a step is followed by one as long as itself, so that this takes at most half
/// of one processor.
const BREATH: Duration = Duration::from_millis(20);

/// Makes hashes until it is stopped.
pub struct Hashing {
    hasher: Hasher,
    runtime: Runtime,
}

impl Hashing {
    /// Makes it; [`Self::run`] starts it.
    #[must_use]
    pub fn new(store: Store, runtime: Runtime, contents: ContentStore) -> Self {
        Self { hasher: Hasher::new(Operator::new(store), contents), runtime }
    }

    /// Works until `stop` becomes true or its sender is gone. A content that is being read then is left and read from
    /// its start after the next start.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let work = Box::pin(async {
                let pause = self.step().await;
                self.runtime.sleep(pause).await;
            });
            let stopping = Box::pin(stop.wait_for(|stop| *stop));
            if let Either::Left((_stopped_or_gone, _)) = select(stopping, work).await {
                return;
            }
        }
    }

    /// Does what is due, a little of it, and returns how long to pause.
    async fn step(&self) -> Duration {
        let started = self.runtime.elapsed();
        match self.hasher.step().await {
            Ok(Hashed { made: 0, unreadable: 0 }) => LOOK,
            Ok(hashed) => {
                if hashed.unreadable > 0 {
                    tracing::warn!(
                        contents = hashed.unreadable,
                        "contents could not be read to be hashed; they are tried again later"
                    );
                }
                self.runtime.elapsed().saturating_sub(started).max(BREATH)
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn Error, "hashes of contents cannot be made");
                PAUSE
            }
        }
    }
}
