//! Status: what the agent knows, in a form for people and for scripts. `footbridge status --json` prints it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusSnapshot {
    /// Version of the agent.
    pub program: String,
    /// Folder under which every organization has its own.
    pub sync_home: String,
    /// Who is signed in.
    pub accounts: Vec<AccountStatus>,
    /// What syncs.
    pub roots: Vec<RootStatus>,
    /// Nothing is left to do anywhere, apart from what needs a person.
    pub idle: bool,
    /// How many items of all roots need a person.
    pub problems: u64,
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountStatus {
    /// Names the account in commands; the address will do where it is unique.
    pub key: String,
    /// The cloud.
    pub cloud: String,
    /// Sign-in address.
    pub address: String,
    /// Name.
    pub display_name: String,
}

/// How a root is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RootState {
    /// It has not looked at both sides yet.
    Starting,
    /// Changes are on their way.
    Syncing,
    /// Both sides are equal.
    UpToDate,
    /// Both sides are equal but for items that need a person; their number is in the counts.
    NeedsAttention,
    /// The person paused it.
    Paused,
    /// The cloud cannot be reached; it is tried again.
    Offline,
    /// A mass change is held back until the person says yes.
    Guarded,
    /// The owner's policy asks for something in a browser.
    InteractionNeeded,
    /// The person must sign in again.
    SignInNeeded,
    /// The owner paused outside access.
    Suspended,
    /// The person's access ended. Files stay.
    Revoked,
    /// A policy of this computer keeps it from syncing. Files stay.
    Managed,
    /// The folder on this computer is not there.
    FolderMissing,
    /// The root stopped for another reason.
    Failed,
}

impl RootState {
    /// Tells whether nothing goes on until a person does something.
    #[must_use]
    pub fn is_error(self) -> bool {
        matches!(
            self,
            Self::InteractionNeeded
                | Self::SignInNeeded
                | Self::Suspended
                | Self::Revoked
                | Self::Managed
                | Self::FolderMissing
                | Self::Guarded
                | Self::Failed
        )
    }
}

/// What a root does or has to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RootCounts {
    /// Files and folders in sync.
    pub synced: u64,
    /// Waiting to go to the server.
    pub uploading: u64,
    /// Waiting to come to this computer.
    pub downloading: u64,
    /// Waiting for something else.
    pub pending: u64,
    /// Conflict copies on this computer.
    pub conflicts: u64,
    /// Items that need a person.
    pub problems: u64,
}

/// A large file under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferStatus {
    /// Where, beneath the root.
    pub path: String,
    /// `up` or `down`.
    pub direction: String,
    /// Bytes that have arrived.
    pub done: u64,
    /// Bytes altogether.
    pub total: u64,
}

/// Something that happened lately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecentChange {
    /// When.
    pub at: Timestamp,
    /// Where, beneath the root.
    pub path: String,
    /// What, such as `uploaded`.
    pub what: String,
}

/// A mass deletion that waits for the person's answer (X10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldDeletion {
    /// How many items would be deleted on the server.
    pub count: u64,
    /// How many there are.
    pub total: u64,
}

/// An item that does not sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemProblem {
    /// Where, beneath the root.
    pub path: String,
    /// Why, as a word scripts can compare.
    pub kind: String,
    /// Why, for people.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// A root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RootStatus {
    /// Names the root in commands.
    pub id: String,
    /// The organization that owns it, as it calls itself.
    pub organization: String,
    /// What it is: site, library, folder.
    pub title: String,
    /// Where its files are on this computer.
    pub folder: String,
    /// Where it opens in a browser.
    pub web_url: String,
    /// The account it syncs with.
    pub account: String,
    /// How it is.
    pub state: RootState,
    /// Why, as a word scripts can compare, such as `permissionRemoved`.
    pub reason: Option<String>,
    /// What happened, for people.
    pub message: Option<String>,
    /// What to do, for people.
    pub remedy: Option<String>,
    /// Page that mends it.
    pub page: Option<String>,
    /// Command that leads the person to where they meet what the owner asks for; none where no page mends it.
    #[serde(default)]
    pub resolve: Option<String>,
    /// Changes made here cannot be sent: the share is for viewing only (B15).
    pub view_only: bool,
    /// Numbers.
    pub counts: RootCounts,
    /// Large files under way.
    pub transfers: Vec<TransferStatus>,
    /// What happened lately, newest first.
    pub recent: Vec<RecentChange>,
    /// A mass deletion that waits for an answer.
    pub held: Option<HeldDeletion>,
    /// What does not sync, at most a few hundred.
    pub problems: Vec<ItemProblem>,
    /// When the server was last heard.
    pub last_contact: Option<Timestamp>,
}

/// One line of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalLine {
    /// When.
    pub at: Timestamp,
    /// What kind of thing.
    pub kind: String,
    /// Where, beneath the root.
    pub path: Option<String>,
    /// What happened.
    pub text: String,
}
