//! Job: work that follows a change, queued in the same commit and done afterwards.

use jiff::Timestamp;

use crate::{JobId, TenantId};

/// What a job does. The payload's form belongs to the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// Sends one mail; the payload is the mail's facts.
    Mail,
    /// Goes on with the copy of a folder; the payload is the copy's id.
    Copy,
}

/// A queued job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The tenant it runs for.
    pub tenant: TenantId,
    /// What it does.
    pub kind: JobKind,
    /// JSON in the kind's form.
    pub payload: String,
    /// Not before.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
}
