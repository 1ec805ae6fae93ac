//! Id tokens: what an issuer says about somebody, believed only after every check of OpenID Connect Core 3.1.3.7.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, Validation};
use model::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use crate::provider_keys::ProviderKeys;

/// Seconds by which an issuer's clock may differ.
const SKEW: i64 = 120;
/// Seconds after which a token is too old to be the answer to a question of ours, whatever its end.
const OLDEST: i64 = 600;
/// Longest token, in bytes.
const LONGEST: usize = 32 * 1024;
/// Longest subject, in bytes (Core 2).
const SUBJECT: usize = 255;
/// Most methods of a sign-in that are kept.
const METHODS: usize = 16;

/// What a token must say.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// Who issued it.
    pub issuer: &'a str,
    /// Whom it is for.
    pub client_id: &'a str,
    /// The question it answers.
    pub nonce: &'a str,
    /// The time.
    pub now: Timestamp,
}

/// What an issuer says about somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentityClaims {
    /// Its name for them, which never changes and is never given to another.
    pub subject: String,
    /// Their mail address.
    pub email: Option<String>,
    /// Whether the issuer checked that the address is theirs.
    pub email_verified: bool,
    /// The name they sign in with.
    pub preferred_username: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// How they signed in (RFC 8176), such as `pwd` and `mfa`.
    pub methods: Vec<String>,
    /// The class of the sign-in.
    pub class: Option<String>,
    /// When they signed in, in seconds since 1970.
    pub signed_in: Option<i64>,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// It is no token, or has a form that is not read.
    #[error("the id token cannot be read")]
    Malformed,
    /// It is signed in a way that is not accepted.
    #[error("the id token is signed by an algorithm that is not accepted")]
    Algorithm,
    /// Its key is not among the issuer's, as far as they are known.
    #[error("the id token is signed with a key that the issuer does not publish")]
    UnknownKey,
    /// Its signature is not the issuer's.
    #[error("the id token's signature is wrong")]
    Signature,
    /// It is of another issuer.
    #[error("the id token is of another issuer")]
    Issuer,
    /// It is for another client.
    #[error("the id token is for another client")]
    Audience,
    /// It has ended, or begins later.
    #[error("the id token is not of now")]
    Time,
    /// It answers another question.
    #[error("the id token answers another sign-in")]
    Nonce,
}

#[derive(Deserialize)]
struct Header {
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// Providers write booleans as texts as well.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Truth(bool),
    Text(String),
}

impl Flag {
    fn holds(&self) -> bool {
        match self {
            Self::Truth(truth) => *truth,
            Self::Text(text) => text == "true",
        }
    }
}

#[derive(Deserialize)]
struct Written {
    iss: String,
    aud: OneOrMany,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    #[serde(flatten)]
    about: About,
}

/// What a token and the issuer's userinfo both may say.
#[derive(Deserialize)]
pub(crate) struct About {
    sub: String,
    email: Option<String>,
    email_verified: Option<Flag>,
    preferred_username: Option<String>,
    name: Option<String>,
    amr: Option<OneOrMany>,
    acr: Option<String>,
    auth_time: Option<i64>,
}

impl About {
    /// Reads what the issuer's userinfo says; none when it is no such thing.
    pub(crate) fn read(document: &[u8]) -> Option<IdentityClaims> {
        serde_json::from_slice::<Self>(document).ok()?.claims()
    }

    fn claims(self) -> Option<IdentityClaims> {
        if self.sub.is_empty() || self.sub.len() > SUBJECT || self.sub.chars().any(char::is_control) {
            return None;
        }
        let methods = match self.amr {
            None => Vec::new(),
            Some(OneOrMany::One(method)) => vec![method],
            Some(OneOrMany::Many(methods)) => methods,
        };
        Some(IdentityClaims {
            subject: self.sub,
            email: self.email,
            email_verified: self.email_verified.is_some_and(|flag| flag.holds()),
            preferred_username: self.preferred_username,
            name: self.name,
            methods: methods.into_iter().filter(|method| method.len() <= 64).take(METHODS).collect(),
            class: self.acr.filter(|class| class.len() <= SUBJECT),
            signed_in: self.auth_time,
        })
    }
}

/// Returns what a token says, if it is the issuer's answer to the question.
pub(crate) fn verify(
    token: &str,
    keys: &ProviderKeys,
    expected: Expected<'_>,
) -> Result<IdentityClaims, TokenFault> {
    let written = signed(token, keys)?;
    if written.iss != expected.issuer {
        return Err(TokenFault::Issuer);
    }
    check_audience(&written, expected.client_id)?;
    check_times(&written, expected.now)?;
    let nonce = written.nonce.as_deref().unwrap_or_default();
    if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) || expected.nonce.is_empty() {
        return Err(TokenFault::Nonce);
    }
    written.about.claims().ok_or(TokenFault::Malformed)
}

/// Returns what is written in a token that one of the keys signed.
fn signed(token: &str, keys: &ProviderKeys) -> Result<Written, TokenFault> {
    if token.len() > LONGEST {
        return Err(TokenFault::Malformed);
    }
    let (head, _) = token.split_once('.').ok_or(TokenFault::Malformed)?;
    let head = BASE64URL_NOPAD.decode(head.as_bytes()).map_err(|_| TokenFault::Malformed)?;
    let header: Header = serde_json::from_slice(&head).map_err(|_| TokenFault::Malformed)?;
    // What must be understood is not: there is no extension this server knows.
    if header.crit.is_some() {
        return Err(TokenFault::Malformed);
    }
    let algorithm = jsonwebtoken::decode_header(token).map_err(|_| TokenFault::Algorithm)?.alg;
    if matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512) {
        return Err(TokenFault::Algorithm);
    }
    let key = keys.find(header.kid.as_deref(), algorithm).ok_or(TokenFault::UnknownKey)?;
    let mut validation = Validation::new(algorithm);
    // The clock comes from the runtime; the rest is compared by hand, with a fault for each.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    // First the signature alone: what a stranger wrote is not read.
    let value = jsonwebtoken::decode::<Value>(token, key, &validation).map_err(|_| TokenFault::Signature)?;
    serde_json::from_value(value.claims).map_err(|_| TokenFault::Malformed)
}

fn check_audience(written: &Written, client_id: &str) -> Result<(), TokenFault> {
    let (named, alone) = match &written.aud {
        OneOrMany::One(audience) => (audience == client_id, true),
        OneOrMany::Many(all) => (all.iter().any(|audience| audience == client_id), all.len() == 1),
    };
    let authorized = match &written.azp {
        Some(party) => party == client_id,
        None => alone,
    };
    if named && authorized { Ok(()) } else { Err(TokenFault::Audience) }
}

fn check_times(written: &Written, now: Timestamp) -> Result<(), TokenFault> {
    let now = now.as_second();
    let begun = written.iat <= now.saturating_add(SKEW)
        && written.nbf.is_none_or(|from| from <= now.saturating_add(SKEW));
    let fresh = written.iat >= now.saturating_sub(OLDEST.saturating_add(SKEW));
    let lasts = written.exp > now.saturating_sub(SKEW);
    if begun && fresh && lasts { Ok(()) } else { Err(TokenFault::Time) }
}
