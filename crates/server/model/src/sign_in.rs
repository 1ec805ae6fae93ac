//! Sign-in state: sessions, codes and refresh tokens as they are stored. No secret appears here, only its hash.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{FamilyId, HomeAccount, TenantId, UserId};

/// SHA-256 of a secret that a browser or client holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl std::fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretHash")
    }
}

/// A browser in which a member is signed in at home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of the cookie.
    pub token: SecretHash,
    /// The person's home tenant.
    pub tenant: TenantId,
    /// The person there.
    pub user: UserId,
    /// When the password was given.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}

/// A code that a client exchanges for its first tokens, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// Hash of the code.
    pub code: SecretHash,
    /// Who signed in.
    pub home: HomeAccount,
    /// The organization the tokens are for.
    pub resource: TenantId,
    /// The client.
    pub client: String,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// What was asked for.
    pub scope: String,
    /// The client's nonce for its id token.
    pub nonce: Option<String>,
    /// PKCE challenge (S256).
    pub challenge: Option<String>,
    /// When it ends.
    pub expires: Timestamp,
    /// When it was exchanged.
    pub spent: Option<Timestamp>,
    /// The family that came of it, to be revoked when the code is presented again.
    pub family: Option<FamilyId>,
}

/// What a sign-in goes on in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignInLine {
    /// A browser's session, by the hash of its cookie.
    Session(SecretHash),
    /// A code on its way to a client.
    Code(SecretHash),
    /// A device's request that somebody answered.
    Device(SecretHash),
    /// The refresh tokens of one client on one device.
    Client(FamilyId),
}

/// What was proven in a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proofs {
    /// When the password was last given.
    pub signed_in: Timestamp,
    /// When a second factor was last given, by the organization that asked for it.
    pub second_factor: BTreeMap<TenantId, Timestamp>,
}

impl Proofs {
    /// Describes a sign-in in which nothing but the password was given.
    #[must_use]
    pub fn password_alone(signed_in: Timestamp) -> Self {
        Self { signed_in, second_factor: BTreeMap::new() }
    }
}

/// The refresh tokens of one client on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshFamily {
    /// Its id.
    pub id: FamilyId,
    /// Who signed in.
    pub home: HomeAccount,
    /// The client.
    pub client: String,
    /// What was granted.
    pub scope: String,
    /// When the person signed in.
    pub created: Timestamp,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

/// One refresh token of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// Hash of the token.
    pub token: SecretHash,
    /// Its family.
    pub family: FamilyId,
    /// When it was issued.
    pub issued: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// When a newer one was last issued for it.
    pub replaced: Option<Timestamp>,
    /// What it was issued for; none for the first of a family.
    pub predecessor: Option<Predecessor>,
    /// When another token was issued in its place, because it had not been used.
    pub superseded: Option<Timestamp>,
}

/// The refresh token for which another was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Predecessor {
    /// Hash of that token.
    pub token: SecretHash,
    /// What the newer secret was derived with from the older one.
    pub seed: [u8; 16],
}

/// How far a device's request to sign in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceCodeState {
    /// Nobody has answered.
    Pending,
    /// A person allowed it.
    Approved,
    /// A person refused it.
    Declined,
    /// Its tokens were fetched.
    Spent,
}

/// A device's request to sign in (RFC 8628).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCode {
    /// Hash of the code the device polls with.
    pub device: SecretHash,
    /// Hash of the code a person types.
    pub user_code: SecretHash,
    /// The client.
    pub client: String,
    /// The organization the tokens are for; none means the person's home.
    pub resource: Option<TenantId>,
    /// What was asked for.
    pub scope: String,
    /// How far it has come.
    pub state: DeviceCodeState,
    /// Who answered.
    pub home: Option<HomeAccount>,
    /// When they had given their password.
    pub signed_in: Option<Timestamp>,
    /// When the device last asked.
    pub polled: Option<Timestamp>,
    /// When it ends.
    pub expires: Timestamp,
}

/// A key the cloud signs with: the private scalar, which never leaves the server.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Name in a token's header (`kid`).
    pub id: String,
    /// Private scalar of P-256.
    pub private: [u8; 32],
    /// When it was made.
    pub created: Timestamp,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}
