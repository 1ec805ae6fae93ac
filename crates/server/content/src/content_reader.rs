//! Content reader: a content becomes a stream of bytes, whole or a range of it, each chunk checked before it is sent.

use std::ops::Range;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::try_unfold;
use model::{ItemContent, TenantId};
use storage::{Call, Scope, StoredChunk, StoredContent};
use transfer::{ChunkHash, ChunkId, ChunkKey, Manifest, ManifestChunk};

use crate::uploads::chunk_key;
use crate::{ContentError, ContentStore};

/// One content, open for reading.
#[derive(Debug, Clone)]
pub struct ContentReader {
    manifest: Manifest,
    key: ChunkKey,
    size: u64,
}

/// A part of one chunk that is wanted.
struct Piece {
    entry: ManifestChunk,
    range: Range<usize>,
}

impl ContentReader {
    /// Opens a content for a caller who was allowed an item that refers to it.
    ///
    /// # Errors
    /// [`ContentError::ContentNotFound`] when it is not recorded.
    pub fn open<M>(scope: &mut Scope<'_, M>, content: &ItemContent) -> Result<Self, ContentError> {
        let stored = scope.contents().find(&content.id)?.ok_or(ContentError::ContentNotFound)?;
        let manifest = Manifest::decode(&stored.manifest)?;
        Ok(Self { manifest, key: chunk_key(scope)?, size: stored.size })
    }

    /// Returns the content's manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the content's length in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Streams a range of the content; what lies beyond its end is left out.
    pub fn stream(
        self,
        store: ContentStore,
        call: Call,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, ContentError>> + Send + 'static {
        let pieces = pieces(&self.manifest, &range).into_iter();
        let key = self.key;
        try_unfold((store, call, pieces), move |(store, call, mut pieces)| async move {
            let Some(piece) = pieces.next() else { return Ok(None) };
            let chunk = read_chunk(&store, &call, &key, piece.entry).await?;
            Ok(Some((chunk.slice(piece.range), (store, call, pieces))))
        })
    }

    /// Reads one chunk of the content.
    ///
    /// # Errors
    /// [`ContentError::NotOffered`] when the content has no such chunk, [`ContentError::Damaged`] when its bytes are gone.
    pub async fn read_chunk(
        &self,
        store: &ContentStore,
        call: &Call,
        hash: ChunkHash,
    ) -> Result<Bytes, ContentError> {
        let entry = self.manifest.chunks.iter().find(|entry| entry.hash == hash);
        read_chunk(store, call, &self.key, *entry.ok_or(ContentError::NotOffered)?).await
    }
}

/// Reads whole contents that the database holds, within one transaction; none for one that lies elsewhere.
///
/// # Errors
/// [`ContentError::ContentNotFound`] when it is not recorded, [`ContentError::Damaged`] when its bytes are not its own.
pub fn read_whole<M>(
    scope: &mut Scope<'_, M>,
    key: &ChunkKey,
    content: &ItemContent,
) -> Result<Option<Bytes>, ContentError> {
    if content.size > ContentStore::SMALL as u64 {
        return Ok(None);
    }
    let stored = scope.contents().find(&content.id)?.ok_or(ContentError::ContentNotFound)?;
    read_recorded(scope, key, &stored)
}

/// Reads a whole content that the database holds, as [`read_whole`] does.
pub(crate) fn read_recorded<M>(
    scope: &mut Scope<'_, M>,
    key: &ChunkKey,
    stored: &StoredContent,
) -> Result<Option<Bytes>, ContentError> {
    let mut whole = Vec::new();
    for entry in Manifest::decode(&stored.manifest)?.chunks {
        let chunk = scope.contents().find_chunk(entry.hash.keyed(key).as_bytes())?;
        let Some(bytes) = chunk.ok_or(ContentError::Damaged(entry.hash))?.bytes else { return Ok(None) };
        check(&bytes, &entry)?;
        whole.extend_from_slice(&bytes);
    }
    Ok(Some(Bytes::from(whole)))
}

/// Reads one chunk and checks it.
pub(crate) async fn read_chunk(
    store: &ContentStore,
    call: &Call,
    key: &ChunkKey,
    entry: ManifestChunk,
) -> Result<Bytes, ContentError> {
    let id = entry.hash.keyed(key);
    let stored = call.read(move |scope| scope.contents().find_chunk(id.as_bytes())).await?;
    open_chunk(store, call.tenant(), &id, entry, stored).await
}

/// Reads a chunk that was looked up and checks it.
pub(crate) async fn open_chunk(
    store: &ContentStore,
    tenant: TenantId,
    id: &ChunkId,
    entry: ManifestChunk,
    stored: Option<StoredChunk>,
) -> Result<Bytes, ContentError> {
    let bytes = store.read(tenant, id, stored.ok_or(ContentError::Damaged(entry.hash))?).await?;
    let bytes = bytes.ok_or(ContentError::Damaged(entry.hash))?;
    check(&bytes, &entry)?;
    Ok(bytes)
}

fn check(bytes: &[u8], entry: &ManifestChunk) -> Result<(), ContentError> {
    let whole = bytes.len() as u64 == u64::from(entry.length) && ChunkHash::of(bytes) == entry.hash;
    if whole { Ok(()) } else { Err(ContentError::Damaged(entry.hash)) }
}

fn pieces(manifest: &Manifest, wanted: &Range<u64>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0_u64;
    for entry in &manifest.chunks {
        let end = start + u64::from(entry.length);
        let (from, to) = (wanted.start.max(start), wanted.end.min(end));
        if from < to {
            let within = |at: u64| usize::try_from(at - start).unwrap_or(usize::MAX);
            pieces.push(Piece { entry: *entry, range: within(from)..within(to) });
        }
        start = end;
    }
    pieces
}
