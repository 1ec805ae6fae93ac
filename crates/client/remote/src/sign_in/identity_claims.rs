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

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, SignInError> {
    let broken = || SignInError::Transport("the cloud's answer to the sign-in cannot be read".to_owned());
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| broken())?;
    serde_json::from_slice(&bytes).map_err(|_| broken())
}
