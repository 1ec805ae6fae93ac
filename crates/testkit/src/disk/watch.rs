//! Watch: the queue of hints one life of the client gets. Hints come late, twice, or are lost with an overflow told
//! some time afterwards, as inotify does.

use std::sync::Arc;
use std::time::Duration;

use engine::LocalHint;
use sync_core::RelPath;
use tokio::sync::Notify;

use crate::simulation::Tape;

/// The queue.
#[derive(Debug)]
pub(crate) struct Watch {
    waiting: Vec<(Duration, Option<RelPath>)>,
    pub(crate) wake: Arc<Notify>,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self { waiting: Vec::new(), wake: Arc::new(Notify::new()) }
    }

    /// Something in a folder changed.
    pub(crate) fn add(&mut self, folder: &str, now: Duration, lost: bool, tape: &Tape) {
        if lost {
            // The kernel says so when the queue is read again.
            self.waiting.push((now + Duration::from_millis(50 + tape.below(5000)), None));
        } else if let Ok(path) = RelPath::try_from(folder.to_owned()) {
            let times = 1 + usize::from(tape.per_mille(100));
            for _ in 0..times {
                self.waiting.push((now + Duration::from_millis(tape.below(40)), Some(path.clone())));
            }
        }
        self.wake.notify_one();
    }

    /// Makes everything that happened ready now.
    pub(crate) fn flush(&mut self, now: Duration) {
        for (ready, _) in &mut self.waiting {
            *ready = now.min(*ready);
        }
        self.wake.notify_one();
    }

    /// Returns when the next hint is ready.
    pub(crate) fn next(&self) -> Option<Duration> {
        self.waiting.iter().map(|(ready, _)| *ready).min()
    }

    /// Takes what is ready.
    pub(crate) fn take(&mut self, now: Duration) -> Option<LocalHint> {
        let (ready, later): (Vec<_>, Vec<_>) = self.waiting.drain(..).partition(|(ready, _)| *ready <= now);
        self.waiting = later;
        if ready.is_empty() {
            return None;
        }
        let folders: Option<Vec<RelPath>> = ready.into_iter().map(|(_, folder)| folder).collect();
        Some(folders.map_or(LocalHint::Everything, LocalHint::Folders))
    }
}
