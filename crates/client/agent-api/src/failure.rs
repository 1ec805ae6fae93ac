//! Failures: why the agent did not do what it was asked, for people and for scripts.

use serde::{Deserialize, Serialize};

/// What went wrong, coarsely. Front ends choose hints and exit codes by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FailureKind {
    /// The request makes no sense, or is of another version.
    BadRequest,
    /// Nobody is signed in to that cloud.
    NoAccount,
    /// The cloud is not known here; the person must be asked.
    UnknownCloud,
    /// The sign-in was refused, or took too long.
    SignInFailed,
    /// The saved sign-in is not valid any more.
    SignInNeeded,
    /// A policy asks for something only a person can do in a browser.
    InteractionNeeded,
    /// A policy of this computer forbids it.
    Managed,
    /// The account cannot open it.
    NoAccess,
    /// There is no such root or account here.
    NotFound,
    /// It is there already.
    AlreadyThere,
    /// The folder cannot be used.
    BadFolder,
    /// The cloud cannot be reached.
    Offline,
    /// This computer failed: disk full, no right to write.
    Computer,
    /// Anything else; a defect.
    Internal,
}

/// A failure, told to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct Failure {
    /// What, coarsely.
    pub kind: FailureKind,
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl Failure {
    /// Makes a failure without a remedy.
    #[must_use]
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), remedy: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}
