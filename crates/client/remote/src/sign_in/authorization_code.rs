//! Browser sign-in: the person proves at home who they are; the code comes back over a loopback address.

use super::code_request::CodeRequest;
use super::discovery::{Discovery, discover};
use super::{SignInContext, SignInError, SignedIn, refused};
use crate::claims::claims_parameter;
use crate::token_endpoint::{TokenAnswer, request_token};

/// A sign-in that waits for the browser.
pub struct BrowserSignIn {
    context: SignInContext,
    discovery: Discovery,
    request: CodeRequest,
}

impl BrowserSignIn {
    /// Finds the cloud's sign-in page and opens a port for its answer. `address` is pre-filled (A04).
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn begin(context: SignInContext, address: Option<&str>) -> Result<Self, SignInError> {
        let discovery = discover(&context).await?;
        let hint: Vec<(&str, &str)> = address.map(|address| ("login_hint", address)).into_iter().collect();
        let endpoint = discovery.authorization_endpoint.clone();
        let request = CodeRequest::open(&context.runtime, endpoint, &hint).await?;
        Ok(Self { context, discovery, request })
    }

    /// Returns the page to open in a browser.
    #[must_use]
    pub fn page(&self) -> &str {
        self.request.page()
    }

    /// Waits until the person signed in and exchanges the code.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn finish(self) -> Result<SignedIn, SignInError> {
        let grant = self.request.grant().await?;
        let claims = claims_parameter(None);
        let address = self.discovery.token_endpoint.as_str();
        let form = grant.form(&claims);
        let answer = request_token(&self.context.runtime, &*self.context.transport, address, &form).await?;
        match answer {
            TokenAnswer::Tokens(tokens) => SignedIn::from_tokens(&self.context, *tokens, Some(&grant.nonce)),
            TokenAnswer::Refused(refusal) => Err(refused(refusal)),
        }
    }
}
