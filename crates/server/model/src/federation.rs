//! Federation: the issuer outside this cloud at which an organization's members sign in (X09).

use crate::{TenantId, Timestamp, UserId};

/// A secret that must be sent as it is. It has no readable `Debug` form.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedSecret(pub String);

impl std::fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedSecret")
    }
}

/// How this cloud proves to the issuer that it is the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// By nothing but PKCE.
    Nothing,
    /// By a secret in HTTP Basic.
    SecretBasic(SharedSecret),
    /// By a secret in the form.
    SecretPost(SharedSecret),
    /// By an assertion signed with this cloud's own key, which the issuer reads where the cloud publishes it.
    OwnKey,
}

/// Which addresses the issuer's word is taken for. They bind an account once, and only within the organization's domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressTrust {
    /// Those it says it verified.
    Verified,
    /// All, and the sign-in name where it gives no address: it is the organization's own directory.
    All,
}

impl AddressTrust {
    /// Every value.
    pub const ALL: [Self; 2] = [Self::Verified, Self::All];
}

/// What becomes of somebody the issuer knows and the organization does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Newcomers {
    /// They are refused.
    Refused,
    /// They become a member.
    Added,
}

impl Newcomers {
    /// Every value.
    pub const ALL: [Self; 2] = [Self::Refused, Self::Added];
}

/// Whether a federation is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FederationState {
    /// People sign in by password, as without it.
    Off,
    /// People sign in at the issuer; administrators may also use their password.
    On,
}

impl FederationState {
    /// Every value.
    pub const ALL: [Self; 2] = [Self::Off, Self::On];
}

/// Where an organization's members sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Federation {
    /// The organization.
    pub tenant: TenantId,
    /// Name of the sign-in, shown to people.
    pub display_name: String,
    /// The issuer.
    pub issuer: String,
    /// This cloud's client id there.
    pub client_id: String,
    /// How it proves itself.
    pub authentication: ClientAuthentication,
    /// Which addresses count.
    pub addresses: AddressTrust,
    /// What becomes of people nobody knows.
    pub newcomers: Newcomers,
    /// Whether it is used.
    pub state: FederationState,
    /// When it was first set.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
}

/// The lasting bond of a member to somebody of an issuer. Addresses change and are given to others; this does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FederatedSubject {
    /// The issuer.
    pub issuer: String,
    /// Its name for the person.
    pub subject: String,
    /// The member.
    pub user: UserId,
    /// When they were bound.
    pub bound: Timestamp,
}
