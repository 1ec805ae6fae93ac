//! Sign-in records: who came in or was kept out, from where, and what each policy said to it (P-3). Administrators read them
//! before they switch a policy on; they are kept for a while only.

use jiff::Timestamp;

use crate::{AccessPolicyId, ClientApp, PolicyState, Presence, SignInId, UserId};

/// What a policy said to a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyResult {
    /// It applied, and what it asks for was given.
    Success,
    /// It applied and kept out.
    Failure,
    /// It applied, and the person can do what is missing.
    ActionRequired,
    /// It did not apply.
    NotApplied,
}

impl PolicyResult {
    /// All results, in the order they are stored.
    pub const ALL: [Self; 4] = [Self::Success, Self::Failure, Self::ActionRequired, Self::NotApplied];
}

/// A policy and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedPolicy {
    /// The policy.
    pub policy: AccessPolicyId,
    /// Its name at that time.
    pub display_name: String,
    /// Whether it was enforced or only reported.
    pub state: PolicyState,
    /// What it said.
    pub result: PolicyResult,
}

/// One sign-in to an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRecord {
    /// Its id.
    pub id: SignInId,
    /// The person's object in the organization.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
    /// From where and on what.
    pub presence: Presence,
    /// With which client.
    pub client_app: ClientApp,
    /// The `AADSTS` number of the refusal; none when they came in.
    pub refused: Option<u32>,
    /// What policies said, in the order of their ids: all that only report, and those enforced that applied.
    pub policies: Vec<AppliedPolicy>,
}
