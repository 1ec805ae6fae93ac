//! Uploads: a client offers a manifest, hears what is needed, sends it, and commits it with an item.
//!
//! What the client need not send is told only for chunks of contents it may read anyway; every other chunk is asked
//! for, also when the tenant has it, so that nobody learns what others have. What was promised or has arrived is
//! leased until the upload expires, and the lease slides with every arrival. A promise holds only while the uploader
//! may read the item it came from: whoever asks for an upload withdraws the others ([`Upload::withdraw`]).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use model::{DriveId, ItemContent, ItemId, Timestamp, UploadId, UserId};
use storage::{Call, Commit, Lease, Scope, StoredUpload, Unaudited, Writing};
use transfer::{ChunkHash, ChunkId, ChunkKey, ContentBuilder, ContentId, Manifest, QuickXor, UploadPlan};

use crate::prepared::record_named;
use crate::{ContentError, ContentStore, PreparedChunk};

/// How long an upload is kept after its last sign of life.
pub const LEASE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long an upload is kept at most.
pub const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Who uploads to which drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploader {
    /// The drive.
    pub drive: DriveId,
    /// The person; nobody else sees the upload.
    pub user: UserId,
}

/// An upload, with what it may count on.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// The drive it is for.
    pub drive: DriveId,
    /// The content offered.
    pub manifest: Manifest,
    /// Until when it is kept.
    pub expires: Timestamp,
    /// What it may count on, and the item each promise came from.
    leased: BTreeMap<ChunkId, Option<ItemId>>,
    key: ChunkKey,
    created: Timestamp,
}

impl Upload {
    /// Returns the plan as the client hears it: what is still needed, each chunk once.
    #[must_use]
    pub fn plan(&self) -> UploadPlan {
        let mut told = BTreeSet::new();
        let missing = |chunk: &ChunkHash| !self.leased.contains_key(&chunk.keyed(&self.key));
        let need = self.manifest.chunks.iter().map(|chunk| chunk.hash);
        let need = need.filter(missing).filter(|chunk| told.insert(*chunk)).collect();
        UploadPlan { upload: self.id.to_string(), need, expires: self.expires }
    }

    /// Returns the items chunks were promised from.
    #[must_use]
    pub fn bases(&self) -> BTreeSet<ItemId> {
        self.leased.values().flatten().copied().collect()
    }

    /// Withdraws what was promised from an item the uploader may not read any more: it must be sent.
    pub fn withdraw(&mut self, base: ItemId) {
        self.leased.retain(|_, promised| *promised != Some(base));
    }
}

/// Returns the tenant's key of chunk names.
///
/// # Errors
/// A storage error.
pub fn chunk_key<M>(scope: &mut Scope<'_, M>) -> Result<ChunkKey, ContentError> {
    Ok(ChunkKey::from_bytes(scope.tenants().load()?.chunk_key))
}

/// Makes an upload. `readable` are contents the uploader may read, each with the item that has it: their chunks need
/// not be sent again.
///
/// # Errors
/// A storage error.
pub fn offer(
    scope: &mut Scope<'_, Writing>,
    id: UploadId,
    uploader: Uploader,
    manifest: Manifest,
    readable: &[(ItemId, ContentId)],
    now: Timestamp,
) -> Result<Upload, ContentError> {
    let key = chunk_key(scope)?;
    let wanted: BTreeSet<ChunkHash> = manifest.chunks.iter().map(|chunk| chunk.hash).collect();
    let mut leased = BTreeMap::new();
    for (item, content) in readable {
        let Some(stored) = scope.contents().find(content.as_bytes())? else { continue };
        let base = Manifest::decode(&stored.manifest)?;
        for chunk in base.chunks.iter().filter(|chunk| wanted.contains(&chunk.hash)) {
            leased.entry(chunk.hash.keyed(&key)).or_insert(Some(*item));
        }
    }
    let expires = now.saturating_add(LEASE).unwrap_or(now);
    let stored = StoredUpload {
        id,
        drive: uploader.drive,
        user: uploader.user,
        manifest: manifest.encode(),
        expires,
        created: now,
    };
    scope.uploads().create(&stored)?;
    let leases = leased.iter().map(|(chunk, base)| Lease { chunk: *chunk.as_bytes(), base: *base });
    scope.uploads().add_leases(id, &leases.collect::<Vec<_>>())?;
    Ok(Upload { id, drive: uploader.drive, manifest, expires, leased, key, created: now })
}

/// Finds an upload of a person.
///
/// # Errors
/// [`ContentError::UploadNotFound`] when it expired or is not theirs.
pub fn find<M>(
    scope: &mut Scope<'_, M>,
    id: UploadId,
    user: UserId,
    now: Timestamp,
) -> Result<Upload, ContentError> {
    let stored = scope.uploads().find(id)?.filter(|stored| stored.user == user && stored.expires > now);
    let stored = stored.ok_or(ContentError::UploadNotFound)?;
    let leases = scope.uploads().list_leases(id)?.into_iter();
    let leased = leases.map(|lease| (ChunkId::from_bytes(lease.chunk), lease.base)).collect();
    Ok(Upload {
        id,
        drive: stored.drive,
        manifest: Manifest::decode(&stored.manifest)?,
        expires: stored.expires,
        leased,
        key: chunk_key(scope)?,
        created: stored.created,
    })
}

/// Takes one chunk of an upload; one that arrived before is fine. It is durable when this returns.
///
/// # Errors
/// [`ContentError::Mismatch`] when the bytes are not what was announced, [`ContentError::NotOffered`] when they do not
/// belong to the upload.
pub async fn receive(
    store: &ContentStore,
    call: &Call,
    upload: &mut Upload,
    announced: ChunkHash,
    bytes: Bytes,
    now: Timestamp,
) -> Result<(), ContentError> {
    let length = bytes.len() as u64;
    let offered = |entry: &&transfer::ManifestChunk| entry.hash == announced;
    let entry = upload.manifest.chunks.iter().find(offered).ok_or(ContentError::NotOffered)?;
    if u64::from(entry.length) != length || ChunkHash::of(&bytes) != announced {
        return Err(ContentError::Mismatch);
    }
    if upload.leased.contains_key(&announced.keyed(&upload.key)) {
        return Ok(());
    }
    let chunk = store.prepare_chunk(call, &upload.key, bytes).await?;
    let longest = upload.created.saturating_add(LONGEST).unwrap_or(now);
    let expires = now.saturating_add(LEASE).unwrap_or(now).min(longest);
    let (id, chunk_id) = (upload.id, chunk.id);
    call.write(move |scope| lease(scope, id, &chunk, expires, now)).await?;
    upload.expires = expires;
    upload.leased.insert(chunk_id, None);
    Ok(())
}

/// Records the content of a complete upload, in the transaction of the item that gets it. The upload ends. Whoever calls
/// has found it in the same transaction and withdrawn what does not hold any more.
///
/// # Errors
/// [`ContentError::Incomplete`] when chunks are missing, [`ContentError::UploadNotFound`] when it is for another drive,
/// [`ContentError::Mismatch`] when a chunk has another length than the offer said.
pub fn commit(
    scope: &mut Scope<'_, Writing>,
    upload: &Upload,
    drive: DriveId,
    now: Timestamp,
) -> Result<ItemContent, ContentError> {
    if upload.drive != drive {
        return Err(ContentError::UploadNotFound);
    }
    let missing = upload.plan().need.len();
    if missing > 0 {
        return Err(ContentError::Incomplete(missing));
    }
    let content = record_manifest(scope, &upload.manifest, now)?;
    scope.uploads().delete(upload.id)?;
    Ok(content)
}

/// Records a content whose chunks are all stored, and kept by the caller's leases.
pub(crate) fn record_manifest(
    scope: &mut Scope<'_, Writing>,
    manifest: &Manifest,
    now: Timestamp,
) -> Result<ItemContent, ContentError> {
    let key = chunk_key(scope)?;
    let wanted: BTreeSet<ChunkId> = manifest.chunks.iter().map(|chunk| chunk.hash.keyed(&key)).collect();
    let wanted: Vec<[u8; 32]> = wanted.iter().map(|chunk| *chunk.as_bytes()).collect();
    let stored = scope.contents().list_chunks(&wanted)?;
    let registers: BTreeMap<ChunkId, QuickXor> = stored
        .into_iter()
        .map(|(id, chunk)| (ChunkId::from_bytes(id), QuickXor::from_parts(chunk.quick_xor, chunk.length)))
        .collect();
    let mut builder = ContentBuilder::new();
    for entry in &manifest.chunks {
        let register = registers.get(&entry.hash.keyed(&key));
        let register = register.ok_or(ContentError::Damaged(entry.hash))?;
        // The offer lied about the length of a chunk that need not be sent.
        if register.length() != u64::from(entry.length) {
            return Err(ContentError::Mismatch);
        }
        builder.add_hashed(*entry, register);
    }
    record_named(scope, &builder.finish(), &key, now)
}

/// Records a chunk and leases it for an upload.
pub(crate) fn lease(
    scope: &mut Scope<'_, Writing>,
    upload: UploadId,
    chunk: &PreparedChunk,
    expires: Timestamp,
    now: Timestamp,
) -> Result<Commit<()>, ContentError> {
    chunk.record(scope, now)?;
    scope.uploads().add_leases(upload, &[Lease { chunk: *chunk.id.as_bytes(), base: None }])?;
    scope.uploads().update_expiry(upload, expires)?;
    Ok(Commit::unaudited((), Unaudited::TransferPlumbing))
}
