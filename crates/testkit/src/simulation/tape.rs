//! Tape: one stream of random choices. Each purpose has its own, so that a change in one (one more retry on the
//! network) does not change all the others, and a failing run can be made smaller one tape at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};

/// What the choices of a tape are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TapeKind {
    /// What simulated people do, and when.
    Workload,
    /// In which order tasks and blocking work run.
    Schedule,
    /// Latency and faults of requests.
    Network,
    /// Faults of disks and watchers, and what a crash destroys.
    FileSystem,
    /// Clock skew and jumps.
    Clock,
    /// Which process dies, and when.
    Crash,
}

impl TapeKind {
    fn label(self) -> &'static str {
        match self {
            Self::Workload => "workload",
            Self::Schedule => "schedule",
            Self::Network => "network",
            Self::FileSystem => "file system",
            Self::Clock => "clock",
            Self::Crash => "crash",
        }
    }
}

/// A stream of random choices; clones share it.
#[derive(Debug, Clone)]
pub struct Tape(Arc<Mutex<ChaCha8Rng>>);

impl Tape {
    /// Makes the tape of one purpose. `part` tells apart several of the same kind.
    #[must_use]
    pub fn new(seed: u64, kind: TapeKind, part: &str) -> Self {
        Self::labelled(seed, kind.label(), part)
    }

    /// Makes the randomness of one process.
    pub(crate) fn of_process(seed: u64, name: &str, life: u32) -> Self {
        Self::labelled(seed, "process", &format!("{name} {life}"))
    }

    fn labelled(seed: u64, label: &str, part: &str) -> Self {
        let key = blake3::hash(format!("{seed} {label} {part}").as_bytes());
        Self(Arc::new(Mutex::new(ChaCha8Rng::from_seed(*key.as_bytes()))))
    }

    fn rng(&self) -> MutexGuard<'_, ChaCha8Rng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Chooses a number below `bound`; 0 when `bound` is 0.
    #[must_use]
    pub fn below(&self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.rng().random_range(0..bound) }
    }

    /// Chooses an index of a list with `length` entries; 0 when it is empty.
    #[must_use]
    pub fn index(&self, length: usize) -> usize {
        if length == 0 { 0 } else { self.rng().random_range(0..length) }
    }

    /// Says yes `parts` times of a thousand.
    #[must_use]
    pub fn per_mille(&self, parts: u32) -> bool {
        self.rng().random_range(0..1000) < parts
    }

    /// Chooses an entry; nothing when the list is empty.
    #[must_use]
    pub fn pick<'a, T>(&self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.index(list.len()))
    }

    /// Fills `bytes`.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.rng().fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tape_depends_on_its_seed_its_kind_and_its_part_only() {
        let draw = |tape: Tape| (0..4).map(|_| tape.below(u64::MAX)).collect::<Vec<_>>();
        let first = draw(Tape::new(1, TapeKind::Network, "a"));
        assert_eq!(first, draw(Tape::new(1, TapeKind::Network, "a")));
        assert_ne!(first, draw(Tape::new(2, TapeKind::Network, "a")));
        assert_ne!(first, draw(Tape::new(1, TapeKind::Schedule, "a")));
        assert_ne!(first, draw(Tape::new(1, TapeKind::Network, "b")));
    }
}
