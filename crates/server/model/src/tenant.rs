//! Tenant: an organization on this cloud, and its domains (A01).

use jiff::Timestamp;

use crate::{SharingLevel, TenantId};

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Name shown to people.
    pub display_name: String,
    /// The first domain, which never changes and tells organizations of one name apart.
    pub initial_domain: String,
    /// Key of the tenant's chunk names.
    pub chunk_key: [u8; 32],
    /// External sharing of sites (B05).
    pub site_sharing: SharingLevel,
    /// External sharing of personal drives, as set; never looser than `site_sharing` in effect (L-1).
    pub personal_sharing: SharingLevel,
    /// When it was made.
    pub created: Timestamp,
}

/// A verified domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// In lower case.
    pub name: String,
    /// The organization that proved it.
    pub tenant: TenantId,
}
