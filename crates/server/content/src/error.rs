//! What can fail when bytes are stored or read.

use storage::StorageError;
use transfer::{ChunkHash, ManifestError};

/// A failure of bytes or of where they are kept.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Object storage failed.
    #[error("object storage failed")]
    Objects(#[from] object_store::Error),
    /// Object storage cannot be used as it is set up.
    #[error("an object cannot be {step} in the storage of contents")]
    Probe {
        /// What was tried.
        step: &'static str,
        /// Why it failed.
        source: object_store::Error,
    },
    /// Object storage does not give back what was written.
    #[error("the storage of contents does not give back what was just written to it")]
    ProbeDiffers,
    /// Object storage does not answer.
    #[error("the storage of contents does not answer")]
    ProbeSilent,
    /// Bytes were prepared so long ago that they may have been removed.
    #[error("the bytes were sent too long ago; send them again")]
    Expired,
    /// Stored bytes are missing or are not what their name says.
    #[error("chunk {0:?} is damaged or missing in storage")]
    Damaged(ChunkHash),
    /// A stored manifest cannot be read.
    #[error("a stored manifest is damaged")]
    Manifest(#[from] ManifestError),
    /// Received bytes are not what their announced name says.
    #[error("the bytes received do not have the hash they were announced with")]
    Mismatch,
    /// The chunk does not belong to the upload.
    #[error("the chunk is not part of the upload's manifest")]
    NotOffered,
    /// The upload does not exist, has expired, or belongs to somebody else.
    #[error("the upload does not exist or has expired")]
    UploadNotFound,
    /// Chunks of the upload are still missing.
    #[error("the upload is not complete; {0} of its chunks are missing")]
    Incomplete(usize),
    /// Fragments tell different lengths of one content.
    #[error("the fragments of an upload tell different lengths of the whole")]
    OtherLength,
    /// Another request added to the upload meanwhile.
    #[error("another request added to the upload at the same time; ask how far it is")]
    Superseded,
    /// The content does not exist.
    #[error("the content does not exist")]
    ContentNotFound,
}
