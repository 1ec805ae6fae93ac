//! Stage: files in the making, on the root's file system, invisible until they are placed. Nothing a person wrote is
//! ever in here, so a stage may be dropped at any time.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;
use engine::{LocalError, LocalRef, OpenedStage, StageId, StageRequest};
use jiff::Timestamp;
use rustix::fs::{
    AtFlags, FallocateFlags, Mode, OFlags, Timespec, Timestamps, fallocate, futimens, unlinkat,
};
use rustix::io::Errno;
use sync_core::{CONTROL_FOLDER, LocalId};
use transfer::{ChunkHash, ContentId, Manifest};

use crate::beneath::{Opener, open_beneath};
use crate::failure::{io_error, local_error, unavailable};
use crate::raw_name::c_name;
use crate::read::each_chunk;
use crate::root::Root;
use crate::stat::Stat;

/// What is known of the stages of this run. After a crash nothing counts as finished before it was verified again.
#[derive(Debug, Default)]
pub(crate) struct Stages {
    open: BTreeMap<StageId, OpenStage>,
    finished: BTreeMap<StageId, Stat>,
}

#[derive(Debug, Clone)]
struct OpenStage {
    manifest: Arc<Manifest>,
    file: Arc<std::fs::File>,
}

impl Stages {
    /// Takes a finished stage for a step.
    pub(crate) fn take(&mut self, stage: &StageId) -> Option<Stat> {
        self.finished.remove(stage)
    }

    /// Gives a finished stage back after a step that was refused.
    pub(crate) fn give_back(&mut self, stage: StageId, made: Stat) {
        self.finished.insert(stage, made);
    }
}

/// Stages small files whole.
pub(crate) fn stage(root: &Root, files: &[StageRequest]) -> Vec<Result<LocalId, LocalError>> {
    let needed = files.iter().map(|file| file.bytes.len() as u64).sum();
    if let Err(error) = check_room(root, needed) {
        return files.iter().map(|_| Err(error.clone())).collect();
    }
    files.iter().map(|file| stage_one(root, file)).collect()
}

fn stage_one(root: &Root, request: &StageRequest) -> Result<LocalId, LocalError> {
    let name = stage_name(&request.stage)?;
    root.stages().finished.remove(&request.stage);
    let fd = create(root, &name, OFlags::WRONLY | OFlags::TRUNC)?;
    let mut rest = &request.bytes[..];
    while !rest.is_empty() {
        match rustix::io::write(&fd, rest) {
            Ok(0) => return Err(LocalError::DiskFull),
            Ok(written) => rest = &rest[written..],
            Err(Errno::INTR) => {}
            Err(errno) => {
                drop_stage(root, &name);
                return Err(local_error(errno));
            }
        }
    }
    finish(root, &request.stage, &fd, request.modified)
}

/// Opens or reopens a stage for chunks.
pub(crate) fn open_stage(
    root: &Root,
    stage: &StageId,
    manifest: &Manifest,
) -> Result<OpenedStage, LocalError> {
    manifest.check().map_err(|error| LocalError::Io(error.to_string()))?;
    let name = stage_name(stage)?;
    root.stages().finished.remove(stage);
    let (size, all) = (manifest.size(), 0..manifest.chunks.len());
    let found = Stat::at(&root.control.stage, &name).ok().is_some_and(|stat| stat.size == size);
    if !found {
        drop_stage(root, &name);
        check_room(root, size)?;
    }
    let file = std::fs::File::from(create(root, &name, OFlags::RDWR)?);
    let missing = if found {
        all.zip(offsets(manifest))
            .filter(|(at, offset)| !holds(&file, manifest, *at, *offset))
            .map(|(at, _)| at)
            .collect()
    } else {
        if let Err(error) = allocate(&file, size) {
            drop_stage(root, &name);
            return Err(error);
        }
        all.collect()
    };
    let open = OpenStage { manifest: Arc::new(manifest.clone()), file: Arc::new(file) };
    root.stages().open.insert(stage.clone(), open);
    Ok(OpenedStage { missing })
}

/// Copies what a file has of the missing chunks; returns those that are missing still.
pub(crate) fn fill_stage(
    root: &Root,
    stage: &StageId,
    from: &LocalRef,
    missing: Vec<usize>,
) -> Result<Vec<usize>, LocalError> {
    let open = root.stages().open.get(stage).cloned().ok_or_else(not_open)?;
    let places: Vec<u64> = offsets(&open.manifest).collect();
    let mut wanted: BTreeMap<ChunkHash, Vec<usize>> = BTreeMap::new();
    for at in missing {
        let chunk = open.manifest.chunks.get(at).ok_or_else(not_open)?;
        wanted.entry(chunk.hash).or_default().push(at);
    }
    let located = Opener::new(root).locate(from)?;
    let file = std::fs::File::from(located.open()?);
    each_chunk(&file, located.stat.size, |bytes| {
        for at in wanted.remove(&ChunkHash::of(bytes)).unwrap_or_default() {
            open.file.write_all_at(bytes, places[at]).map_err(|error| io_error(&error))?;
        }
        Ok(())
    })?;
    let mut missing: Vec<usize> = wanted.into_values().flatten().collect();
    missing.sort_unstable();
    Ok(missing)
}

/// Writes bytes into an open stage.
pub(crate) fn write_stage(
    root: &Root,
    stage: &StageId,
    offset: u64,
    bytes: &Bytes,
) -> Result<(), LocalError> {
    let open = root.stages().open.get(stage).cloned().ok_or_else(not_open)?;
    if offset.saturating_add(bytes.len() as u64) > open.manifest.size() {
        return Err(LocalError::Corrupt);
    }
    open.file.write_all_at(bytes, offset).map_err(|error| io_error(&error))
}

/// Verifies a stage as a whole.
pub(crate) fn finish_stage(
    root: &Root,
    stage: &StageId,
    content: &ContentId,
    modified: Timestamp,
) -> Result<LocalId, LocalError> {
    let name = stage_name(stage)?;
    let open = root.stages().open.remove(stage).ok_or_else(not_open)?;
    let whole = open.manifest.content_id() == *content
        && Stat::of(&*open.file).is_ok_and(|stat| stat.size == open.manifest.size())
        && offsets(&open.manifest)
            .enumerate()
            .all(|(at, offset)| holds(&open.file, &open.manifest, at, offset));
    if !whole {
        drop_stage(root, &name);
        return Err(LocalError::Corrupt);
    }
    finish(root, stage, &open.file, modified)
}

/// Drops stages not named.
pub(crate) fn keep_stages(root: &Root, needed: &[StageId]) -> Result<(), LocalError> {
    let kept: Vec<CString> = needed.iter().map(stage_name).collect::<Result<_, _>>()?;
    for name in crate::listing::names(&root.control.stage).map_err(local_error)? {
        if !kept.contains(&name) {
            drop_stage(root, &name);
        }
    }
    let mut stages = root.stages();
    stages.open.retain(|stage, _| needed.contains(stage));
    stages.finished.retain(|stage, _| needed.contains(stage));
    Ok(())
}

/// Returns the file name of a stage.
///
/// # Errors
/// [`LocalError::Io`] never in practice; the name is made of safe characters.
pub(crate) fn stage_name(stage: &StageId) -> Result<CString, LocalError> {
    let plain = !stage.0.is_empty()
        && stage.0.len() <= 100
        && stage.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let name =
        if plain { format!("s-{}", stage.0) } else { format!("h-{}", ChunkHash::of(stage.0.as_bytes())) };
    c_name(name.as_bytes())
}

fn create(root: &Root, name: &CString, flags: OFlags) -> Result<OwnedFd, LocalError> {
    let mode = Mode::RUSR | Mode::WUSR | Mode::RGRP | Mode::WGRP | Mode::ROTH | Mode::WOTH;
    open_beneath(&root.control.stage, name, flags | OFlags::CREATE, mode).map_err(|errno| match errno {
        Errno::NOENT => LocalError::Unavailable(format!("{CONTROL_FOLDER} is gone")),
        other => local_error(other),
    })
}

fn finish(
    root: &Root,
    stage: &StageId,
    fd: impl std::os::fd::AsFd,
    modified: Timestamp,
) -> Result<LocalId, LocalError> {
    let time = file_time(modified);
    let times = Timestamps { last_access: time, last_modification: time };
    futimens(&fd, &times).map_err(local_error)?;
    let stat = Stat::of(&fd).map_err(local_error)?;
    let file = stat.plain_id();
    root.stages().finished.insert(stage.clone(), stat);
    Ok(file)
}

/// The server's time is untrusted; what a file system could not hold is brought near.
fn file_time(modified: Timestamp) -> Timespec {
    const LATEST: i64 = 7_258_118_400; // the year 2200
    let (seconds, nanoseconds) = (modified.as_second(), modified.subsec_nanosecond());
    if seconds < 0 || nanoseconds < 0 {
        Timespec { tv_sec: 0, tv_nsec: 0 }
    } else if seconds > LATEST {
        Timespec { tv_sec: LATEST, tv_nsec: 0 }
    } else {
        Timespec { tv_sec: seconds, tv_nsec: nanoseconds.into() }
    }
}

fn allocate(file: &std::fs::File, size: u64) -> Result<(), LocalError> {
    if size == 0 {
        return Ok(());
    }
    match fallocate(file, FallocateFlags::empty(), 0, size) {
        Ok(()) => Ok(()),
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => {
            rustix::fs::ftruncate(file, size).map_err(local_error)
        }
        Err(errno) => Err(local_error(errno)),
    }
}

fn check_room(root: &Root, needed: u64) -> Result<(), LocalError> {
    if needed > root.free()? { Err(LocalError::DiskFull) } else { Ok(()) }
}

fn drop_stage(root: &Root, name: &CString) {
    match unlinkat(&root.control.stage, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => {}
        // It costs room until the next start, nothing else.
        Err(errno) => tracing::warn!(error = %unavailable(errno), "a stage could not be dropped"),
    }
}

fn offsets(manifest: &Manifest) -> impl Iterator<Item = u64> {
    manifest.chunks.iter().scan(0, |next, chunk| {
        let at = *next;
        *next += u64::from(chunk.length);
        Some(at)
    })
}

fn holds(file: &std::fs::File, manifest: &Manifest, at: usize, offset: u64) -> bool {
    let chunk = &manifest.chunks[at];
    let mut bytes = vec![0; chunk.length as usize];
    file.read_exact_at(&mut bytes, offset).is_ok() && ChunkHash::of(&bytes) == chunk.hash
}

fn not_open() -> LocalError {
    LocalError::Io("the stage is not open".to_owned())
}
