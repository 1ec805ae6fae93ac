//! Explanation: what the agent knows about one path or link. `footbridge explain --json` prints it.

use serde::{Deserialize, Serialize};

use crate::{JournalLine, RootState};

/// What is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// What was asked about.
    pub subject: String,
    /// How it is, as a word scripts can compare: `synced`, `sending`, `fetching`, `waiting`, `problem`, `ignored`,
    /// `unknown`, `outside` (in no synced folder), `stopped` (its folder does not sync), `busy` (no answer yet),
    /// `canSync` (a link that may be added).
    pub verdict: String,
    /// Why, for people.
    pub message: String,
    /// What to do, for people.
    pub remedy: Option<String>,
    /// The synced folder it belongs to.
    pub root: Option<ExplainedRoot>,
    /// As it is on this computer.
    pub here: Option<ItemVersion>,
    /// As the server last told it.
    pub there: Option<ItemVersion>,
    /// As both sides last had it.
    pub agreed: Option<ItemVersion>,
    /// How often it failed in a row.
    pub failures: u32,
    /// Seconds until it is tried again by itself.
    pub next_try: Option<u64>,
    /// What happened to it, newest first.
    pub journal: Vec<JournalLine>,
}

/// The synced folder of an [`Explanation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedRoot {
    /// Names the root in commands.
    pub id: String,
    /// The organization that owns it.
    pub organization: String,
    /// What it is: site, library, folder.
    pub title: String,
    /// Where its files are.
    pub folder: String,
    /// The account it syncs with.
    pub account: String,
    /// How it is.
    pub state: RootState,
    /// What happened to it, for people.
    pub message: Option<String>,
    /// What to do about it, for people.
    pub remedy: Option<String>,
    /// Where the subject is, beneath the folder.
    pub path: String,
}

/// One side's version of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemVersion {
    /// It is a folder.
    pub folder: bool,
    /// Length in bytes; 0 for a folder.
    pub size: u64,
    /// Name of the bytes, where it is known. Equal names are equal bytes.
    pub content: Option<String>,
    /// The server's tag of the item.
    pub tag: Option<String>,
    /// The server's id of the item.
    pub item: Option<String>,
    /// It may be viewed only.
    pub view_only: bool,
}

impl Explanation {
    /// Makes an explanation of what belongs to no synced folder, or of which no more is known.
    #[must_use]
    pub fn short(subject: &str, verdict: &str, message: impl Into<String>) -> Self {
        Self {
            subject: subject.to_owned(),
            verdict: verdict.to_owned(),
            message: message.into(),
            remedy: None,
            root: None,
            here: None,
            there: None,
            agreed: None,
            failures: 0,
            next_try: None,
            journal: Vec::new(),
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}
