//! Step-up: a person meets what one organization asks for, in the browser, and the sign-in that is there already counts
//! for more (X01). No other organization is asked anything.
//!
//! The code of the organization's own sign-in page is exchanged together with the line's present refresh token, so that
//! the server writes the proof to that line and gives no second one.

use url::Url;

use super::SignInError;
use super::code_request::CodeRequest;
use crate::TokenSource;
use crate::claims::claims_parameter;

/// A step-up that waits for the browser.
pub struct BrowserStepUp {
    tokens: TokenSource,
    tenant: String,
    claims: Option<String>,
    request: CodeRequest,
}

impl BrowserStepUp {
    /// Makes the page of `tenant`, with the person's address filled in and the demand passed on.
    ///
    /// # Errors
    /// [`SignInError`] when no port can be opened.
    pub async fn begin(
        tokens: &TokenSource,
        tenant: &str,
        claims: Option<&str>,
    ) -> Result<Self, SignInError> {
        let account = tokens.account();
        // Made from the account's own origin, so that nobody is sent elsewhere by an answer.
        let address = account.origin.path(&[tenant, "oauth2", "v2.0", "authorize"]);
        let endpoint = Url::parse(&address).map_err(|error| SignInError::Transport(error.to_string()))?;
        let demanded = claims_parameter(claims);
        let more = [("login_hint", account.address.as_str()), ("claims", demanded.as_str())];
        let request = CodeRequest::open(tokens.runtime(), endpoint, &more).await?;
        Ok(Self {
            tokens: tokens.clone(),
            tenant: tenant.to_owned(),
            claims: claims.map(str::to_owned),
            request,
        })
    }

    /// Returns the page to open in a browser.
    #[must_use]
    pub fn page(&self) -> &str {
        self.request.page()
    }

    /// Waits until the person did what was asked for; from then on there is a token for the organization.
    ///
    /// # Errors
    /// [`SignInError`]; the sign-in is then as it was.
    pub async fn finish(self) -> Result<(), SignInError> {
        let grant = self.request.grant().await?;
        Ok(self.tokens.step_up(&self.tenant, grant, self.claims.as_deref()).await?)
    }
}
