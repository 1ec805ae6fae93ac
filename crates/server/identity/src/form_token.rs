//! Form tokens: proof that a form was served to the browser that sends it, against cross-site requests and sign-in
//! as somebody else. Derived, not stored: HMAC over the browser's cookie and the session.

use data_encoding::BASE64URL_NOPAD;
use runtime::Runtime;
use sha2::{Digest, Sha256};
use storage::{Commit, Operator, StorageError, Unaudited};
use subtle::ConstantTimeEq;

use crate::{Identity, IdentityError};

/// Name of this key among the cloud's secrets.
const KEY_NAME: &str = "identity.form-token";
/// SHA-256's block, in bytes.
const BLOCK: usize = 64;

/// Loads the key of form tokens, making it when there is none.
pub(crate) async fn load_key(operator: &Operator, runtime: &Runtime) -> Result<[u8; 32], IdentityError> {
    load_secret(operator, runtime, KEY_NAME).await
}

/// Loads a secret of the cloud, making it when there is none.
pub(crate) async fn load_secret(
    operator: &Operator,
    runtime: &Runtime,
    name: &'static str,
) -> Result<[u8; 32], IdentityError> {
    let fresh = runtime.random::<32>();
    let stored = operator
        .write(move |cloud| -> Result<_, StorageError> {
            let key = cloud.load_or_create_secret(name, &fresh)?;
            Ok(Commit::unaudited(key, Unaudited::SignInPlumbing))
        })
        .await?;
    stored.try_into().map_err(|_| IdentityError::Key)
}

impl Identity {
    /// Returns a fresh secret for a browser's cookie.
    #[must_use]
    pub fn browser_cookie(&self) -> String {
        BASE64URL_NOPAD.encode(&self.runtime().random::<32>())
    }

    /// Returns the token a form must send back: bound to the browser's cookie and to who is signed in.
    #[must_use]
    pub fn form_token(&self, browser: &str, session: Option<&str>) -> String {
        let mut message = Vec::with_capacity(browser.len() + 1 + session.map_or(0, str::len));
        message.extend_from_slice(browser.as_bytes());
        message.push(0);
        message.extend_from_slice(session.unwrap_or_default().as_bytes());
        BASE64URL_NOPAD.encode(&hmac(&self.0.form_key, &message))
    }

    /// Returns whether a form's token is the one this browser was given.
    #[must_use]
    pub fn form_token_fits(&self, browser: &str, session: Option<&str>, token: &str) -> bool {
        let expected = self.form_token(browser, session);
        expected.as_bytes().ct_eq(token.as_bytes()).into()
    }
}

/// HMAC-SHA-256 (RFC 2104) with a 32-byte key.
fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut inner = [0x36; BLOCK];
    let mut outer = [0x5c; BLOCK];
    for (position, byte) in key.iter().enumerate() {
        inner[position] ^= byte;
        outer[position] ^= byte;
    }
    let digest = Sha256::new().chain_update(inner).chain_update(message).finalize();
    Sha256::new().chain_update(outer).chain_update(digest).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::hmac;

    #[test]
    fn hmac_agrees_with_rfc_4231() {
        // Test case 2's key is shorter than 32 bytes; HMAC pads keys with zeros, so this is the same key.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let code = hmac(&key, b"what do ya want for nothing?");
        assert_eq!(data_encoding::HEXLOWER.encode(&code), expected);
    }
}
