//! Content store: object storage for chunks too large for the database.
//!
//! An object's name is used once: it ends with when it was prepared and a random number, and the chunk's row says which
//! object holds its bytes. So the database alone decides what exists, nothing depends on conditional writes, and
//! removing an object can never hit bytes that somebody else stores at the same moment.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt;
use model::{TenantId, Timestamp};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use storage::{Call, StoredChunk};
use transfer::{ChunkHash, ChunkId, ChunkKey, QuickXor};

use crate::{ContentError, PreparedChunk};

/// Folder of chunks.
const CHUNKS: &str = "chunks";

/// A place for chunks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ContentStore {
    objects: Arc<dyn ObjectStore>,
}

/// An object of a chunk, as its name tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChunkObject {
    /// The chunk.
    pub(crate) chunk: ChunkId,
    /// The last part of its name.
    pub(crate) object: String,
    /// When it was prepared.
    pub(crate) prepared: Timestamp,
    /// Its whole name.
    pub(crate) place: String,
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

    /// Checks that objects can be written, read back, listed and removed, each within `limit`.
    ///
    /// # Errors
    /// [`ContentError::Probe`] names the step that failed.
    pub async fn probe(&self, runtime: &runtime::Runtime, limit: Duration) -> Result<(), ContentError> {
        let place = Path::from_iter(["probes", &runtime.uuid().to_string()]);
        let written = Bytes::from_static(b"footbridge can write here");
        let steps = async {
            let failed = |step| move |source| ContentError::Probe { step, source };
            self.objects.put(&place, written.clone().into()).await.map_err(failed("written"))?;
            let read = self.objects.get(&place).await.map_err(failed("read"))?;
            let read = read.bytes().await.map_err(failed("read"))?;
            let folder = Path::from("probes");
            let listed: Vec<_> =
                self.objects.list(Some(&folder)).try_collect().await.map_err(failed("listed"))?;
            self.objects.delete(&place).await.map_err(failed("removed"))?;
            let same = read == written && listed.iter().any(|found| found.location == place);
            if same { Ok(()) } else { Err(ContentError::ProbeDiffers) }
        };
        runtime.timeout(limit, steps).await.unwrap_or(Err(ContentError::ProbeSilent))
    }

    /// Hashes one chunk and makes it durable unless it is small: small ones are written with the transaction.
    ///
    /// # Errors
    /// [`ContentError::Objects`] when it could not be written.
    pub async fn prepare_chunk(
        &self,
        call: &Call,
        key: &ChunkKey,
        bytes: Bytes,
    ) -> Result<PreparedChunk, ContentError> {
        let runtime = call.store().runtime();
        let hash = ChunkHash::of(&bytes);
        let quick_xor = QuickXor::of(&bytes);
        let prepared = runtime.now();
        let mut chunk =
            PreparedChunk { hash, id: hash.keyed(key), quick_xor, small: None, object: None, prepared };
        if bytes.len() <= Self::SMALL {
            chunk.small = Some(bytes);
        } else {
            let object = object_name(prepared, runtime.random());
            self.objects.put(&place(call.tenant(), &chunk.id, &object), bytes.into()).await?;
            chunk.object = Some(object);
        }
        Ok(chunk)
    }

    /// Reads the bytes of a stored chunk; the caller checks them. None when they are nowhere.
    pub(crate) async fn read(
        &self,
        tenant: TenantId,
        id: &ChunkId,
        stored: StoredChunk,
    ) -> Result<Option<Bytes>, ContentError> {
        if let Some(bytes) = stored.bytes {
            return Ok(Some(Bytes::from(bytes)));
        }
        let Some(object) = stored.object else { return Ok(None) };
        match self.objects.get(&place(tenant, id, &object)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            found => Ok(Some(found?.bytes().await?)),
        }
    }

    /// Removes an object; one that is gone is fine.
    pub(crate) async fn remove(&self, place: &str) -> Result<(), ContentError> {
        let place = Path::parse(place).map_err(object_store::Error::from)?;
        match self.objects.delete(&place).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Lists one of the 256 folders of a tenant's objects. Names that are none of ours are left out.
    pub(crate) async fn list(&self, tenant: TenantId, folder: u8) -> Result<Vec<ChunkObject>, ContentError> {
        let prefix = Path::from_iter([CHUNKS, &tenant.to_string(), &format!("{folder:02x}")]);
        let found: Vec<Option<ChunkObject>> = self
            .objects
            .list(Some(&prefix))
            .map_ok(|found| ChunkObject::parse(&found.location))
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }
}

impl ChunkObject {
    fn parse(place: &Path) -> Option<Self> {
        let (chunk, object) = place.filename()?.split_once('.')?;
        let micros = i64::from_str_radix(object.get(..16)?, 16).ok()?;
        Some(Self {
            chunk: chunk.parse().ok()?,
            object: object.to_owned(),
            prepared: Timestamp::from_microsecond(micros).ok()?,
            place: place.to_string(),
        })
    }
}

/// The part of a name that makes it one of its kind. It starts with the time, which garbage is told by.
fn object_name(prepared: Timestamp, random: [u8; 8]) -> String {
    format!("{:016x}{:016x}", prepared.as_microsecond(), u64::from_be_bytes(random))
}

/// Where a chunk lies: a folder per tenant, spread over 256 folders. Objects of before names were unique have none.
pub(crate) fn place(tenant: TenantId, id: &ChunkId, object: &str) -> Path {
    let id = id.to_string();
    let name = if object.is_empty() { id.clone() } else { format!("{id}.{object}") };
    Path::from_iter([CHUNKS, &tenant.to_string(), &id[..2], &name])
}

#[cfg(test)]
mod tests {
    use model::TenantId;
    use transfer::{ChunkHash, ChunkKey};

    use super::{ChunkObject, object_name, place};

    #[test]
    fn a_name_tells_its_chunk_and_when_it_was_prepared() {
        let id = ChunkHash::of(b"bytes").keyed(&ChunkKey::from_bytes([1; 32]));
        let prepared = "2026-01-02T03:04:05.000006Z".parse().expect("a time");
        let object = object_name(prepared, [7; 8]);
        let place = place(TenantId::from_random([2; 16]), &id, &object);
        let parsed = ChunkObject::parse(&place).expect("parses");
        assert_eq!((parsed.chunk, &parsed.object, parsed.prepared), (id, &object, prepared));
    }

    #[test]
    fn what_is_not_named_by_this_version_is_never_taken_for_one_of_its_objects() {
        let id = ChunkHash::of(b"bytes").keyed(&ChunkKey::from_bytes([1; 32]));
        for object in ["", "short", "not-hexadecimal-but-long-enough"] {
            let place = place(TenantId::from_random([2; 16]), &id, object);
            assert_eq!(ChunkObject::parse(&place), None, "{place}");
        }
    }
}
