//! Prepared: bytes that are hashed and, where large, durable, but that no item refers to yet.

use std::time::Duration;

use bytes::Bytes;
use model::{ItemContent, Timestamp};
use storage::{Scope, StoredChunk, StoredContent, Writing};
use transfer::{ChunkHash, ChunkId, ChunkKey, ContentBuilder, ManifestChunk, NamedContent, QuickXor};

use crate::ContentError;
use crate::content_store::place;
use crate::uploads::chunk_key;

/// How long prepared bytes may be recorded. Objects without a row are garbage only when they are much older.
pub const RECORDABLE: Duration = Duration::from_secs(24 * 60 * 60);

/// One chunk, ready to be recorded.
#[derive(Debug, Clone)]
pub struct PreparedChunk {
    /// Its hash.
    pub hash: ChunkHash,
    /// Its name within the tenant.
    pub id: ChunkId,
    /// Its checksum and length.
    pub quick_xor: QuickXor,
    /// Its bytes, when the database keeps them.
    pub small: Option<Bytes>,
    /// The last part of its object's name, when object storage keeps it.
    pub object: Option<String>,
    /// When it was prepared.
    pub prepared: Timestamp,
}

/// A whole content, ready to be recorded in the transaction of the item that gets it.
#[derive(Debug, Clone)]
pub struct PreparedContent {
    /// The content by all its names.
    pub named: NamedContent,
    /// Its only chunk, when it has not been recorded before.
    pub chunk: Option<PreparedChunk>,
}

impl PreparedChunk {
    /// Returns the chunk's entry in a manifest.
    #[must_use]
    pub fn entry(&self) -> ManifestChunk {
        ManifestChunk { hash: self.hash, length: u32::try_from(self.quick_xor.length()).unwrap_or(u32::MAX) }
    }

    /// Records the chunk. An object that is not needed because the chunk is known is removed later.
    ///
    /// # Errors
    /// [`ContentError::Expired`] when it was prepared longer ago than [`RECORDABLE`], or a storage error.
    pub fn record(&self, scope: &mut Scope<'_, Writing>, at: Timestamp) -> Result<(), ContentError> {
        if self.prepared.saturating_add(RECORDABLE).is_ok_and(|until| at > until) {
            return Err(ContentError::Expired);
        }
        let chunk = StoredChunk {
            id: *self.id.as_bytes(),
            length: self.quick_xor.length(),
            quick_xor: self.quick_xor.register(),
            bytes: self.small.as_ref().map(|bytes| bytes.to_vec()),
            object: self.object.clone(),
        };
        if let Some(spare) = scope.contents().create_chunk(chunk, at)? {
            let spare = place(scope.tenant(), &self.id, &spare);
            scope.garbage().doom(spare.as_ref())?;
        }
        Ok(())
    }
}

impl PreparedContent {
    /// Names the content that consists of one chunk, or of none.
    #[must_use]
    pub fn of_chunk(chunk: Option<PreparedChunk>) -> Self {
        let mut builder = ContentBuilder::new();
        if let Some(chunk) = &chunk {
            builder.add_hashed(chunk.entry(), &chunk.quick_xor);
        }
        Self { named: builder.finish(), chunk }
    }

    /// Returns the content as an item refers to it.
    #[must_use]
    pub fn item_content(&self) -> ItemContent {
        item_content(&self.named)
    }
}

/// Records a content and what is left of its chunks, and returns it as an item refers to it.
///
/// # Errors
/// [`ContentError::Expired`], or a storage error.
pub fn record_content(
    scope: &mut Scope<'_, Writing>,
    content: &PreparedContent,
    at: Timestamp,
) -> Result<ItemContent, ContentError> {
    if let Some(chunk) = &content.chunk {
        chunk.record(scope, at)?;
    }
    let key = chunk_key(scope)?;
    record_named(scope, &content.named, &key, at)
}

/// Records a content whose chunks are all recorded.
pub(crate) fn record_named(
    scope: &mut Scope<'_, Writing>,
    named: &NamedContent,
    key: &ChunkKey,
    at: Timestamp,
) -> Result<ItemContent, ContentError> {
    let item = item_content(named);
    let stored = StoredContent {
        id: item.id,
        size: item.size,
        quick_xor: item.quick_xor,
        manifest: named.manifest.encode(),
    };
    let chunks: Vec<[u8; 32]> =
        named.manifest.chunks.iter().map(|chunk| *chunk.hash.keyed(key).as_bytes()).collect();
    scope.contents().create(&stored, &chunks, at)?;
    Ok(item)
}

fn item_content(named: &NamedContent) -> ItemContent {
    ItemContent { id: *named.id.as_bytes(), size: named.size, quick_xor: named.quick_xor.hash().0 }
}
