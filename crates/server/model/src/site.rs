//! Site: a place of an organization with libraries, people and its own sharing level (B06, B15).

use jiff::Timestamp;

use crate::{SharingLevel, SiteId, TenantId, UserId};

/// A site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// The tenant.
    pub tenant: TenantId,
    /// Name in addresses, unique in the tenant without regard to case.
    pub name: String,
    /// Name shown to people.
    pub display_name: String,
    /// External sharing as set here. What is in effect is never looser than the organization's and computed on read.
    pub sharing: SharingLevel,
    /// Who made it; none when the operator did.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was deleted.
    pub deleted: Option<Timestamp>,
    /// Whose personal drive it holds; none for a site of many.
    pub personal_of: Option<UserId>,
}
