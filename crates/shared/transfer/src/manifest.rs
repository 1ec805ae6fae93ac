//! Manifest: the ordered list of a content's chunks. Its BLAKE3 is the content's id.

use serde::{Deserialize, Serialize};

use crate::{ChunkHash, ContentId};

/// One chunk of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestChunk {
    /// BLAKE3 of the chunk's plain bytes.
    pub hash: ChunkHash,
    /// Length in bytes, 1 to [`Manifest::MAX_CHUNK`].
    pub length: u32,
}

/// The ordered chunks of one content. An empty content has no chunk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Manifest {
    /// The chunks in the order of their bytes.
    pub chunks: Vec<ManifestChunk>,
}

/// Why bytes are not a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The length is no multiple of an entry's length.
    #[error("the manifest is truncated")]
    Truncated,
    /// A chunk is empty or longer than allowed.
    #[error("the manifest names a chunk of {0} bytes; 1 to 4194304 are allowed")]
    ChunkLength(u32),
    /// More chunks than [`Manifest::MAX_CHUNKS`].
    #[error("the manifest has too many chunks")]
    TooLong,
}

impl Manifest {
    /// Longest chunk, in bytes.
    pub const MAX_CHUNK: u32 = 4 * 1024 * 1024;
    /// Most chunks of one content: 1 TiB at the average chunk length.
    pub const MAX_CHUNKS: usize = 1024 * 1024;
    /// Bytes of one entry in the binary form.
    pub const ENTRY_BYTES: usize = 36;

    /// Returns the content's length in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.chunks.iter().map(|chunk| u64::from(chunk.length)).sum()
    }

    /// Returns the binary form: per chunk 32 bytes of hash and 4 bytes of length, little endian.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.chunks.len() * Self::ENTRY_BYTES);
        for chunk in &self.chunks {
            bytes.extend_from_slice(chunk.hash.as_bytes());
            bytes.extend_from_slice(&chunk.length.to_le_bytes());
        }
        bytes
    }

    /// Reads the binary form and checks every length.
    ///
    /// # Errors
    /// [`ManifestError`] names what is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, ManifestError> {
        let (entries, rest) = bytes.as_chunks::<{ Self::ENTRY_BYTES }>();
        if !rest.is_empty() {
            return Err(ManifestError::Truncated);
        }
        let mut chunks = Vec::with_capacity(entries.len().min(Self::MAX_CHUNKS));
        for entry in entries {
            let (hash, length) = entry.split_at(32);
            let hash = ChunkHash::from_slice(hash).ok_or(ManifestError::Truncated)?;
            let length = u32::from_le_bytes(length.try_into().map_err(|_| ManifestError::Truncated)?);
            chunks.push(ManifestChunk { hash, length });
        }
        let manifest = Self { chunks };
        manifest.check()?;
        Ok(manifest)
    }

    /// Checks the limits of a manifest that came in another form, such as JSON.
    ///
    /// # Errors
    /// [`ManifestError`] names what is wrong.
    pub fn check(&self) -> Result<(), ManifestError> {
        if self.chunks.len() > Self::MAX_CHUNKS {
            return Err(ManifestError::TooLong);
        }
        match self.chunks.iter().find(|chunk| chunk.length == 0 || chunk.length > Self::MAX_CHUNK) {
            Some(chunk) => Err(ManifestError::ChunkLength(chunk.length)),
            None => Ok(()),
        }
    }

    /// Returns the content's name.
    #[must_use]
    pub fn content_id(&self) -> ContentId {
        ContentId::from_bytes(*blake3::hash(&self.encode()).as_bytes())
    }
}
