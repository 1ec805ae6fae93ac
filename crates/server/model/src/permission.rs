//! Permission: a role given to a person or group on a site or on an item and everything beneath it.

use jiff::Timestamp;

use crate::{DriveId, GroupId, ItemId, LinkId, PermissionId, SiteId, TenantId, UserId};

/// What somebody may do, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// View; syncs one way (B15).
    Read,
    /// View and edit.
    Write,
    /// Also decide who has access.
    Owner,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Owner];

    /// Returns Graph's name.
    #[must_use]
    pub const fn graph_name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Owner => "owner",
        }
    }

    /// Reads Graph's name; none for another text.
    #[must_use]
    pub fn from_graph_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.graph_name().eq_ignore_ascii_case(name))
    }
}

/// Where a permission is given. It covers everything beneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PermissionScope {
    /// A site with all its libraries.
    Site(SiteId),
    /// A library (its root), a folder or a file.
    Item {
        /// The library's site.
        site: SiteId,
        /// The library.
        drive: DriveId,
        /// The item.
        item: ItemId,
    },
}

impl PermissionScope {
    /// Returns the site it lies in.
    #[must_use]
    pub const fn site(&self) -> SiteId {
        match self {
            Self::Site(site) | Self::Item { site, .. } => *site,
        }
    }
}

/// Who is given a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// One person.
    User(UserId),
    /// Everybody in a group.
    Group(GroupId),
}

/// A permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Its id.
    pub id: PermissionId,
    /// The tenant.
    pub tenant: TenantId,
    /// Where.
    pub scope: PermissionScope,
    /// Who.
    pub principal: Principal,
    /// What.
    pub role: Role,
    /// The link by whose opening it was given; it ends with the link.
    pub link: Option<LinkId>,
    /// Who gave it; none when the server or operator did.
    pub created_by: Option<UserId>,
    /// When it was given.
    pub created: Timestamp,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// When it was taken away. The row stays, as the proof that there was access.
    pub revoked: Option<Timestamp>,
}
