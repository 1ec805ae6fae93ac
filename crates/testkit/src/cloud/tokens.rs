//! Tokens of a cloud's people, from the product's own identity provider.

use data_encoding::BASE64URL_NOPAD;
use identity::{
    Authority, AuthorizeParameters, FOOTBRIDGE_CLIENT_ID, Grant, IdentityError, SignedIn, TokenAnswer,
    TokenRequest,
};
use model::{HomeAccount, TenantId};
use sha2::{Digest, Sha256};

use super::Cloud;

/// Where the client listens for its code.
pub const REDIRECT: &str = "http://127.0.0.1:4711/";
/// The client's secret of one sign-in (PKCE).
pub const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-xyz";
/// What the client asks for.
pub const SCOPE: &str = "openid profile offline_access Files.ReadWrite.All";

/// Describes a good request of the sync client for a code.
#[must_use]
pub fn authorize_parameters() -> AuthorizeParameters {
    AuthorizeParameters {
        client_id: Some(FOOTBRIDGE_CLIENT_ID.to_owned()),
        redirect_uri: Some(REDIRECT.to_owned()),
        response_type: Some("code".to_owned()),
        scope: Some(SCOPE.to_owned()),
        nonce: Some("a nonce".to_owned()),
        code_challenge: Some(BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER))),
        code_challenge_method: Some("S256".to_owned()),
    }
}

impl Cloud {
    /// Signs an account in and returns who the session says it is.
    ///
    /// # Panics
    /// When the session cannot be had.
    pub async fn session(&self, home: HomeAccount) -> SignedIn {
        let cookie = self.identity.start_session(home).await.expect("a session");
        self.identity.session(cookie.as_str()).await.expect("reads").expect("signed in")
    }

    /// Issues a code to the sync client of somebody signed in.
    ///
    /// # Errors
    /// The provider's refusal.
    ///
    /// # Panics
    /// When the request itself is not good.
    pub async fn code(&self, authority: Authority, person: &SignedIn) -> Result<String, IdentityError> {
        let request = authorize_parameters().request().expect("a good request");
        Ok(self.identity.issue_code(authority, &request, person).await?.as_str().to_owned())
    }

    /// Exchanges a code.
    ///
    /// # Errors
    /// The provider's refusal.
    pub async fn exchange(&self, authority: Authority, code: &str) -> Result<TokenAnswer, IdentityError> {
        let (redirect_uri, verifier) = (REDIRECT.to_owned(), Some(VERIFIER.to_owned()));
        let grant = Grant::AuthorizationCode { code: code.to_owned(), redirect_uri, verifier, line: None };
        self.grant(authority, grant).await
    }

    /// Asks the token endpoint's service for what a grant gives to the sync client.
    ///
    /// # Errors
    /// The provider's refusal.
    pub async fn grant(&self, authority: Authority, grant: Grant) -> Result<TokenAnswer, IdentityError> {
        let client_id = FOOTBRIDGE_CLIENT_ID.to_owned();
        self.identity.token(TokenRequest { authority, client_id, grant, scope: None }).await
    }

    /// Signs an account in at home and returns an access token for an organization.
    ///
    /// # Panics
    /// When it gets none.
    pub async fn token(&self, home: HomeAccount, tenant: TenantId) -> String {
        let authority = Authority::Tenant(tenant);
        let code = self.code(authority, &self.session(home).await).await.expect("a code");
        self.exchange(authority, &code).await.expect("tokens").access_token
    }
}
