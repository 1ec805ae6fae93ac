//! State store: what must survive a crash. Observations and attempts, never a queue of work.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync_core::{Fingerprint, Gone, ItemId, LocalId, LocalNode, RemoteNode, SyncedNode};
use transfer::{AccessReport, ContentId, ItemRole, Operation, OperationId};

use super::LocalChange;

/// The control record of a root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// The root item.
    pub item: ItemId,
    /// The root folder the trees belong to; none before the first start.
    pub root: Option<LocalId>,
    /// The person's role at the root, as last told.
    pub role: ItemRole,
    /// Names this installation in operation ids. New after the state was lost.
    pub device: String,
    /// The next number for an operation id.
    pub next_operation: u64,
    /// The next number for an intent.
    pub next_intent: u64,
    /// Where the feed goes on; none for from the beginning.
    pub cursor: Option<String>,
    /// The drive's epoch the cursor belongs to.
    pub epoch: Option<String>,
    /// The last verified access report that was not plainly active.
    pub access: Option<AccessReport>,
    /// The person paused the root.
    pub paused: bool,
    /// Items whose local deletion the person was asked about and answered: delete them.
    pub confirmed_deletes: Vec<ItemId>,
}

/// Number of an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IntentId(pub u64);

/// A step on disk that was about to be taken. Written before, removed in the commit after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Its number.
    pub id: IntentId,
    /// The step.
    pub change: LocalChange,
    /// What it brings into the tree, where a stage is placed.
    pub brings: Option<Brought>,
}

/// A finished stage on its way into the tree. After a crash it is found again by which file it is, wherever a person
/// moved it meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// The item.
    pub item: ItemId,
    /// The bytes.
    pub content: ContentId,
    /// The file.
    pub file: LocalId,
}

/// An operation sent whose answer is not yet committed. Written before sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InFlight {
    /// What was sent, without inline bytes.
    pub operation: Operation,
    /// The file or folder it speaks of, where there is one.
    pub local: Option<LocalId>,
    /// Metadata recorded before the bytes were read.
    pub fingerprint: Option<Fingerprint>,
    /// Local name at that moment.
    pub name: String,
}

/// An upload under way, so that a crash costs no chunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadSession {
    /// The server's name of it.
    pub upload: String,
    /// The file read.
    pub local: LocalId,
    /// Metadata under which it was read.
    pub fingerprint: Fingerprint,
    /// What it uploads.
    pub content: ContentId,
}

/// What kind of thing the journal tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum JournalKind {
    /// Two versions met; both are kept.
    Conflict,
    /// Local content was copied to the rescue folder.
    Rescue,
    /// A mass change was held back, or the hold ended.
    Guard,
    /// Something deleted on one side was restored because the other side still used it.
    Restore,
    /// The root's access state changed.
    Access,
    /// Bytes were not what their name says.
    Integrity,
    /// A crash was recovered from.
    Recovery,
    /// The server's truth was read anew.
    Resync,
}

/// One line of the journal, for people. Append-only, kept at least 90 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// When.
    pub at: Timestamp,
    /// What kind.
    pub kind: JournalKind,
    /// The file or folder, beneath the root.
    pub path: Option<String>,
    /// What happened.
    pub text: String,
}

/// Everything stored of one root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredState {
    /// The control record; none before the first commit.
    pub control: Option<Control>,
    /// Rows of the remote tree.
    pub remote: Vec<RemoteNode>,
    /// Tombstones.
    pub gone: BTreeMap<ItemId, Gone>,
    /// Rows of the local tree.
    pub local: Vec<LocalNode>,
    /// Rows of the synced tree.
    pub synced: Vec<SyncedNode>,
    /// Steps under way.
    pub intents: Vec<Intent>,
    /// Operations without an answer.
    pub in_flight: Vec<InFlight>,
    /// Uploads under way.
    pub uploads: Vec<UploadSession>,
}

/// How sure a commit must be when it returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Durability {
    /// Observations only; losing them costs a scan.
    #[default]
    Observation,
    /// On the platter: intents before a step, results after it, operation ids before sending.
    Full,
}

/// Rows to change in one transaction. All or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateChange {
    /// How sure it must be.
    pub durability: Durability,
    /// The control record, when it changed.
    pub control: Option<Control>,
    /// Remote rows to put; a put removes the tombstone of that item.
    pub remote_put: Vec<RemoteNode>,
    /// Remote rows to remove, each leaving a tombstone.
    pub remote_gone: Vec<(ItemId, Gone)>,
    /// Tombstones nobody needs any more.
    pub gone_forget: Vec<ItemId>,
    /// Removes every remote row and tombstone before the above are applied.
    pub remote_reset: Option<Reset>,
    /// Local rows to put.
    pub local_put: Vec<LocalNode>,
    /// Local rows to remove.
    pub local_remove: Vec<LocalId>,
    /// Synced rows to put.
    pub synced_put: Vec<SyncedNode>,
    /// Synced rows to remove.
    pub synced_remove: Vec<ItemId>,
    /// Intents to add.
    pub intents_add: Vec<Intent>,
    /// Intents to remove.
    pub intents_remove: Vec<IntentId>,
    /// Operations to add before sending.
    pub in_flight_add: Vec<InFlight>,
    /// Operations answered.
    pub in_flight_remove: Vec<OperationId>,
    /// Uploads to put, one per file.
    pub uploads_put: Vec<UploadSession>,
    /// Uploads to forget, by file.
    pub uploads_remove: Vec<LocalId>,
    /// Lines to append to the journal.
    pub journal: Vec<JournalEntry>,
}

/// Marks that rows are dropped before others are put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reset;

/// The store failed. The engine stops before the next step that changes a disk or a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Another process holds the store.
    #[error("another instance uses this root")]
    Locked,
    /// The rows cannot be read back; the root must be linked anew (union mode).
    #[error("the state is damaged: {0}")]
    Damaged(String),
    /// Anything else.
    #[error("the state cannot be saved: {0}")]
    Failed(String),
}

/// The store of one root. Within one engine, calls never overlap.
#[async_trait]
pub trait StateStore: Send + Sync + 'static {
    /// Loads everything.
    ///
    /// # Errors
    /// [`StateError`].
    async fn load(&self) -> Result<StoredState, StateError>;

    /// Applies a change in one transaction. Removals are applied before puts; rows within one change may refer to one
    /// another in any order.
    ///
    /// # Errors
    /// [`StateError`]; nothing of the change is then visible.
    async fn commit(&self, change: StateChange) -> Result<(), StateError>;

    /// Returns the newest lines of the journal, newest first.
    ///
    /// # Errors
    /// [`StateError`].
    async fn journal(&self, limit: usize) -> Result<Vec<JournalEntry>, StateError>;
}
