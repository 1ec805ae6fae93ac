//! Stage: files on their way in, not yet in the tree. Unfinished stages survive a crash and are gone on with.

use std::sync::Arc;

use engine::{LocalError, LocalRef, OpenedStage, StageId, StageRequest};
use jiff::Timestamp;
use sync_core::LocalId;
use transfer::{ChunkHash, Chunker, ContentBuilder, ContentId, Manifest};

use super::SimDisk;
use super::computer::{Inner, STAGE};

/// Returns the manifest of some bytes, cut as everywhere in the product.
pub(crate) fn manifest_of(mut bytes: &[u8]) -> Manifest {
    let mut chunker = Chunker::new();
    let mut content = ContentBuilder::new();
    while let Some(chunk) = chunker.feed(&mut bytes) {
        content.add(&chunk);
    }
    while let Some(chunk) = chunker.finish() {
        content.add(&chunk);
    }
    content.finish().manifest
}

/// Returns the positions of chunks that are not in `bytes` as the manifest wants them.
fn missing_chunks(bytes: &[u8], manifest: &Manifest) -> Vec<usize> {
    let mut at = 0_usize;
    let mut missing = Vec::new();
    for (index, chunk) in manifest.chunks.iter().enumerate() {
        let end = at + chunk.length as usize;
        if bytes.get(at..end).is_none_or(|piece| ChunkHash::of(piece) != chunk.hash) {
            missing.push(index);
        }
        at = end;
    }
    missing
}

impl SimDisk {
    fn put_stage(&self, inner: &mut Inner, stage: &StageId, bytes: Arc<[u8]>) -> Result<u64, LocalError> {
        if self.computer.tape().per_mille(inner.faults.full_per_mille) {
            return Err(LocalError::DiskFull);
        }
        self.fault(inner)?;
        let folder = inner.control(STAGE).ok_or_else(|| LocalError::Unavailable("no stage".into()))?;
        let now = self.computer.tick(inner);
        inner.disk.finished.remove(&stage.0);
        if let Ok(number) = inner.disk.table.child(folder, &stage.0) {
            inner.disk.table.write(number, bytes, now)?;
            return Ok(number);
        }
        Ok(inner.disk.table.create(folder, &stage.0, bytes, now)?)
    }

    pub(crate) fn stage_one(&self, file: StageRequest) -> Result<LocalId, LocalError> {
        let mut inner = self.computer.inner();
        if !self.step(&mut inner) {
            return Err(LocalError::Io("dead".into()));
        }
        inner.before_step();
        let number = self.put_stage(&mut inner, &file.stage, Arc::from(file.bytes.as_ref()))?;
        self.set_time(&mut inner, number, file.modified)?;
        inner.disk.finished.insert(file.stage.0);
        inner.file_id(number)
    }

    fn set_time(&self, inner: &mut Inner, number: u64, modified: Timestamp) -> Result<(), LocalError> {
        let now = self.computer.tick(inner);
        let modified = i64::try_from(modified.as_nanosecond()).unwrap_or(now);
        Ok(inner.disk.table.set_modified(number, modified, now)?)
    }

    pub(crate) fn open_stage_for(
        &self,
        stage: &StageId,
        manifest: &Manifest,
    ) -> Result<OpenedStage, LocalError> {
        let mut inner = self.computer.inner();
        if !self.step(&mut inner) {
            return Err(LocalError::Io("dead".into()));
        }
        let size = usize::try_from(manifest.size()).unwrap_or(usize::MAX);
        let staged = inner.control(STAGE).and_then(|folder| inner.disk.table.child(folder, &stage.0).ok());
        let known = staged.and_then(|number| inner.disk.table.bytes(number).ok());
        let mut bytes = known.map(|bytes| bytes.to_vec()).unwrap_or_default();
        bytes.resize(size, 0);
        let missing = missing_chunks(&bytes, manifest);
        self.put_stage(&mut inner, stage, Arc::from(bytes))?;
        inner.disk.manifests.insert(stage.0.clone(), manifest.clone());
        Ok(OpenedStage { missing })
    }

    pub(crate) fn fill_stage_from(
        &self,
        stage: &StageId,
        from: &LocalRef,
        missing: Vec<usize>,
    ) -> Result<Vec<usize>, LocalError> {
        let mut inner = self.computer.inner();
        if !self.step(&mut inner) {
            return Err(LocalError::Io("dead".into()));
        }
        self.fault(&inner)?;
        let manifest = inner.disk.manifests.get(&stage.0).cloned();
        let manifest = manifest.ok_or_else(|| LocalError::Io("the stage is not open".into()))?;
        let source = inner.resolve(from)?;
        let source = inner.disk.table.bytes(source).map_err(|_| LocalError::Changed)?;
        let number = inner.staged(stage)?;
        let mut bytes = inner.disk.table.bytes(number)?.to_vec();
        let mut at = 0_usize;
        let mut found = std::collections::BTreeMap::new();
        for chunk in manifest_of(&source).chunks {
            let end = at + chunk.length as usize;
            found.insert(chunk.hash, at..end);
            at = end;
        }
        let mut place = 0_usize;
        for (index, chunk) in manifest.chunks.iter().enumerate() {
            let end = place + chunk.length as usize;
            if let Some(range) = found.get(&chunk.hash).filter(|_| missing.contains(&index)) {
                bytes[place..end].copy_from_slice(&source[range.clone()]);
            }
            place = end;
        }
        let still = missing_chunks(&bytes, &manifest);
        self.put_stage(&mut inner, stage, Arc::from(bytes))?;
        Ok(still)
    }

    pub(crate) fn write_into_stage(
        &self,
        stage: &StageId,
        offset: u64,
        part: &[u8],
    ) -> Result<(), LocalError> {
        let mut inner = self.computer.inner();
        if !self.step(&mut inner) {
            return Err(LocalError::Io("dead".into()));
        }
        let number = inner.staged(stage)?;
        let mut bytes = inner.disk.table.bytes(number)?.to_vec();
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let range = from..from.saturating_add(part.len());
        bytes.get_mut(range).ok_or_else(|| LocalError::Io("outside the stage".into()))?.copy_from_slice(part);
        self.put_stage(&mut inner, stage, Arc::from(bytes)).map(|_| ())
    }

    pub(crate) fn finish(
        &self,
        stage: &StageId,
        content: &ContentId,
        modified: Timestamp,
    ) -> Result<LocalId, LocalError> {
        let mut inner = self.computer.inner();
        if !self.step(&mut inner) {
            return Err(LocalError::Io("dead".into()));
        }
        self.fault(&inner)?;
        let number = inner.staged(stage)?;
        let bytes = inner.disk.table.bytes(number)?;
        if manifest_of(&bytes).content_id() != *content {
            let folder = inner.control(STAGE).ok_or(LocalError::Changed)?;
            let now = self.computer.tick(&mut inner);
            inner.disk.table.unlink(folder, &stage.0, now)?;
            return Err(LocalError::Corrupt);
        }
        self.set_time(&mut inner, number, modified)?;
        inner.disk.finished.insert(stage.0.clone());
        inner.file_id(number)
    }

    pub(crate) fn drop_other_stages(&self, needed: &[StageId]) {
        let mut inner = self.computer.inner();
        let Some(folder) = inner.control(STAGE) else { return };
        if !self.process.is_alive() {
            return;
        }
        let names: Vec<String> =
            inner.disk.table.entries(folder).map(|names| names.keys().cloned().collect()).unwrap_or_default();
        let now = self.computer.tick(&mut inner);
        for name in names.into_iter().filter(|name| !needed.iter().any(|stage| stage.0 == *name)) {
            let _gone = inner.disk.table.unlink(folder, &name, now);
            inner.disk.finished.remove(&name);
        }
    }
}

impl Inner {
    /// Returns which file a number is.
    fn file_id(&self, number: u64) -> Result<LocalId, LocalError> {
        let inode = self.disk.table.inode(number)?;
        Ok(LocalId::new(inode.number, inode.birth))
    }

    /// Finds a stage's file.
    pub(crate) fn staged(&self, stage: &StageId) -> Result<u64, LocalError> {
        let folder = self.control(STAGE).ok_or_else(|| LocalError::Unavailable("no stage".into()))?;
        Ok(self.disk.table.child(folder, &stage.0)?)
    }
}
