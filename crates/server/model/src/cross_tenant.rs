//! Cross-tenant access: what an organization settles about other organizations, for all of them and for each
//! (sharing-and-guests.md 4.10). Kept as administrators wrote it; what it means for one person is decided by `policy`.

use std::collections::BTreeSet;

use crate::{GroupId, InboundTrust, TenantId, UserId};

/// Whether what is listed is let through or kept out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessType {
    /// Only what is listed passes.
    Allowed,
    /// Everything passes but what is listed.
    Blocked,
}

impl AccessType {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Allowed, Self::Blocked];

    /// Returns Graph's name.
    #[must_use]
    pub const fn graph_name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Blocked => "blocked",
        }
    }

    /// Reads Graph's name in any case; none for another text.
    #[must_use]
    pub fn from_graph_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.graph_name().eq_ignore_ascii_case(name))
    }
}

/// People of the organization they come from, in both directions: their ids and groups at home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossingUsers {
    /// What being listed means.
    pub access: AccessType,
    /// Whether everybody is listed.
    pub all: bool,
    /// People.
    pub users: BTreeSet<UserId>,
    /// Groups.
    pub groups: BTreeSet<GroupId>,
}

/// Resources of the organization that is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossingApplications {
    /// What being listed means.
    pub access: AccessType,
    /// Whether every resource is listed.
    pub all: bool,
    /// Their application ids; `Office365` is one of the words.
    pub ids: BTreeSet<String>,
}

/// Who may cross in one direction, to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// Who.
    pub users: CrossingUsers,
    /// To what.
    pub applications: CrossingApplications,
}

impl Crossing {
    /// Returns the setting that lets everybody reach everything.
    #[must_use]
    pub fn open() -> Self {
        let (access, all) = (AccessType::Allowed, true);
        Self {
            users: CrossingUsers { access, all, users: BTreeSet::new(), groups: BTreeSet::new() },
            applications: CrossingApplications { access, all, ids: BTreeSet::new() },
        }
    }
}

/// Whether invitations are accepted without a page that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consent {
    /// People are asked.
    Asked,
    /// As far as this side is concerned they are not.
    Automatic,
}

impl Consent {
    /// Both, in the order they are stored.
    pub const ALL: [Self; 2] = [Self::Asked, Self::Automatic];
}

/// What is settled about one organization, or by default about all. What is absent is inherited (4.10).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrossTenantSettings {
    /// Who comes in.
    pub inbound: Option<Crossing>,
    /// Which of the own people go there.
    pub outbound: Option<Crossing>,
    /// Which claims are trusted.
    pub trust: Option<InboundTrust>,
    /// Whether their people are asked when they come in.
    pub consent_inbound: Option<Consent>,
    /// Whether the own people are asked when they go there.
    pub consent_outbound: Option<Consent>,
}

/// Whom settings are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partner {
    /// Every organization without settings of its own.
    Default,
    /// One organization.
    Tenant(TenantId),
}
