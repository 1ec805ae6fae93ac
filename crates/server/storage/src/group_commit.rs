//! Group commit: SQLite's one writer takes every unit of work that waits and commits them together.
//!
//! Each unit runs in its own savepoint, so one that fails undoes only itself. A unit hears of its success after the
//! commit, never before. Under load this turns many syncs of the log into one.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::StorageError;
use crate::connection::{Connection, Intent};

/// Most units in one commit, so that none waits long.
const MOST: usize = 64;

/// Whether a unit's changes shall be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Keep,
    Undo,
}

/// One unit of work waiting for the writer.
pub(crate) struct Unit {
    /// Does the work; must not panic (callers catch).
    pub(crate) run: Box<dyn FnOnce(&mut Connection) -> Verdict + Send>,
    /// Hears how the commit ended. Called once, for kept and undone units alike.
    pub(crate) done: Box<dyn FnOnce(Result<(), StorageError>) + Send>,
}

/// The writer and its queue.
pub(crate) struct GroupCommit {
    writer: Mutex<Connection>,
    queue: Mutex<VecDeque<Unit>>,
}

impl GroupCommit {
    pub(crate) fn new(writer: Connection) -> Self {
        Self { writer: Mutex::new(writer), queue: Mutex::new(VecDeque::new()) }
    }

    /// Queues a unit; some later [`Self::drain`] runs it.
    pub(crate) fn push(&self, unit: Unit) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(unit);
    }

    /// Runs what waits. Blocks while another thread writes; then often nothing is left to do.
    pub(crate) fn drain(&self) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let units: Vec<Unit> = {
                let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
                let count = queue.len().min(MOST);
                queue.drain(..count).collect()
            };
            if units.is_empty() {
                return;
            }
            commit_together(&mut writer, units);
        }
    }

    /// Runs `work` on the writer outside a transaction; for migrations and closing.
    pub(crate) fn with_writer<T>(&self, work: impl FnOnce(&mut Connection) -> T) -> T {
        work(&mut self.writer.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn commit_together(writer: &mut Connection, units: Vec<Unit>) {
    let mut waiting = Vec::with_capacity(units.len());
    let mut outcome = writer.begin(Intent::Write);
    for unit in units {
        if outcome.is_ok() {
            outcome = run_in_savepoint(writer, unit.run);
        }
        waiting.push(unit.done);
    }
    let outcome = match outcome {
        Ok(()) => writer.commit(),
        Err(error) => {
            // The first error is what happened; one of undoing it would only hide it.
            let _undone = writer.roll_back();
            Err(error)
        }
    };
    let failed = outcome.err();
    let mut failed = failed.map(Some);
    for done in waiting {
        done(match &mut failed {
            None => Ok(()),
            Some(error) => Err(error.take().unwrap_or(StorageError::Interrupted)),
        });
    }
}

fn run_in_savepoint(
    writer: &mut Connection,
    run: Box<dyn FnOnce(&mut Connection) -> Verdict + Send>,
) -> Result<(), StorageError> {
    writer.begin(Intent::Write)?;
    match run(writer) {
        Verdict::Keep => writer.commit(),
        Verdict::Undo => writer.roll_back(),
    }
}
