//! Decisions of an access review (B09).

use crate::{LinkId, PermissionId, Timestamp, UserId};

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReviewDecision {
    /// The access stays.
    Keep,
    /// It was taken away.
    Remove,
}

impl ReviewDecision {
    /// Every decision; the position is the stored code.
    pub const ALL: [Self; 2] = [Self::Keep, Self::Remove];

    /// Returns the word for programs and records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Remove => "remove",
        }
    }
}

/// What is decided about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReviewSubject {
    /// What a person or group was given.
    Permission(PermissionId),
    /// A link.
    Link(LinkId),
}

impl std::fmt::Display for ReviewSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Permission(id) => write!(f, "permission {id}"),
            Self::Link(id) => write!(f, "link {id}"),
        }
    }
}

/// A decision as it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reviewed {
    /// What was decided.
    pub decision: ReviewDecision,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}
