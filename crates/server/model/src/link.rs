//! Sharing link: an address that opens an item. It grants nothing until somebody opens it (sharing-and-guests.md 3.1).
//!
//! Only the hash of a link's secret is kept. What a person gets by opening a link is a permission that names the link
//! and ends with it.

use jiff::Timestamp;

use crate::{LinkId, PermissionScope, Role, SecretHash, TenantId, UserId};

/// Whom a link opens for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// Whoever has it, without sign-in.
    Anyone,
    /// Members of the organization, each after opening it.
    Organization,
    /// The people it names, each after opening it.
    SpecificPeople,
    /// Whoever has access anyway; it adds nothing.
    ExistingAccess,
}

impl LinkKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Anyone, Self::Organization, Self::SpecificPeople, Self::ExistingAccess];

    /// Returns Graph's name (`scope`).
    #[must_use]
    pub const fn graph_name(self) -> &'static str {
        match self {
            Self::Anyone => "anonymous",
            Self::Organization => "organization",
            Self::SpecificPeople => "users",
            Self::ExistingAccess => "existingAccess",
        }
    }

    /// Reads Graph's name in any case; none for another text.
    #[must_use]
    pub fn from_graph_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.graph_name().eq_ignore_ascii_case(name))
    }
}

/// A sharing link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id; Graph shows a link as a permission of this id.
    pub id: LinkId,
    /// The tenant.
    pub tenant: TenantId,
    /// The item it opens. Links are never made for a whole site.
    pub scope: PermissionScope,
    /// Whom it opens for.
    pub kind: LinkKind,
    /// What it lets them do.
    pub role: Role,
    /// Hash of its secret.
    pub token: SecretHash,
    /// Argon2id hash of its password.
    pub password: Option<String>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// When it was taken away.
    pub revoked: Option<Timestamp>,
}

/// Somebody a link names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkRecipient {
    /// Somebody of the directory, member or guest.
    Person(UserId),
    /// Whoever proves by a mailed code that this address is theirs, in the form of `Address::key`.
    Address(String),
}

/// Wrong guesses of a link's password in the present spell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongPasswords {
    /// How many.
    pub count: i64,
    /// When the spell began.
    pub since: Timestamp,
}

/// A one-time code that was mailed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passcode {
    /// Keyed hash of the code; none of it is left when the code was used.
    pub code: Option<SecretHash>,
    /// When it ends.
    pub expires: Timestamp,
    /// Wrong guesses of it.
    pub attempts: i64,
    /// How many codes were mailed to the address for the link since `counted_since`.
    pub sent: i64,
    /// Start of the counted spell.
    pub counted_since: Timestamp,
}

/// A browser in which somebody proved an address by a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasscodeSession {
    /// Hash of the cookie.
    pub token: SecretHash,
    /// The tenant whose links it is for.
    pub tenant: TenantId,
    /// The address, in the form of `Address::key`.
    pub address: String,
    /// When it ends.
    pub expires: Timestamp,
}

/// Whether sharing with people outside makes guests (A05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuestIntegration {
    /// They get a one-time code by mail, no guest, and so no sync.
    Off,
    /// Those whose organization is on this cloud become guests in the directory.
    On,
}

impl GuestIntegration {
    /// Both, in the order they are stored.
    pub const ALL: [Self; 2] = [Self::Off, Self::On];
}
