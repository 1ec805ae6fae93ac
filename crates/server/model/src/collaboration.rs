//! Collaboration policy: who may bring guests into the directory, and of which domains (sharing-and-guests.md 4.9).

use crate::DomainMode;

/// Who may invite (`allowInvitesFrom`), fewest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvitesFrom {
    /// Nobody, administrators included.
    Nobody,
    /// Administrators and guest inviters.
    Administrators,
    /// Also every member.
    Members,
    /// Also guests.
    Everyone,
}

impl InvitesFrom {
    /// All values, fewest first, in the order they are stored.
    pub const ALL: [Self; 4] = [Self::Nobody, Self::Administrators, Self::Members, Self::Everyone];

    /// Returns Graph's name.
    #[must_use]
    pub const fn graph_name(self) -> &'static str {
        match self {
            Self::Nobody => "none",
            Self::Administrators => "adminsAndGuestInviters",
            Self::Members => "adminsGuestInvitersAndAllMembers",
            Self::Everyone => "everyone",
        }
    }

    /// Reads Graph's name in any case; none for another text.
    #[must_use]
    pub fn from_graph_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|from| from.graph_name().eq_ignore_ascii_case(name))
    }
}

/// What an organization sets about new guests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CollaborationPolicy {
    /// Who may invite.
    pub invites_from: InvitesFrom,
    /// What the directory's own list of domains means. It concerns who is not yet redeemed (D-8).
    pub domains: DomainMode,
}

impl CollaborationPolicy {
    /// What a new organization has. Guests do not invite, unlike in the original.
    pub const INITIAL: Self = Self { invites_from: InvitesFrom::Members, domains: DomainMode::Unrestricted };
}
