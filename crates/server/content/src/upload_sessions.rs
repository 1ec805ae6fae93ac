//! Upload sessions: one content that arrives in fragments of any length, over many requests and restarts.
//!
//! Every byte that was answered for is durable, and the content is cut where one stream of it would be cut, wherever
//! the fragments end. What is not cut yet when a fragment ends waits as a chunk of its own; the next fragment reads it
//! back. Chunks and what waits are leased by an upload of the session's id. Nothing but the parts says how far a
//! session is, so two requests at once cannot disagree with what is stored: the slower one is told so.

use std::time::Duration;

use bytes::Bytes;
use model::{DriveId, ItemContent, ItemId, Timestamp, UploadId, UserId};
use storage::{
    Call, Commit, PartKind, Scope, StoredUpload, StoredUploadSession, Unaudited, UploadPart, Writing,
};
use transfer::{ChunkHash, ChunkKey, Chunker, Manifest, ManifestChunk};

use crate::content_reader::read_chunk;
use crate::uploads::{self, Uploader, chunk_key};
use crate::{ContentError, ContentStore, PreparedChunk};

/// How long a session is kept after its last fragment.
pub const LEASE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// A session and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadSession {
    /// Its id.
    pub id: UploadId,
    /// The drive its content is for.
    pub drive: DriveId,
    /// The person it belongs to.
    pub user: UserId,
    /// What shall be written, as its maker put it.
    pub target: String,
    /// The content's length, once a fragment told it.
    pub total: Option<u64>,
    /// How many bytes are durable, from the start.
    pub received: u64,
    /// The item it ended as, and whether that was new.
    pub finished: Option<(ItemId, bool)>,
    /// Until when it is kept.
    pub expires: Timestamp,
    cut: u64,
    waiting: Vec<UploadPart>,
    created: Timestamp,
}

/// Makes a session.
///
/// # Errors
/// A storage error.
pub fn begin(
    scope: &mut Scope<'_, Writing>,
    id: UploadId,
    uploader: Uploader,
    target: String,
    now: Timestamp,
) -> Result<UploadSession, ContentError> {
    let Uploader { drive, user } = uploader;
    let expires = now.saturating_add(LEASE).unwrap_or(now);
    scope.uploads().create(&StoredUpload { id, drive, user, manifest: Vec::new(), expires, created: now })?;
    let stored =
        StoredUploadSession { id, drive, user, target, total: None, finished: None, expires, created: now };
    scope.upload_sessions().create(&stored)?;
    Ok(session(stored, 0, Vec::new()))
}

/// Finds a session of a person.
///
/// # Errors
/// [`ContentError::UploadNotFound`] when it expired or is not theirs.
pub fn find<M>(
    scope: &mut Scope<'_, M>,
    id: UploadId,
    user: UserId,
    now: Timestamp,
) -> Result<UploadSession, ContentError> {
    let stored = scope.upload_sessions().find(id)?;
    let stored = stored.filter(|stored| stored.user == user && stored.expires > now);
    let stored = stored.ok_or(ContentError::UploadNotFound)?;
    let cut = scope.upload_sessions().cut_end(id)?;
    let waiting = scope.upload_sessions().list_parts(id, PartKind::Waiting, cut)?;
    Ok(session(stored, cut, waiting))
}

fn session(stored: StoredUploadSession, cut: u64, waiting: Vec<UploadPart>) -> UploadSession {
    UploadSession {
        id: stored.id,
        drive: stored.drive,
        user: stored.user,
        target: stored.target,
        total: stored.total,
        received: waiting.last().map_or(cut, |part| part.end.max(cut)),
        finished: stored.finished,
        expires: stored.expires,
        cut,
        waiting,
        created: stored.created,
    }
}

/// Notes a session's length when its first fragment tells it.
///
/// # Errors
/// [`ContentError::OtherLength`] when an earlier one told another.
pub fn note_total(
    scope: &mut Scope<'_, Writing>,
    session: &mut UploadSession,
    total: u64,
) -> Result<(), ContentError> {
    scope.upload_sessions().update_total(session.id, total)?;
    let stored = scope.upload_sessions().find(session.id)?.ok_or(ContentError::UploadNotFound)?;
    session.total = stored.total;
    if session.total == Some(total) { Ok(()) } else { Err(ContentError::OtherLength) }
}

/// Records the content of a complete session in the transaction of the item that gets it.
///
/// # Errors
/// [`ContentError::Incomplete`] when bytes are missing, [`ContentError::UploadNotFound`] when it is not the person's,
/// for another drive, or ended already.
pub fn commit(
    scope: &mut Scope<'_, Writing>,
    id: UploadId,
    uploader: Uploader,
    now: Timestamp,
) -> Result<ItemContent, ContentError> {
    let session = find(scope, id, uploader.user, now)?;
    if session.drive != uploader.drive || session.finished.is_some() {
        return Err(ContentError::UploadNotFound);
    }
    if !session.is_cut() {
        return Err(ContentError::Incomplete(1));
    }
    let parts = scope.upload_sessions().list_parts(id, PartKind::Cut, 0)?;
    let chunks = parts.iter().map(|part| ManifestChunk {
        hash: ChunkHash::from_bytes(part.hash),
        length: u32::try_from(part.end - part.start).unwrap_or(u32::MAX),
    });
    let manifest = Manifest { chunks: chunks.collect() };
    let content = uploads::record_manifest(scope, &manifest, now)?;
    scope.uploads().delete(id)?;
    Ok(content)
}

/// Ends a session without an item; its chunks are left to be collected.
///
/// # Errors
/// A storage error.
pub fn cancel(scope: &mut Scope<'_, Writing>, id: UploadId) -> Result<(), ContentError> {
    scope.upload_sessions().delete(id)?;
    Ok(scope.uploads().delete(id)?)
}

impl UploadSession {
    /// Returns whether every byte has arrived.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.total == Some(self.received)
    }

    /// Returns whether every byte is in its final chunk.
    fn is_cut(&self) -> bool {
        self.total == Some(self.cut)
    }
}

/// Adds bytes to a session. Holds at most one chunk (4 MiB).
pub struct SessionWriter {
    store: ContentStore,
    call: Call,
    session: UploadSession,
    key: ChunkKey,
    chunker: Chunker,
    /// Where the chunker's next chunk starts.
    cut: u64,
    /// Up to where the bytes are durable.
    durable: u64,
}

impl SessionWriter {
    /// Takes a session up where it stands.
    ///
    /// # Errors
    /// A failure of storage.
    pub async fn resume(
        store: ContentStore,
        call: Call,
        session: UploadSession,
    ) -> Result<Self, ContentError> {
        let key = call.read(chunk_key).await?;
        let mut chunker = Chunker::new();
        let mut at = session.cut;
        for part in &session.waiting {
            let length = u32::try_from(part.end - part.start).unwrap_or(u32::MAX);
            let entry = ManifestChunk { hash: ChunkHash::from_bytes(part.hash), length };
            let bytes = read_chunk(&store, &call, &key, entry).await?;
            // A chunk may have ended within this part.
            let skip = usize::try_from(at - part.start).unwrap_or(usize::MAX);
            let mut rest = bytes.get(skip..).unwrap_or_default();
            at += rest.len() as u64;
            // What waited together is shorter than the longest chunk, so nothing is cut here.
            let _none = chunker.feed(&mut rest);
        }
        let (cut, durable) = (session.cut, session.received);
        Ok(Self { store, call, session, key, chunker, cut, durable })
    }

    /// Returns up to where bytes were taken.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.cut + self.chunker.pending().len() as u64
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`ContentError::Superseded`] when another request added to the session meanwhile, or a failure of storage.
    pub async fn push(&mut self, mut bytes: &[u8], now: Timestamp) -> Result<(), ContentError> {
        while let Some(chunk) = self.chunker.feed(&mut bytes) {
            self.store_chunk(chunk, now).await?;
        }
        Ok(())
    }

    /// Ends a fragment: every byte taken is durable when this returns.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub async fn pause(self, now: Timestamp) -> Result<(), ContentError> {
        let start = self.durable.max(self.cut);
        let pending = self.chunker.pending();
        let fresh =
            usize::try_from(start - self.cut).ok().and_then(|at| pending.get(at..)).unwrap_or_default();
        if fresh.is_empty() {
            return Ok(());
        }
        let bytes = Bytes::copy_from_slice(fresh);
        self.store_part(PartKind::Waiting, start, bytes, now).await
    }

    /// Ends the content: what waited is cut.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub async fn finish(mut self, now: Timestamp) -> Result<(), ContentError> {
        while let Some(chunk) = self.chunker.finish() {
            self.store_chunk(chunk, now).await?;
        }
        Ok(())
    }

    async fn store_chunk(&mut self, bytes: Vec<u8>, now: Timestamp) -> Result<(), ContentError> {
        let (start, length) = (self.cut, bytes.len() as u64);
        self.store_part(PartKind::Cut, start, Bytes::from(bytes), now).await?;
        self.cut = start + length;
        self.durable = self.durable.max(self.cut);
        Ok(())
    }

    async fn store_part(
        &self,
        kind: PartKind,
        start: u64,
        bytes: Bytes,
        now: Timestamp,
    ) -> Result<(), ContentError> {
        let end = start + bytes.len() as u64;
        let chunk = self.store.prepare_chunk(&self.call, &self.key, bytes).await?;
        let part = UploadPart { kind, start, end, hash: *chunk.hash.as_bytes() };
        let (session, cut) = (self.session.clone(), self.cut);
        self.call
            .write(move |scope| {
                record(scope, &session, cut, &part, &chunk, now)?;
                Ok(Commit::unaudited((), Unaudited::TransferPlumbing))
            })
            .await
    }
}

/// Records a part, if the session still stands where the writer thinks.
fn record(
    scope: &mut Scope<'_, Writing>,
    session: &UploadSession,
    cut: u64,
    part: &UploadPart,
    chunk: &PreparedChunk,
    now: Timestamp,
) -> Result<(), ContentError> {
    let longest = session.created.saturating_add(uploads::LONGEST).unwrap_or(now);
    let expires = now.saturating_add(LEASE).unwrap_or(now).min(longest);
    scope.upload_sessions().update_expiry(session.id, expires)?;
    let present = find(scope, session.id, session.user, now)?;
    let behind = part.kind == PartKind::Waiting && present.received > part.start;
    if present.cut != cut || behind || present.finished.is_some() {
        return Err(ContentError::Superseded);
    }
    let _leased = uploads::lease(scope, session.id, chunk, expires, now)?;
    Ok(scope.upload_sessions().add_part(session.id, part)?)
}
