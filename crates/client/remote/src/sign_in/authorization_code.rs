//! Browser sign-in: authorization code with PKCE, the code coming back over a loopback address.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::discovery::{Discovery, discover};
use super::loopback::{Arrival, Loopback};
use super::{PERSON_LIMIT, SignInContext, SignInError, SignedIn};
use crate::token_endpoint::{SCOPE, TokenAnswer, TokenError, request_token};
use transfer::CLIENT_ID;

/// A sign-in that waits for the browser.
pub struct BrowserSignIn {
    context: SignInContext,
    discovery: Discovery,
    loopback: Loopback,
    page: Url,
    verifier: String,
    nonce: String,
}

impl BrowserSignIn {
    /// Finds the cloud's sign-in page and opens a port for its answer. `address` is pre-filled (A04).
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn begin(context: SignInContext, address: Option<&str>) -> Result<Self, SignInError> {
        let discovery = discover(&context).await?;
        let state = token(&context);
        let nonce = token(&context);
        let verifier = token(&context);
        let loopback = Loopback::open(&context.runtime, &state).await?;
        let mut page = discovery.authorization_endpoint.clone();
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
            .append_pair("client_info", "1");
        if let Some(address) = address {
            page.query_pairs_mut().append_pair("login_hint", address);
        }
        Ok(Self { context, discovery, loopback, page, verifier, nonce })
    }

    /// Returns the page to open in a browser.
    #[must_use]
    pub fn page(&self) -> &str {
        self.page.as_str()
    }

    /// Waits until the person signed in and exchanges the code.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn finish(mut self) -> Result<SignedIn, SignInError> {
        let arrival = self.context.runtime.timeout(PERSON_LIMIT, self.loopback.arrival()).await;
        let code = match arrival {
            Err(_) | Ok(None) => return Err(SignInError::TooLate),
            Ok(Some(Arrival::Refused(text))) => return Err(SignInError::Refused(text)),
            Ok(Some(Arrival::Code(code))) => code,
        };
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", CLIENT_ID),
            ("code", code.as_str()),
            ("redirect_uri", self.loopback.address()),
            ("code_verifier", self.verifier.as_str()),
            ("scope", SCOPE),
            ("client_info", "1"),
        ];
        let address = self.discovery.token_endpoint.as_str();
        let answer = request_token(&self.context.runtime, &*self.context.transport, address, &form)
            .await
            .map_err(|error: TokenError| SignInError::from(error))?;
        match answer {
            TokenAnswer::Tokens(tokens) => SignedIn::from_tokens(&self.context, *tokens, Some(&self.nonce)),
            TokenAnswer::Refused(refusal) => Err(SignInError::Refused(refusal.error_description)),
        }
    }
}

fn token(context: &SignInContext) -> String {
    URL_SAFE_NO_PAD.encode(context.runtime.random::<32>())
}
