//! Simulated disk: the engine's [`LocalTree`] for one life of the client on a [`Computer`].
//!
//! A dead process never gets an answer; it hangs until its tasks are cleared away, as a killed one would.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use engine::{
    Applied, HashedFile, Intent, LocalChange, LocalEntry, LocalError, LocalHint, LocalRef, LocalTree,
    OpenedStage, ParkedChange, Recovered, RootHealth, Scan, StageId, StageRequest,
};
use jiff::Timestamp;
use sync_core::{CONTROL_FOLDER, Fingerprint, LocalId, LocalKind, Motion};
use transfer::{ContentId, Manifest, OperationBatch};

use super::computer::Inner;
use super::stage::manifest_of;
use super::watch::Watch;
use super::{Computer, FileError, TOP};
use crate::simulation::Process;

/// How long a parked file is watched for late writes.
const GRACE: Duration = Duration::from_secs(600);

/// The port.
#[derive(Debug, Clone)]
pub struct SimDisk {
    pub(crate) computer: Computer,
    pub(crate) process: Process,
}

impl SimDisk {
    /// Opens the computer's folder for a new life of the client.
    #[must_use]
    pub fn open(computer: &Computer, process: &Process) -> Self {
        computer.inner().watch = Some(Watch::new());
        Self { computer: computer.clone(), process: process.clone() }
    }

    /// Passes some time, so that others act in between; a dead process waits for ever.
    pub(crate) async fn turn(&self) {
        let tape = self.computer.tape();
        match tape.below(8) {
            0..5 => {}
            5..7 => tokio::task::yield_now().await,
            _ => self.computer.world().sleep(Duration::from_millis(1 + tape.below(4))).await,
        }
        self.only_alive().await;
    }

    async fn only_alive(&self) {
        if !self.process.is_alive() {
            std::future::pending::<()>().await;
        }
    }

    /// Counts a step towards a planned death; answers whether the process is still there to take it.
    pub(crate) fn step(&self, inner: &mut Inner) -> bool {
        if let Some(left) = inner.dies_after {
            if left == 0 {
                inner.dies_after = None;
                self.process.die();
            } else {
                inner.dies_after = Some(left - 1);
            }
        }
        self.process.is_alive()
    }

    /// Fails as the disk's faults want it.
    pub(crate) fn fault(&self, inner: &Inner) -> Result<(), LocalError> {
        if inner.faults.unmounted {
            return Err(LocalError::Unavailable("not mounted".into()));
        }
        if self.computer.tape().per_mille(inner.faults.io_per_mille) {
            return Err(LocalError::Io("input/output error".into()));
        }
        Ok(())
    }

    /// Walks folder by folder, as a real walk does: what a person moves meanwhile may be missed, or met twice, in
    /// which case the later sight counts.
    async fn walk(&self, top: u64, depth: Depth) -> Result<Scan, LocalError> {
        let top_id = self.computer.inner().fingerprint(top).ok_or(LocalError::Changed)?.id;
        let mut found: Vec<LocalEntry> = Vec::new();
        let mut folders = vec![(top, top_id)];
        while let Some((folder, id)) = folders.pop() {
            if folder != top {
                self.turn().await;
            }
            let inner = self.computer.inner();
            self.fault(&inner)?;
            if inner.fingerprint(folder).map(|fingerprint| fingerprint.id) != Some(id) {
                // It went away between being listed and being opened.
                if folder == top {
                    return Err(LocalError::Changed);
                }
                continue;
            }
            for (name, number) in inner.disk.table.entries(folder).map_err(|_| LocalError::Changed)? {
                if folder == TOP && name == CONTROL_FOLDER {
                    continue;
                }
                let entry = inner.entry(*number, id, name).ok_or(LocalError::Changed)?;
                if entry.kind == LocalKind::Folder && depth == Depth::Whole {
                    folders.push((*number, entry.id));
                }
                found.push(entry);
            }
        }
        Ok(Scan { top: top_id, entries: each_once(found, top_id) })
    }

    async fn read_one(&self, file: &LocalRef) -> Result<HashedFile, LocalError> {
        let (number, before) = {
            let inner = self.computer.inner();
            self.fault(&inner)?;
            let number = inner.resolve(file)?;
            (number, inner.fingerprint(number).ok_or(LocalError::Changed)?)
        };
        self.turn().await;
        let bytes = self.computer.inner().disk.table.bytes(number).map_err(|_| LocalError::Changed)?;
        self.turn().await;
        let inner = self.computer.inner();
        if inner.resolve(file)? != number || inner.fingerprint(number) != Some(before) {
            return Err(LocalError::Busy);
        }
        let modified =
            Timestamp::from_nanosecond(i128::from(before.mtime_ns)).unwrap_or(Timestamp::UNIX_EPOCH);
        let inline = (bytes.len() <= OperationBatch::MAX_INLINE).then(|| Bytes::copy_from_slice(&bytes));
        Ok(HashedFile { manifest: manifest_of(&bytes), fingerprint: before, modified, inline })
    }
}

/// Keeps the last sight of each node, folders before what they hold, nothing whose folder was not seen.
fn each_once(found: Vec<LocalEntry>, top: LocalId) -> Vec<LocalEntry> {
    let mut last: BTreeMap<LocalId, LocalEntry> = BTreeMap::new();
    let mut order = Vec::new();
    for entry in found {
        order.retain(|id| *id != entry.id);
        order.push(entry.id);
        last.insert(entry.id, entry);
    }
    let mut placed = BTreeSet::from([top]);
    let mut entries = Vec::new();
    loop {
        let ready: Vec<LocalId> = order
            .iter()
            .copied()
            .filter(|id| {
                !placed.contains(id) && last.get(id).is_some_and(|entry| placed.contains(&entry.parent))
            })
            .collect();
        if ready.is_empty() {
            return entries;
        }
        for id in ready {
            placed.insert(id);
            entries.extend(last.remove(&id));
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    Folder,
    Whole,
}

impl Inner {
    /// Finds what a reference names.
    pub(crate) fn resolve(&self, what: &LocalRef) -> Result<u64, LocalError> {
        let number = self.disk.table.lookup(what.path.as_str()).map_err(|_| LocalError::Changed)?;
        let inode = self.disk.table.inode(number).map_err(|_| LocalError::Changed)?;
        if what.id != LocalId::new(inode.number, inode.birth) {
            return Err(LocalError::Changed);
        }
        Ok(number)
    }

    /// Describes an entry of a folder.
    pub(crate) fn entry(&self, number: u64, parent: LocalId, name: &str) -> Option<LocalEntry> {
        let fingerprint = self.fingerprint(number)?;
        let inode = self.disk.table.inode(number).ok()?;
        let moving = self.writers.contains(&(inode.number, inode.birth));
        Some(LocalEntry {
            id: fingerprint.id,
            parent,
            name: name.to_owned(),
            kind: if inode.is_folder() { LocalKind::Folder } else { LocalKind::File },
            fingerprint,
            motion: if moving { Motion::Moving } else { Motion::Settled },
            problem: None,
        })
    }
}

#[async_trait]
impl LocalTree for SimDisk {
    async fn health(&self) -> Result<RootHealth, LocalError> {
        self.only_alive().await;
        let inner = self.computer.inner();
        if inner.faults.unmounted {
            return Err(LocalError::Unavailable("not mounted".into()));
        }
        let root = inner.fingerprint(TOP).ok_or_else(|| LocalError::Unavailable("no root".into()))?.id;
        Ok(RootHealth { root, free: 1 << 40 })
    }

    async fn scan(&self) -> Result<Scan, LocalError> {
        self.turn().await;
        self.walk(TOP, Depth::Whole).await
    }

    async fn list(&self, folder: &LocalRef) -> Result<Scan, LocalError> {
        self.turn().await;
        let top = {
            let inner = self.computer.inner();
            self.fault(&inner)?;
            inner.resolve(folder)?
        };
        self.walk(top, Depth::Folder).await
    }

    async fn barrier(&self) -> Result<(), LocalError> {
        self.turn().await;
        let mut inner = self.computer.inner();
        if inner.faults.unmounted {
            return Err(LocalError::Unavailable("not mounted".into()));
        }
        let now = self.computer.world().elapsed();
        if let Some(watch) = &mut inner.watch {
            watch.flush(now);
        }
        Ok(())
    }

    async fn hint(&self) -> LocalHint {
        loop {
            self.only_alive().await;
            if let Some(hint) = self.ready_hint() {
                return hint;
            }
            let (wake, next) = {
                let inner = self.computer.inner();
                inner.watch.as_ref().map(|watch| (Arc::clone(&watch.wake), watch.next())).unzip()
            };
            let Some(wake) = wake else { std::future::pending().await };
            let now = self.computer.world().elapsed();
            match next.flatten() {
                Some(at) => {
                    let wait = at.saturating_sub(now).max(Duration::from_millis(1));
                    let _woken = self.process.runtime().timeout(wait, wake.notified()).await;
                }
                None => wake.notified().await,
            }
        }
    }

    fn ready_hint(&self) -> Option<LocalHint> {
        let now = self.computer.world().elapsed();
        self.computer.inner().watch.as_mut()?.take(now)
    }

    async fn read(&self, files: &[LocalRef]) -> Vec<Result<HashedFile, LocalError>> {
        let mut answers = Vec::new();
        for file in files {
            self.turn().await;
            answers.push(self.read_one(file).await);
        }
        answers
    }

    async fn read_part(
        &self,
        file: &LocalRef,
        expected: &Fingerprint,
        offset: u64,
        length: u32,
    ) -> Result<Bytes, LocalError> {
        self.turn().await;
        let inner = self.computer.inner();
        self.fault(&inner)?;
        let number = inner.resolve(file)?;
        if inner.fingerprint(number) != Some(*expected) {
            return Err(LocalError::Changed);
        }
        let bytes = inner.disk.table.bytes(number).map_err(|_| LocalError::Changed)?;
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let part = bytes.get(from..from.saturating_add(length as usize)).ok_or(LocalError::Changed)?;
        Ok(Bytes::copy_from_slice(part))
    }

    async fn stage(&self, files: Vec<StageRequest>) -> Vec<Result<LocalId, LocalError>> {
        self.turn().await;
        let answers = files.into_iter().map(|file| self.stage_one(file)).collect();
        self.only_alive().await;
        answers
    }

    async fn open_stage(&self, stage: &StageId, manifest: &Manifest) -> Result<OpenedStage, LocalError> {
        self.turn().await;
        let answer = self.open_stage_for(stage, manifest);
        self.only_alive().await;
        answer
    }

    async fn fill_stage(
        &self,
        stage: &StageId,
        from: &LocalRef,
        missing: Vec<usize>,
    ) -> Result<Vec<usize>, LocalError> {
        self.turn().await;
        let answer = self.fill_stage_from(stage, from, missing);
        self.only_alive().await;
        answer
    }

    async fn write_stage(&self, stage: &StageId, offset: u64, bytes: Bytes) -> Result<(), LocalError> {
        self.turn().await;
        let answer = self.write_into_stage(stage, offset, &bytes);
        self.only_alive().await;
        answer
    }

    async fn finish_stage(
        &self,
        stage: &StageId,
        content: &ContentId,
        modified: Timestamp,
    ) -> Result<LocalId, LocalError> {
        self.turn().await;
        let answer = self.finish(stage, content, modified);
        self.only_alive().await;
        answer
    }

    async fn keep_stages(&self, needed: &[StageId]) -> Result<(), LocalError> {
        self.turn().await;
        self.drop_other_stages(needed);
        Ok(())
    }

    async fn apply(&self, changes: &[LocalChange]) -> Vec<Result<Applied, LocalError>> {
        self.turn().await;
        // Bytes first: one barrier before the steps and one after.
        self.computer.inner().barrier();
        let mut answers = Vec::new();
        for change in changes {
            self.turn().await;
            answers.push(self.take_step(change));
        }
        self.turn().await;
        self.computer.inner().barrier();
        self.turn().await;
        answers
    }

    async fn recover(&self, intents: &[Intent]) -> Result<Vec<Recovered>, LocalError> {
        self.turn().await;
        let inner = self.computer.inner();
        self.fault(&inner)?;
        Ok(intents.iter().map(|intent| inner.what_became_of(&intent.change)).collect())
    }

    async fn parked_changes(&self) -> Result<Vec<ParkedChange>, LocalError> {
        self.turn().await;
        let mut inner = self.computer.inner();
        self.fault(&inner)?;
        let now = self.computer.world().elapsed();
        Ok(inner.look_at_parked(now, GRACE))
    }
}

impl From<FileError> for LocalError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Exists => Self::Exists,
            FileError::NotEmpty => Self::NotEmpty,
            FileError::NotFound | FileError::NotFolder | FileError::IsFolder | FileError::IntoItself => {
                Self::Changed
            }
        }
    }
}
