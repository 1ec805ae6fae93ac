//! Identity claims: who signed in, from the id token and `client_info`.
//!
//! The id token came over the connection to its issuer, therefore its signature adds nothing and is not checked
//! (OpenID Connect Core 3.1.3.7, item 6); its nonce is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::SignInError;
use crate::token_endpoint::TokenSet;
use transfer::CLIENT_ID;

/// Who signed in.
pub(crate) struct IdentityClaims {
    pub home_tenant: String,
    pub home_user: String,
    pub address: String,
    pub display_name: String,
}

#[derive(Deserialize)]
struct IdToken {
    aud: String,
    oid: String,
    tid: String,
    nonce: Option<String>,
    #[serde(default)]
    preferred_username: String,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct ClientInfo {
    uid: String,
    utid: String,
}

/// Reads who signed in.
pub(crate) fn read(tokens: &TokenSet, nonce: Option<&str>) -> Result<IdentityClaims, SignInError> {
    let text = tokens.id_token.as_deref().unwrap_or_default();
    let payload = text.split('.').nth(1).unwrap_or_default();
    let claims: IdToken = decode(payload)?;
    if claims.aud != CLIENT_ID || nonce.is_some_and(|nonce| claims.nonce.as_deref() != Some(nonce)) {
        return Err(SignInError::Transport("the cloud answered another sign-in".to_owned()));
    }
    let (home_user, home_tenant) = match tokens.client_info.as_deref() {
        Some(info) => {
            let info: ClientInfo = decode(info)?;
            (info.uid, info.utid)
        }
        None => (claims.oid, claims.tid),
    };
    Ok(IdentityClaims {
        home_tenant,
        home_user,
        address: claims.preferred_username,
        display_name: claims.name,
    })
}

/// Tells whether tokens are another person's than the one of `home_tenant` and `home_user`, or answer another request.
pub(crate) fn is_foreign(tokens: &TokenSet, nonce: &str, home_tenant: &str, home_user: &str) -> bool {
    let info: Option<ClientInfo> = tokens.client_info.as_deref().and_then(|text| decode(text).ok());
    let other = info.is_some_and(|info| info.uid != home_user || info.utid != home_tenant);
    let payload = tokens.id_token.as_deref().and_then(|text| text.split('.').nth(1));
    let claims: Option<IdToken> = payload.and_then(|payload| decode(payload).ok());
    other || claims.is_some_and(|claims| claims.nonce.as_deref() != Some(nonce))
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, SignInError> {
    let broken = || SignInError::Transport("the cloud's answer to the sign-in cannot be read".to_owned());
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| broken())?;
    serde_json::from_slice(&bytes).map_err(|_| broken())
}
