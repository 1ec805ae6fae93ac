//! Delta: the state of what changed in a drive or a folder since a cursor, in an order that can be applied.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ContentId, OperationId};

/// File or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ItemKind {
    /// A file with content.
    File,
    /// A folder.
    Folder,
}

/// What the caller may do with an item (B15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ItemRole {
    /// May read only.
    Read,
    /// May read and change.
    Write,
}

/// The present state of one item, as the caller may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoteItem {
    /// Stable over rename and move within the drive.
    pub id: String,
    /// Parent folder; none for the root of the scope, whose real parent is not told.
    pub parent: Option<String>,
    /// Name as stored. Untrusted on disk.
    pub name: String,
    /// File or folder.
    pub kind: ItemKind,
    /// Length of the content in bytes; 0 for a folder.
    pub size: u64,
    /// Name of the content; none for a folder.
    pub content: Option<ContentId>,
    /// Changes with every change of the item itself.
    pub e_tag: String,
    /// Changes with the content only; empty for a folder.
    pub c_tag: String,
    /// The owner's file time (`fileSystemInfo.lastModifiedDateTime`).
    pub modified: Timestamp,
    /// What the caller may do with it.
    pub role: ItemRole,
    /// The operation that produced this state, so that a client recognises its own change.
    pub op: Option<OperationId>,
}

/// Why an item is no longer in what the caller sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RemovalReason {
    /// Somebody deleted it.
    Deleted,
    /// It was moved out of the scope.
    MovedOut,
    /// The caller may no longer see it. Never a reason to delete on disk (architecture, flow 5).
    AccessRevoked,
}

/// One entry of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum DeltaEntry {
    /// The item exists in this state.
    Item(RemoteItem),
    /// The item is gone from the scope, for a stated reason.
    Removed {
        /// The item.
        id: String,
        /// Why.
        reason: RemovalReason,
        /// The operation that removed it.
        op: Option<OperationId>,
    },
}

/// One page of the feed: parents before children, the latest state per item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeltaPage {
    /// Changes in an order that can be applied.
    pub entries: Vec<DeltaEntry>,
    /// Opaque; present it to go on.
    pub cursor: String,
    /// More pages are ready now.
    pub more: bool,
    /// Changes when the drive was restored or rolled back; absence proves nothing across epochs.
    pub epoch: String,
}
