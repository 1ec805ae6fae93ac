//! Status: what a person may know about a root at any moment. "Why is this not syncing?" always has an answer here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync_core::{ItemId, Problem, RelPath};
use transfer::AccessReason;

use crate::Demand;

/// The state of a root (sync-engine.md section 10). Only in `Active`, `ReadOnly` and `Guarded` are files touched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RootState {
    /// Reading what was stored.
    #[default]
    Starting,
    /// Open in both directions.
    Active,
    /// Open for reading.
    ReadOnly,
    /// A mass deletion waits for an answer; everything else goes on.
    Guarded,
    /// The owner's policy asks for something a person must do in a browser.
    InteractionNeeded,
    /// The person must sign in again.
    SignInNeeded,
    /// The owner paused outside access.
    Suspended,
    /// The person's access ended. What is on the computer stays.
    Revoked,
    /// The folder on disk is not there as it was.
    Unavailable,
    /// The person paused the root.
    Paused,
    /// Something only a new program or an administrator can mend.
    Stopped,
}

/// One file or folder that does not sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProblemLine {
    /// Where, as the person knows it.
    pub path: String,
    /// Why.
    pub problem: Problem,
    /// Why, for people.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// What is being moved now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferLine {
    /// Where.
    pub path: String,
    /// In which direction.
    pub direction: Direction,
    /// Bytes that have arrived.
    pub done: u64,
    /// Bytes altogether.
    pub total: u64,
}

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// To the server.
    Up,
    /// To this computer.
    Down,
}

/// What happened to one file lately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub path: String,
    /// What.
    pub what: ActivityKind,
}

/// Kinds of [`Activity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ActivityKind {
    /// Sent to the server.
    Uploaded,
    /// Brought to this computer.
    Downloaded,
    /// Renamed or moved, on either side.
    Moved,
    /// Deleted on the server because it was deleted here.
    DeletedThere,
    /// Moved to the trash here because it was deleted there.
    DeletedHere,
    /// Brought back because the other side still used it.
    Restored,
    /// Kept beside the server's version.
    Conflict,
}

/// A mass deletion that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldDeletion {
    /// How many items.
    pub count: usize,
    /// How many the root has.
    pub total: usize,
    /// Some of them.
    pub sample: Vec<ItemId>,
}

/// How many nodes are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Files and folders that are on both sides.
    pub synced: usize,
    /// Waiting to go to the server.
    pub uploading: usize,
    /// Waiting to come to this computer.
    pub downloading: usize,
    /// Waiting for something else.
    pub pending: usize,
    /// Not syncing.
    pub problems: usize,
    /// Conflict copies on this computer.
    pub conflicts: usize,
}

/// A snapshot of one root.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RootStatus {
    /// The state.
    pub state: RootState,
    /// Why the owner's side closed the root, where it said so.
    pub reason: Option<AccessReason>,
    /// What the owner's policy asks for, where it closed the root.
    pub demand: Option<Demand>,
    /// For people: what happened.
    pub message: String,
    /// For people: what to do.
    pub remedy: String,
    /// Page to open, when the state asks for a browser.
    pub url: Option<String>,
    /// The person may only view it.
    pub view_only: bool,
    /// No connection at the moment; tried again by itself.
    pub offline: bool,
    /// Both sides are equal, apart from problems, as far as is known.
    pub up_to_date: bool,
    /// How many nodes are in which state.
    pub counts: Counts,
    /// Up to 200 of the problems.
    pub problems: Vec<ProblemLine>,
    /// Large transfers under way.
    pub transfers: Vec<TransferLine>,
    /// The latest 50 things that happened, newest first.
    pub recent: Vec<Activity>,
    /// A mass deletion that waits for an answer.
    pub held: Option<HeldDeletion>,
    /// When the server was last heard.
    pub last_contact: Option<Timestamp>,
    /// How many commands to look were taken up; what else is said here is younger than the last of them.
    pub looks: u64,
}

impl RootStatus {
    /// Most problems listed.
    pub const MAX_PROBLEMS: usize = 200;
    /// Most activities kept.
    pub const MAX_RECENT: usize = 50;

    pub(crate) fn note(&mut self, at: Timestamp, path: Option<&RelPath>, what: ActivityKind) {
        let path = path.map(ToString::to_string).unwrap_or_default();
        self.recent.insert(0, Activity { at, path, what });
        self.recent.truncate(Self::MAX_RECENT);
    }
}
