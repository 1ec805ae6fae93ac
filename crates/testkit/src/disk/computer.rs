//! Computer: what outlives the sync client's process: files, the watch queue's losses, and the person at the keyboard.
//!
//! A process that is killed loses nothing of this. A power loss takes back the last steps that no barrier made
//! durable, in order, as a journaling file system does, and empties files whose bytes had not reached the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sync_core::{CONTROL_FOLDER, Fingerprint, ItemId, LocalId};

use super::watch::Watch;
use super::{FileTable, TOP};
use crate::simulation::{Tape, TapeKind, World};

/// Name of the stage folder inside the control folder.
pub(crate) const STAGE: &str = "stage";
/// Name of the trash inside the control folder.
pub(crate) const TRASH: &str = "trash";
/// Most states kept that a power loss may fall back to.
const MOST_FALLBACKS: usize = 32;

/// A file that left the tree and may still be written by a program that holds it open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parked {
    pub(crate) item: Option<ItemId>,
    pub(crate) name: String,
    /// Length and modification time when it was parked.
    pub(crate) as_parked: (u64, i64),
    pub(crate) since: Duration,
    pub(crate) watched: bool,
}

/// Everything a power loss may take back.
#[derive(Debug, Clone)]
pub(crate) struct DiskState {
    pub(crate) table: FileTable,
    pub(crate) parked: BTreeMap<String, Parked>,
    pub(crate) finished: BTreeSet<String>,
    /// What open stages shall hold.
    pub(crate) manifests: BTreeMap<String, transfer::Manifest>,
    pub(crate) rescued: Vec<(String, Arc<[u8]>)>,
    pub(crate) next_parked: u64,
}

/// Which faults the disk has now.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiskFaults {
    /// Of a thousand reads and steps, how many fail with EIO.
    pub io_per_mille: u32,
    /// Of a thousand stagings, how many find the disk full.
    pub full_per_mille: u32,
    /// Of a thousand batches of watch events, how many are lost (an overflow is told later).
    pub overflow_per_mille: u32,
    /// The folder is not mounted.
    pub unmounted: bool,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) disk: DiskState,
    fallbacks: Vec<DiskState>,
    /// Files a program has open for writing.
    pub(crate) writers: BTreeSet<(u64, i64)>,
    pub(crate) watch: Option<Watch>,
    pub(crate) faults: DiskFaults,
    /// The process dies when this many more steps were taken.
    pub(crate) dies_after: Option<u64>,
    last_time: i64,
}

/// A simulated computer with one synced folder. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Computer {
    inner: Arc<Mutex<Inner>>,
    world: World,
    name: Arc<str>,
    tape: Tape,
}

impl Computer {
    /// Makes a computer with an empty folder.
    #[must_use]
    pub fn new(world: &World, name: &str) -> Self {
        let mut table = FileTable::default();
        // The table is empty, so these names are free.
        if let Ok(control) = table.make_folder(TOP, CONTROL_FOLDER, 1) {
            let _stage = table.make_folder(control, STAGE, 1);
            let _trash = table.make_folder(control, TRASH, 1);
        }
        table.make_durable();
        let disk = DiskState {
            table,
            parked: BTreeMap::new(),
            finished: BTreeSet::new(),
            manifests: BTreeMap::new(),
            rescued: Vec::new(),
            next_parked: 0,
        };
        let inner = Inner {
            disk,
            fallbacks: Vec::new(),
            writers: BTreeSet::new(),
            watch: None,
            faults: DiskFaults::default(),
            dies_after: None,
            last_time: 0,
        };
        Self {
            inner: Arc::new(Mutex::new(inner)),
            world: world.clone(),
            name: Arc::from(name),
            tape: world.tape(TapeKind::FileSystem, name),
        }
    }

    pub(crate) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn tape(&self) -> &Tape {
        &self.tape
    }

    /// Returns its name in the log.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sets the disk's faults.
    pub fn set_faults(&self, faults: DiskFaults) {
        self.inner().faults = faults;
    }

    /// Lets the client's process die after so many more of its steps on disk.
    pub fn die_after(&self, steps: u64) {
        self.inner().dies_after = Some(steps);
    }

    /// Takes a planned death back.
    pub fn live_on(&self) {
        self.inner().dies_after = None;
    }

    /// Returns the time for the next change on disk, in nanoseconds; never twice the same.
    pub(crate) fn tick(&self, inner: &mut Inner) -> i64 {
        let now = i64::try_from(self.world.now().as_nanosecond()).unwrap_or(i64::MAX);
        inner.last_time = now.max(inner.last_time + 1);
        inner.last_time
    }

    /// Takes the power away: steps of the client since its last barrier may be undone, newest first.
    pub fn lose_power(&self) {
        let mut inner = self.inner();
        let kept = self.tape.index(inner.fallbacks.len() + 1);
        let lost = inner.fallbacks.len() - kept;
        if lost > 0 {
            inner.disk = inner.fallbacks.swap_remove(kept);
        }
        inner.fallbacks.clear();
        inner.writers.clear();
        inner.watch = None;
        inner.disk.table.lose_undurable_bytes();
        self.world.note(&self.name, format_args!("loses power and {lost} steps"));
    }

    /// Returns every content found anywhere: in the tree, in the trash, staged, rescued.
    #[must_use]
    pub fn all_contents(&self) -> BTreeSet<Arc<[u8]>> {
        let inner = self.inner();
        let table = &inner.disk.table;
        let files = table.inodes().filter_map(|inode| table.bytes(inode.number).ok());
        files.chain(inner.disk.rescued.iter().map(|(_, bytes)| Arc::clone(bytes))).collect()
    }

    /// Returns the synced folder as a person sees it: path → content, none for a folder.
    #[must_use]
    pub fn tree(&self) -> BTreeMap<String, Option<Arc<[u8]>>> {
        let inner = self.inner();
        let table = &inner.disk.table;
        table
            .walk(TOP)
            .into_iter()
            .filter(|(path, _)| path != CONTROL_FOLDER && !path.starts_with(&format!("{CONTROL_FOLDER}/")))
            .map(|(path, number)| (path, table.bytes(number).ok()))
            .collect()
    }
}

impl Inner {
    /// Remembers the present state as one a power loss may fall back to; called before each step of the client.
    pub(crate) fn before_step(&mut self) {
        if self.fallbacks.len() == MOST_FALLBACKS {
            self.fallbacks.remove(0);
        }
        self.fallbacks.push(self.disk.clone());
    }

    /// Everything so far has reached the disk.
    pub(crate) fn barrier(&mut self) {
        self.disk.table.make_durable();
        self.fallbacks.clear();
    }

    /// Describes an inode as the client sees it.
    pub(crate) fn fingerprint(&self, number: u64) -> Option<Fingerprint> {
        let inode = self.disk.table.inode(number).ok()?;
        let id = LocalId::new(inode.number, inode.birth);
        Some(if inode.is_folder() {
            Fingerprint { id, size: 0, mtime_ns: 0, ctime_ns: 0 }
        } else {
            Fingerprint { id, size: inode.size(), mtime_ns: inode.modified, ctime_ns: inode.changed }
        })
    }

    /// Returns the control folder's `part`.
    pub(crate) fn control(&self, part: &str) -> Option<u64> {
        let control = self.disk.table.child(TOP, CONTROL_FOLDER).ok()?;
        self.disk.table.child(control, part).ok()
    }

    /// Tells the watch that something in `folder` changed.
    pub(crate) fn touched(&mut self, folder: &str, now: Duration, tape: &Tape) {
        if let Some(watch) = &mut self.watch {
            let lost = tape.per_mille(self.faults.overflow_per_mille);
            watch.add(folder, now, lost, tape);
        }
    }
}
