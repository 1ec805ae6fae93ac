//! Content builder: names a content from its chunks as they pass, each byte hashed once.

use crate::{ChunkHash, ContentId, Manifest, ManifestChunk, QuickXor};

/// Collects chunks into a manifest and the whole content's quickXorHash.
#[derive(Debug, Default)]
pub struct ContentBuilder {
    manifest: Manifest,
    quick_xor: QuickXor,
}

/// A content by all its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedContent {
    /// The ordered chunks.
    pub manifest: Manifest,
    /// The content's name.
    pub id: ContentId,
    /// Length in bytes.
    pub size: u64,
    /// What Graph clients compare.
    pub quick_xor: QuickXor,
}

impl ContentBuilder {
    /// Starts a content.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Hashes the next chunk, as [`Chunker`](crate::Chunker) cut it, and returns its entry.
    pub fn add(&mut self, chunk: &[u8]) -> ManifestChunk {
        let length = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
        let entry = ManifestChunk { hash: ChunkHash::of(chunk), length };
        self.add_hashed(entry, &QuickXor::of(chunk));
        entry
    }

    /// Adds a chunk whose hashes are known.
    pub fn add_hashed(&mut self, entry: ManifestChunk, quick_xor: &QuickXor) {
        self.manifest.chunks.push(entry);
        self.quick_xor.append(quick_xor);
    }

    /// Returns whether no chunk was added yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.manifest.chunks.is_empty()
    }

    /// Names the content.
    #[must_use]
    pub fn finish(self) -> NamedContent {
        let id = self.manifest.content_id();
        NamedContent { id, size: self.quick_xor.length(), quick_xor: self.quick_xor, manifest: self.manifest }
    }
}
