//! Event log: everything that happened in a run, as a running BLAKE3. Two runs of a seed are equal when their
//! hashes are; with the lines kept, the first difference can be shown.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The hash of a whole log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHash([u8; 32]);

impl fmt::Display for LogHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..8].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What the log does with its lines besides hashing them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Nothing,
    Lines,
    Print,
}

#[derive(Debug)]
struct Inner {
    hasher: blake3::Hasher,
    keep: Keep,
    lines: Vec<String>,
    count: u64,
}

/// The log of one run.
#[derive(Debug)]
pub struct EventLog(Mutex<Inner>);

impl EventLog {
    /// Makes a log that only hashes.
    #[must_use]
    pub fn hashing() -> Self {
        Self::with(Keep::Nothing)
    }

    /// Makes a log that keeps its lines, to compare two runs.
    #[must_use]
    pub fn keeping() -> Self {
        Self::with(Keep::Lines)
    }

    /// Makes a log that prints its lines as they come.
    #[must_use]
    pub fn printing() -> Self {
        Self::with(Keep::Print)
    }

    fn with(keep: Keep) -> Self {
        Self(Mutex::new(Inner { hasher: blake3::Hasher::new(), keep, lines: Vec::new(), count: 0 }))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line: when (virtual), who, what.
    pub fn add(&self, at: Duration, who: &str, what: fmt::Arguments<'_>) {
        let line = format!("{:>10.3} {who:<10} {what}\n", at.as_secs_f64());
        let mut inner = self.inner();
        inner.hasher.update(line.as_bytes());
        inner.count += 1;
        match inner.keep {
            Keep::Nothing => {}
            Keep::Lines => inner.lines.push(line),
            Keep::Print => print!("{line}"),
        }
    }

    /// Returns the hash of everything so far.
    #[must_use]
    pub fn hash(&self) -> LogHash {
        LogHash(*self.inner().hasher.finalize().as_bytes())
    }

    /// Returns the number of lines so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.inner().count
    }

    /// Returns the kept lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.inner().lines.clone()
    }
}
