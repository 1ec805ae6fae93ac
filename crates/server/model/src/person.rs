//! Person: a member or guest object in one tenant's directory (A02, sharing-and-guests.md 4.2).

use jiff::Timestamp;

use crate::{Road, TenantId, UserId};

/// Whether the person belongs to the organization or was invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserKind {
    /// Signs in here.
    Member,
    /// Signs in at a home tenant.
    Guest,
}

/// How far an invitation went (`externalUserState`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuestState {
    /// Invited, not yet accepted.
    PendingAcceptance,
    /// Accepted and bound to a home account.
    Accepted,
}

/// The account a guest is bound to at redemption: never an address (A11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HomeAccount {
    /// The tenant that holds the credential.
    pub tenant: TenantId,
    /// The member object there.
    pub user: UserId,
}

/// The administrative roles (A01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DirectoryRole {
    /// Everything.
    GlobalAdministrator,
    /// Sites and sharing.
    SharePointAdministrator,
    /// May invite guests.
    GuestInviter,
}

/// A directory object for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Object id in this tenant.
    pub id: UserId,
    /// The tenant.
    pub tenant: TenantId,
    /// Member or guest.
    pub kind: UserKind,
    /// Sign-in name; a guest's is `name_domain#EXT#@initial-domain` and never changes.
    pub principal_name: String,
    /// Name shown to people.
    pub display_name: String,
    /// Address mail goes to.
    pub mail: Option<String>,
    /// Whether sign-in to this tenant is allowed.
    pub enabled: bool,
    /// A guest's invitation state; none for members.
    pub guest_state: Option<GuestState>,
    /// A guest's home account once accepted.
    pub home: Option<HomeAccount>,
    /// When the object was made.
    pub created: Timestamp,
    /// When it was deleted; it can be restored for 30 days.
    pub deleted: Option<Timestamp>,
    /// Tokens and sessions older than this are void.
    pub tokens_valid_from: Timestamp,
}

/// Who calls: an authenticated person in the tenant of the call, with the account that proved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The tenant of the call.
    pub tenant: TenantId,
    /// The person's object there.
    pub user: UserId,
    /// Member or guest.
    pub kind: UserKind,
    /// The account at home; for a member the object itself.
    pub home: HomeAccount,
    /// By which road they came.
    pub road: Road,
}
