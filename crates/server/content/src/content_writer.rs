//! Content writer: a stream of unknown length becomes a prepared content, one chunk held at a time.
//!
//! A content of one chunk needs no upload. A longer one gets an upload of its own, whose leases keep its chunks until
//! the item refers to them.

use bytes::Bytes;
use model::{Timestamp, UploadId};
use storage::{Call, Commit, StoredUpload, Unaudited};
use transfer::{ChunkKey, Chunker, ContentBuilder};

use crate::uploads::{self, LEASE, Uploader};
use crate::{ContentError, ContentStore, PreparedChunk, PreparedContent};

/// Writes one content.
pub struct ContentWriter {
    store: ContentStore,
    call: Call,
    upload: UploadId,
    uploader: Uploader,
    key: ChunkKey,
    chunker: Chunker,
    builder: ContentBuilder,
    first: Option<PreparedChunk>,
    leasing: bool,
    written: u64,
}

impl ContentWriter {
    /// Starts a content. `upload` is a fresh id, used when the content turns out to be long.
    ///
    /// # Errors
    /// A storage error.
    pub async fn start(
        store: ContentStore,
        call: Call,
        upload: UploadId,
        uploader: Uploader,
    ) -> Result<Self, ContentError> {
        let key = call.read(uploads::chunk_key).await?;
        Ok(Self {
            store,
            call,
            upload,
            uploader,
            key,
            chunker: Chunker::new(),
            builder: ContentBuilder::new(),
            first: None,
            leasing: false,
            written: 0,
        })
    }

    /// Returns how many bytes were given so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// A failure of storage; the writer must be dropped.
    pub async fn push(&mut self, mut bytes: &[u8], now: Timestamp) -> Result<(), ContentError> {
        self.written += bytes.len() as u64;
        while let Some(chunk) = self.chunker.feed(&mut bytes) {
            self.store_chunk(chunk, now).await?;
        }
        Ok(())
    }

    /// Ends the content. The upload to delete in the item's transaction comes along, if there is one.
    ///
    /// # Errors
    /// A failure of storage.
    pub async fn finish(
        mut self,
        now: Timestamp,
    ) -> Result<(PreparedContent, Option<UploadId>), ContentError> {
        while let Some(chunk) = self.chunker.finish() {
            self.store_chunk(chunk, now).await?;
        }
        let upload = self.leasing.then_some(self.upload);
        Ok((PreparedContent { named: self.builder.finish(), chunk: self.first }, upload))
    }

    async fn store_chunk(&mut self, bytes: Vec<u8>, now: Timestamp) -> Result<(), ContentError> {
        let chunk = self.store.prepare_chunk(&self.call, &self.key, Bytes::from(bytes)).await?;
        let first = self.builder.is_empty();
        self.builder.add_hashed(chunk.entry(), &chunk.quick_xor);
        if first {
            self.first = Some(chunk);
            return Ok(());
        }
        let earlier = self.first.take();
        let (upload, uploader, begin) = (self.upload, self.uploader, !self.leasing);
        let expires = now.saturating_add(LEASE).unwrap_or(now);
        self.call
            .write(move |scope| -> Result<_, ContentError> {
                if begin {
                    let (drive, user) = (uploader.drive, uploader.user);
                    let manifest = Vec::new();
                    let stored = StoredUpload { id: upload, drive, user, manifest, expires, created: now };
                    scope.uploads().create(&stored)?;
                }
                for chunk in earlier.iter().chain([&chunk]) {
                    let _leased = uploads::lease(scope, upload, chunk, expires, now)?;
                }
                Ok(Commit::unaudited((), Unaudited::TransferPlumbing))
            })
            .await?;
        self.leasing = true;
        Ok(())
    }
}
