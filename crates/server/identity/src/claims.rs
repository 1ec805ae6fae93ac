//! Claims: what tokens say. Ids alone; names and addresses stand only in the id token, which goes to the client.

use serde::{Deserialize, Serialize};

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccessClaims {
    pub(crate) aud: String,
    pub(crate) iss: String,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    /// Issued at, to the microsecond: revocation is that fine.
    pub(crate) issued_us: i64,
    pub(crate) tid: String,
    pub(crate) oid: String,
    pub(crate) sub: String,
    pub(crate) home_tid: String,
    pub(crate) home_oid: String,
    /// 0 for a member, 1 for a guest.
    pub(crate) acct: u8,
    /// The home organization's issuer.
    pub(crate) idp: String,
    pub(crate) azp: String,
    /// The line of the sign-in: its client on its device. Tokens of older servers have none.
    #[serde(default)]
    pub(crate) sid: Option<String>,
    pub(crate) scp: String,
    pub(crate) uti: String,
    pub(crate) ver: String,
}

/// What an application's access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ApplicationClaims {
    pub(crate) aud: String,
    pub(crate) iss: String,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    pub(crate) tid: String,
    pub(crate) oid: String,
    pub(crate) sub: String,
    pub(crate) azp: String,
    /// How the application proved itself: 1 is a secret.
    pub(crate) azpacr: String,
    /// Always `app`; a person's token has none.
    pub(crate) idtyp: String,
    /// Its permissions, for clients. What it may do is read from the database.
    pub(crate) roles: Vec<String>,
    pub(crate) uti: String,
    pub(crate) ver: String,
}

/// What an access token of either kind says. Neither kind has all fields of the other.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum BearerClaims {
    Person(AccessClaims),
    Application(ApplicationClaims),
}

/// What an id token says.
#[derive(Serialize)]
pub(crate) struct IdClaims<'a> {
    pub(crate) aud: &'a str,
    pub(crate) iss: String,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    pub(crate) tid: String,
    pub(crate) oid: String,
    pub(crate) sub: String,
    pub(crate) preferred_username: &'a str,
    pub(crate) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    pub(crate) ver: &'static str,
}
