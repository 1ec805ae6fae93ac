//! Group: security groups, and the three groups of each site (B15).

use jiff::Timestamp;

use crate::{GroupId, SiteId, TenantId};

/// What a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKind {
    /// Made by administrators.
    Security,
    /// A site's owners.
    SiteOwners,
    /// A site's members, who edit.
    SiteMembers,
    /// A site's visitors, who view.
    SiteVisitors,
}

/// A group of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// The tenant.
    pub tenant: TenantId,
    /// What it is for.
    pub kind: GroupKind,
    /// Name shown to people.
    pub display_name: String,
    /// The site, for a site's group.
    pub site: Option<SiteId>,
    /// When it was made.
    pub created: Timestamp,
}
