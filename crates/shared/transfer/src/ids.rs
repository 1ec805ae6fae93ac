//! Names of bytes and of operations.

use serde::{Deserialize, Serialize};

use crate::hex_id::hex_id;

/// A text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id must be 64 hexadecimal digits")]
pub struct InvalidId;

hex_id! {
    /// BLAKE3 of the plain bytes of one chunk. Known to whoever has the bytes.
    ChunkHash
}
hex_id! {
    /// Name of a chunk on the wire and in storage: its hash keyed per tenant.
    ChunkId
}
hex_id! {
    /// The tenant's key behind [`ChunkId`]. It separates tenants; it is not a secret towards the tenant's guests.
    ChunkKey
}
hex_id! {
    /// Name of a whole content: BLAKE3 of its [`Manifest`](crate::Manifest). Shown only to who may read the content.
    ContentId
}

impl ChunkHash {
    /// Hashes the bytes of one chunk.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_bytes(*blake3::hash(bytes).as_bytes())
    }

    /// Returns the chunk's name within the tenant that owns `key`.
    #[must_use]
    pub fn keyed(&self, key: &ChunkKey) -> ChunkId {
        ChunkId::from_bytes(*blake3::keyed_hash(key.as_bytes(), self.as_bytes()).as_bytes())
    }
}

/// Names one attempt to change something: `<device>:<counter>`. The server answers a repeat with the first answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationId(pub String);

impl OperationId {
    /// Longest accepted text, in bytes.
    pub const MAX_LENGTH: usize = 100;

    /// Joins a device's id and its counter.
    #[must_use]
    pub fn new(device: &str, counter: u64) -> Self {
        Self(format!("{device}:{counter}"))
    }
}

impl std::fmt::Display for OperationId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
