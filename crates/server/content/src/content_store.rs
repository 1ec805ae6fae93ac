//! Content store: object storage for chunks too large for the database.

use std::sync::Arc;

use bytes::Bytes;
use model::TenantId;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use transfer::{ChunkHash, ChunkId, ChunkKey, QuickXor};

use crate::{ContentError, PreparedChunk};

/// A place for chunks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ContentStore {
    objects: Arc<dyn ObjectStore>,
}

impl ContentStore {
    /// Longest chunk kept in the database.
    pub const SMALL: usize = 64 * 1024;

    /// Wraps object storage. A successful `put` must mean that the object survives a power cut.
    #[must_use]
    pub fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects }
    }

    /// Opens a folder; each object and its folder are synced before a write succeeds.
    ///
    /// # Errors
    /// [`ContentError::Objects`] when the folder does not exist.
    pub fn folder(folder: &std::path::Path) -> Result<Self, ContentError> {
        let objects = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self::new(Arc::new(objects)))
    }

    /// Makes a store that forgets everything; for tests and simulation.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(Arc::new(InMemory::new()))
    }

    /// Hashes one chunk and makes it durable unless it is small: small ones are written with the transaction.
    ///
    /// # Errors
    /// [`ContentError::Objects`] when it could not be written.
    pub async fn prepare_chunk(
        &self,
        tenant: TenantId,
        key: &ChunkKey,
        bytes: Bytes,
    ) -> Result<PreparedChunk, ContentError> {
        let hash = ChunkHash::of(&bytes);
        let quick_xor = QuickXor::of(&bytes);
        let mut chunk = PreparedChunk { hash, id: hash.keyed(key), quick_xor, small: None };
        if bytes.len() <= Self::SMALL {
            chunk.small = Some(bytes);
        } else {
            self.objects.put(&place(tenant, &chunk.id), bytes.into()).await?;
        }
        Ok(chunk)
    }

    /// Reads a chunk from object storage; the caller checks its hash.
    pub(crate) async fn read(&self, tenant: TenantId, id: &ChunkId) -> Result<Bytes, ContentError> {
        Ok(self.objects.get(&place(tenant, id)).await?.bytes().await?)
    }
}

/// Where a chunk lies: a folder per tenant, spread over 256 folders.
fn place(tenant: TenantId, id: &ChunkId) -> Path {
    let name = id.to_string();
    Path::from_iter(["chunks", &tenant.to_string(), &name[..2], &name])
}
