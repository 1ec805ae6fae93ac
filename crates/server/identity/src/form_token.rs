//! Form tokens: proof that a form was served to the browser that sends it, against cross-site requests and sign-in
//! as somebody else. Derived, not stored: HMAC over the browser's cookie and the session.

use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;

use crate::Identity;
use crate::keyed_hash::hmac;

/// Name of the key among the cloud's secrets.
pub(crate) const KEY_NAME: &str = "identity.form-token";

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
