//! Operations: conditional, idempotent changes of a drive, sent many in one request.
//!
//! On the wire a batch is a sequence of packed frames (`pack`): each frame's header is one [`Operation`] as JSON, its
//! body the inline content of a small file or nothing. The answer is an [`OutcomeBatch`] as JSON, in the same order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ContentId, OperationId, RemoteItem};

/// One conditional change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Names the attempt; a repeat gets the first answer.
    pub op: OperationId,
    /// What to change.
    pub change: OperationChange,
}

/// What an operation changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum OperationChange {
    /// Makes a folder; fails when the name is taken.
    #[serde(rename_all = "camelCase")]
    CreateFolder {
        /// Parent folder.
        parent: String,
        /// Name of the new folder.
        name: String,
    },
    /// Makes a file or replaces a file's content.
    #[serde(rename_all = "camelCase")]
    PutFile {
        /// Where.
        target: PutTarget,
        /// Where the bytes come from.
        source: ContentSource,
        /// Content the client hashed; the server refuses other bytes.
        content: ContentId,
        /// Length in bytes.
        size: u64,
        /// The file's own modification time.
        modified: Timestamp,
        /// Set on a conflict copy.
        conflict_of: Option<ConflictOrigin>,
    },
    /// Renames, moves, or both.
    #[serde(rename_all = "camelCase")]
    Move {
        /// The item.
        item: String,
        /// New parent.
        parent: String,
        /// New name.
        name: String,
        /// eTag the client planned from.
        if_match: String,
    },
    /// Deletes a file, or a folder that is empty.
    #[serde(rename_all = "camelCase")]
    Delete {
        /// The item.
        item: String,
        /// eTag of the version to destroy.
        if_match: String,
    },
    /// Brings a deleted item back from the recycle bin, at a place and under a name.
    #[serde(rename_all = "camelCase")]
    Restore {
        /// The deleted item.
        item: String,
        /// Parent folder.
        parent: String,
        /// Name.
        name: String,
    },
}

/// The file a [`OperationChange::PutFile`] writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum PutTarget {
    /// A new file; fails when the name is taken.
    New {
        /// Parent folder.
        parent: String,
        /// Name.
        name: String,
    },
    /// A new version of a file.
    #[serde(rename_all = "camelCase")]
    Existing {
        /// The file.
        item: String,
        /// cTag of the version it replaces.
        if_match: String,
    },
}

/// Where the bytes of a [`OperationChange::PutFile`] are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum ContentSource {
    /// In this frame's body: one chunk of at most 256 KiB, or nothing for an empty file.
    Inline,
    /// In an upload whose chunks have all arrived.
    Upload {
        /// The upload.
        upload: String,
    },
}

/// Where a conflict copy came from (sync-engine.md 4.1, rule 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConflictOrigin {
    /// The item whose name the other version kept.
    pub item: String,
    /// cTag both versions started from.
    pub base: String,
}

/// Many operations; they must not depend on one another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationBatch {
    /// The operations.
    pub operations: Vec<Operation>,
}

impl OperationBatch {
    /// Most operations in one request.
    pub const MAX_OPERATIONS: usize = 200;
    /// Most inline bytes in one request.
    pub const MAX_BYTES: usize = 8 * 1024 * 1024;
    /// Largest content that may travel inline.
    pub const MAX_INLINE: usize = 256 * 1024;
}

/// Why an operation was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationError {
    /// HTTP status the operation would have got alone: 400, 403, 404, 409, 412, 422, 507.
    pub status: u16,
    /// Graph error code (`nameAlreadyExists`, `resourceModified`, `accessDenied`, `itemNotFound`, …).
    pub code: String,
    /// For people: what, and how to mend it.
    pub message: String,
    /// The item as it is now, where the caller may see it.
    pub current: Option<RemoteItem>,
}

/// The answer to one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Outcome {
    /// Applied; the item as it is now. A deleted item is told as it was.
    Done {
        /// The item.
        item: RemoteItem,
    },
    /// Refused; nothing changed.
    Refused {
        /// Why.
        error: OperationError,
    },
}

/// The answers, in the order of the operations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeBatch {
    /// One per operation.
    pub outcomes: Vec<Outcome>,
}
