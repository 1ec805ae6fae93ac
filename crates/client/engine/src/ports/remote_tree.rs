//! Remote tree: the server's side of one sync root. Transport trouble is never an observation.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use transfer::{
    AccessReport, ChunkList, ContentId, ContentRequest, DeltaPage, Manifest, Operation, OperationError,
    OperationId, Outcome, UploadOffer, UploadPlan,
};

use crate::Demand;

/// An operation with its inline bytes; empty unless the operation says `Inline`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The operation.
    pub operation: Operation,
    /// The bytes of a small file.
    pub body: Bytes,
}

/// One content asked for by [`RemoteTree::contents`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedContent {
    /// Position of the request it answers.
    pub index: usize,
    /// The verified bytes, or why not.
    pub bytes: Result<Bytes, OperationError>,
}

/// Small contents as they arrive, in any order, each at most once. An error ends the stream.
pub type ContentStream = BoxStream<'static, Result<FetchedContent, RemoteError>>;

/// Chunks as they arrive, in the order asked for, each verified against its hash. An error ends the stream.
pub type ChunkStream = BoxStream<'static, Result<Bytes, RemoteError>>;

/// An access report whose signature, root, person, nonce and age were checked by the port. Only this may move a root
/// to revoked or suspended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedAccess(pub AccessReport);

/// What to do with what we have when a cursor is not served any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResyncKind {
    /// Enumerate again; what is not listed proves nothing.
    Enumerate,
    /// The drive was restored or rolled back: forget the merge base (union mode).
    EpochChanged,
}

/// Why a request failed as a whole (sync-engine.md 6.4). None of these says anything about a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// No token and none to be had without the person (401 after one refresh).
    #[error("sign-in is needed")]
    SignInNeeded,
    /// The owner's policy asks for something only a person can do in a browser.
    #[error("interaction is needed: {message}")]
    InteractionNeeded {
        /// Page to open; only its origin was checked.
        url: Option<String>,
        /// For people: what is demanded.
        message: String,
        /// What is demanded.
        demand: Demand,
    },
    /// The root was answered 403, 404 or 410. Ask [`RemoteTree::access`]; change nothing meanwhile.
    #[error("the root does not answer")]
    RootRefused,
    /// One thing asked for was answered 404 or 403. Wait for the feed; never a deletion.
    #[error("refused: {0:?}")]
    ItemRefused(Box<OperationError>),
    /// The cursor or the upload is not served any more.
    #[error("start anew")]
    Resync(ResyncKind),
    /// An upload is not known or expired; offer again.
    #[error("the upload expired")]
    UploadGone,
    /// 429 or 503 with a wait.
    #[error("the server asks to wait")]
    Throttled {
        /// How long.
        after: Duration,
    },
    /// 507: the owner's storage is full.
    #[error("the owner's storage is full")]
    QuotaFull,
    /// 422 for a used operation id: a cloned device or a defect. The root must stop.
    #[error("an operation id was used twice")]
    OperationReused,
    /// This client is too old.
    #[error("this version is too old: {0}")]
    ClientTooOld(String),
    /// No answer, a broken one, or 5xx. What was sent may or may not have happened.
    #[error("no connection: {0}")]
    Transport(String),
}

/// The server's side of one sync root.
#[async_trait]
pub trait RemoteTree: Send + Sync + 'static {
    /// Reads the next page of the feed; without a cursor the whole root from the beginning. A page is given only when
    /// it was received and parsed completely.
    ///
    /// # Errors
    /// [`RemoteError::Resync`] when the cursor is not served.
    async fn delta(&self, cursor: Option<&str>) -> Result<DeltaPage, RemoteError>;

    /// Sends independent operations, at most `OperationBatch::MAX_OPERATIONS` and `OperationBatch::MAX_BYTES`, and
    /// answers each in order. Repeating an operation id gives the first answer.
    ///
    /// # Errors
    /// [`RemoteError`]; with `Transport` any of them may have been applied: ask [`RemoteTree::outcomes`].
    async fn apply(&self, operations: Vec<Outgoing>) -> Result<Vec<Outcome>, RemoteError>;

    /// Tells what became of operations whose answer was lost, in order; none for one the server never saw.
    ///
    /// # Errors
    /// [`RemoteError`].
    async fn outcomes(&self, operations: &[OperationId]) -> Result<Vec<Option<Outcome>>, RemoteError>;

    /// Offers a content and learns which chunks to send.
    ///
    /// # Errors
    /// [`RemoteError`].
    async fn offer(&self, offer: UploadOffer) -> Result<UploadPlan, RemoteError>;

    /// Asks what an upload still needs.
    ///
    /// # Errors
    /// [`RemoteError::UploadGone`] when the server forgot it.
    async fn upload_state(&self, upload: &str) -> Result<UploadPlan, RemoteError>;

    /// Sends chunks of an upload, in any order; the caller bounds their sum to `OperationBatch::MAX_BYTES`.
    ///
    /// # Errors
    /// [`RemoteError`]; sending again is harmless.
    async fn send_chunks(&self, upload: &str, chunks: Vec<Bytes>) -> Result<(), RemoteError>;

    /// Asks for small contents (at most `OperationBatch::MAX_INLINE` each) in one request.
    ///
    /// # Errors
    /// [`RemoteError`] before the first byte; later trouble ends the stream.
    async fn contents(&self, requests: Vec<ContentRequest>) -> Result<ContentStream, RemoteError>;

    /// Asks for the manifest of an item's content, verified against the content id.
    ///
    /// # Errors
    /// [`RemoteError::ItemRefused`] when the item has another content by now.
    async fn manifest(&self, item: &str, content: &ContentId) -> Result<Manifest, RemoteError>;

    /// Asks for chunks of one item's content.
    ///
    /// # Errors
    /// [`RemoteError`] before the first byte; later trouble ends the stream.
    async fn chunks(&self, list: ChunkList) -> Result<ChunkStream, RemoteError>;

    /// Asks whether the root is open, with a fresh nonce, and verifies the answer.
    ///
    /// # Errors
    /// [`RemoteError`]; an answer that does not verify is `Transport`.
    async fn access(&self) -> Result<VerifiedAccess, RemoteError>;

    /// Waits until the server says that something may have changed, or that the state of the root may have. Dropping
    /// the future loses no hint. Trouble with the stream is mended inside and ends in a hint.
    async fn hint(&self);
}
