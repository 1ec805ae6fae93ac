//! Code request: one authorization code with PKCE, on its way from a browser to a loopback address of this program.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use runtime::Runtime;
use sha2::{Digest as _, Sha256};
use transfer::CLIENT_ID;
use url::Url;

use super::loopback::{Arrival, Loopback};
use super::{PERSON_LIMIT, SignInError};
use crate::token_endpoint::SCOPE;

/// A code that was asked for.
pub(crate) struct CodeRequest {
    runtime: Runtime,
    loopback: Loopback,
    page: Url,
    verifier: String,
    nonce: String,
}

/// A code that came, with what proves that this program asked for it.
pub(crate) struct CodeGrant {
    pub code: String,
    pub redirect: String,
    pub verifier: String,
    pub nonce: String,
}

impl CodeRequest {
    /// Opens a port for the answer and makes the address of the page. `more` is added to it.
    pub(crate) async fn open(
        runtime: &Runtime,
        endpoint: Url,
        more: &[(&str, &str)],
    ) -> Result<Self, SignInError> {
        let (state, nonce, verifier) = (token(runtime), token(runtime), token(runtime));
        let loopback = Loopback::open(runtime, &state).await?;
        let mut page = endpoint;
        page.query_pairs_mut()
            .append_pair("client_id", CLIENT_ID)
            .append_pair("response_type", "code")
            .append_pair("response_mode", "query")
            .append_pair("redirect_uri", loopback.address())
            .append_pair("scope", SCOPE)
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())))
            .append_pair("code_challenge_method", "S256")
            .append_pair("client_info", "1")
            .extend_pairs(more);
        Ok(Self { runtime: runtime.clone(), loopback, page, verifier, nonce })
    }

    /// Returns the page to open in a browser.
    pub(crate) fn page(&self) -> &str {
        self.page.as_str()
    }

    /// Waits for the browser.
    pub(crate) async fn grant(mut self) -> Result<CodeGrant, SignInError> {
        match self.runtime.timeout(PERSON_LIMIT, self.loopback.arrival()).await {
            Err(_) | Ok(None) => Err(SignInError::TooLate),
            Ok(Some(Arrival::Refused(text))) => Err(SignInError::Refused(text)),
            Ok(Some(Arrival::Code(code))) => Ok(CodeGrant {
                code,
                redirect: self.loopback.address().to_owned(),
                verifier: self.verifier,
                nonce: self.nonce,
            }),
        }
    }
}

impl CodeGrant {
    /// Returns the form that exchanges the code; `claims` says what this client understands.
    pub(crate) fn form<'a>(&'a self, claims: &'a str) -> Vec<(&'static str, &'a str)> {
        vec![
            ("grant_type", "authorization_code"),
            ("client_id", CLIENT_ID),
            ("code", &self.code),
            ("redirect_uri", &self.redirect),
            ("code_verifier", &self.verifier),
            ("scope", SCOPE),
            ("client_info", "1"),
            ("claims", claims),
        ]
    }
}

fn token(runtime: &Runtime) -> String {
    URL_SAFE_NO_PAD.encode(runtime.random::<32>())
}
