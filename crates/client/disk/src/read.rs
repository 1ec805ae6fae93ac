//! Reading for an upload: metadata agrees before opening, after opening, after the last byte and by path, or nothing
//! is uploaded (sync-engine.md 5.2).

use std::io::Read;
use std::os::unix::fs::FileExt;

use bytes::Bytes;
use engine::{HashedFile, LocalError, LocalRef};
use sync_core::{Fingerprint, LocalId};
use transfer::{ChunkHash, Chunker, Manifest, ManifestChunk, OperationBatch};

use crate::beneath::{Located, Opener};
use crate::failure::{io_error, local_error};
use crate::root::Root;
use crate::stat::Stat;
use crate::stop_point;

/// How one attempt to read ended.
#[derive(Debug)]
pub(crate) enum Attempt {
    Done(Box<HashedFile>),
    /// It changed meanwhile, or so lately that a further change would not show. Worth trying again soon.
    Unsettled,
    Failed(LocalError),
}

/// Reads and hashes files once each.
pub(crate) fn read(root: &Root, files: &[LocalRef]) -> Vec<Attempt> {
    let mut opener = Opener::new(root);
    files.iter().map(|file| read_one(root, &mut opener, file).unwrap_or_else(Attempt::Failed)).collect()
}

fn read_one(root: &Root, opener: &mut Opener<'_>, reference: &LocalRef) -> Result<Attempt, LocalError> {
    let located = opener.locate(reference)?;
    stop_point::pass("read: looked");
    // From here on any change gets another time.
    if located.stat.is_racy(root.runtime.now()) {
        return Ok(Attempt::Unsettled);
    }
    let before = fingerprint(&located, &located.stat);
    let file = std::fs::File::from(located.open()?);
    if fingerprint(&located, &Stat::of(&file).map_err(local_error)?) != before {
        return Ok(Attempt::Unsettled);
    }
    let (manifest, inline) = if before.size <= OperationBatch::MAX_INLINE as u64 {
        read_small(&file, before.size)?
    } else {
        (read_large(&file, before.size)?, None)
    };
    stop_point::pass("read: read");
    let opened = Stat::of(&file).map_err(local_error)?;
    let by_path = located.look_again()?;
    let agreed = [opened, by_path].iter().all(|stat| fingerprint(&located, stat) == before);
    if !agreed || manifest.size() != before.size {
        return Ok(Attempt::Unsettled);
    }
    let modified = by_path.modified();
    Ok(Attempt::Done(Box::new(HashedFile { manifest, fingerprint: before, modified, inline })))
}

fn fingerprint(located: &Located, stat: &Stat) -> Fingerprint {
    let id: LocalId = located.id(stat);
    stat.fingerprint(id)
}

/// A small file is one chunk. Whether it grew is seen by its metadata afterwards.
fn read_small(mut file: &std::fs::File, size: u64) -> Result<(Manifest, Option<Bytes>), LocalError> {
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.by_ref().take(size).read_to_end(&mut bytes).map_err(|error| io_error(&error))?;
    let mut manifest = Manifest::default();
    if !bytes.is_empty() {
        manifest.chunks.push(entry(&bytes));
    }
    Ok((manifest, Some(Bytes::from(bytes))))
}

fn read_large(file: &std::fs::File, size: u64) -> Result<Manifest, LocalError> {
    let mut manifest = Manifest::default();
    each_chunk(file, size, |chunk| {
        manifest.chunks.push(entry(chunk));
        Ok(())
    })?;
    Ok(manifest)
}

/// Cuts a file of that size into chunks; one that grows is read a little further only.
pub(crate) fn each_chunk(
    mut file: &std::fs::File,
    size: u64,
    mut take: impl FnMut(&[u8]) -> Result<(), LocalError>,
) -> Result<(), LocalError> {
    let mut chunker = Chunker::new();
    let mut buffer = vec![0; 1024 * 1024];
    let mut total = 0;
    loop {
        let length = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(io_error(&error)),
        };
        total += length as u64;
        if total > size {
            // It grows; the comparison of sizes ends this attempt.
            break;
        }
        let mut piece = &buffer[..length];
        while let Some(chunk) = chunker.feed(&mut piece) {
            take(&chunk)?;
        }
    }
    while let Some(chunk) = chunker.finish() {
        take(&chunk)?;
    }
    Ok(())
}

fn entry(chunk: &[u8]) -> ManifestChunk {
    ManifestChunk { hash: ChunkHash::of(chunk), length: u32::try_from(chunk.len()).unwrap_or(u32::MAX) }
}

/// Reads a part of a file that must still be the one expected, before and after.
pub(crate) fn read_part(
    root: &Root,
    reference: &LocalRef,
    expected: &Fingerprint,
    offset: u64,
    length: u32,
) -> Result<Bytes, LocalError> {
    let located = Opener::new(root).locate(reference)?;
    let file = std::fs::File::from(located.open()?);
    if fingerprint(&located, &Stat::of(&file).map_err(local_error)?) != *expected {
        return Err(LocalError::Changed);
    }
    let mut bytes = vec![0; length as usize];
    file.read_exact_at(&mut bytes, offset).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => LocalError::Changed,
        _ => io_error(&error),
    })?;
    if fingerprint(&located, &Stat::of(&file).map_err(local_error)?) != *expected {
        return Err(LocalError::Changed);
    }
    Ok(Bytes::from(bytes))
}
