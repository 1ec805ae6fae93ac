//! Prepared: bytes that are hashed and, where large, durable, but that no item refers to yet.

use bytes::Bytes;
use model::{ItemContent, Timestamp};
use storage::{Scope, StorageError, StoredChunk, StoredContent, Writing};
use transfer::{ChunkHash, ChunkId, ContentBuilder, ManifestChunk, NamedContent, QuickXor};

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

    /// Records the chunk.
    ///
    /// # Errors
    /// A storage error.
    pub fn record(&self, scope: &mut Scope<'_, Writing>, at: Timestamp) -> Result<(), StorageError> {
        let chunk = StoredChunk {
            id: *self.id.as_bytes(),
            length: self.quick_xor.length(),
            quick_xor: self.quick_xor.register(),
            bytes: self.small.as_ref().map(|bytes| bytes.to_vec()),
        };
        scope.contents().create_chunk(chunk, at)
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
/// A storage error.
pub fn record_content(
    scope: &mut Scope<'_, Writing>,
    content: &PreparedContent,
    at: Timestamp,
) -> Result<ItemContent, StorageError> {
    if let Some(chunk) = &content.chunk {
        chunk.record(scope, at)?;
    }
    record_named(scope, &content.named, at)
}

/// Records a content whose chunks are all recorded.
pub(crate) fn record_named(
    scope: &mut Scope<'_, Writing>,
    named: &NamedContent,
    at: Timestamp,
) -> Result<ItemContent, StorageError> {
    let item = item_content(named);
    let stored = StoredContent {
        id: item.id,
        size: item.size,
        quick_xor: item.quick_xor,
        manifest: named.manifest.encode(),
    };
    scope.contents().create(&stored, at)?;
    Ok(item)
}

fn item_content(named: &NamedContent) -> ItemContent {
    ItemContent { id: *named.id.as_bytes(), size: named.size, quick_xor: named.quick_xor.hash().0 }
}
