//! Authorization requests: what a client may ask for, and the code it gets (graph-surface.md 2.4).

use model::{AuthorizationCode, ClientApp, HomeAccount, SignInLine};
use storage::{Commit, Unaudited};
use url::Url;

use crate::account::{check_home, check_resource};
use crate::door::Door;
use crate::secret::Secret;
use crate::sign_in::later;
use crate::{Authority, Client, Identity, IdentityError, Refusal, SignedIn};

/// How long a code lasts, in seconds.
pub(crate) const CODE: i64 = 300;
/// Longest value of any parameter that is kept or echoed, in bytes.
pub(crate) const LONGEST: usize = 2_048;

/// The parameters of an authorization request as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthorizeParameters {
    /// `client_id`
    pub client_id: Option<String>,
    /// `redirect_uri`
    pub redirect_uri: Option<String>,
    /// `response_type`
    pub response_type: Option<String>,
    /// `scope`
    pub scope: Option<String>,
    /// `nonce`
    pub nonce: Option<String>,
    /// `code_challenge`
    pub code_challenge: Option<String>,
    /// `code_challenge_method`
    pub code_challenge_method: Option<String>,
}

/// An authorization request that may be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizeRequest {
    /// The client.
    pub client: Client,
    /// Where the answer goes, exactly as asked for.
    pub redirect_uri: String,
    /// The same, parsed.
    pub redirect: Url,
    /// What is asked for.
    pub scope: String,
    /// The client's nonce.
    pub nonce: Option<String>,
    /// PKCE challenge (S256).
    pub challenge: String,
}

impl AuthorizeParameters {
    /// Reads the client and where its answers go. Until this succeeds nothing may be redirected.
    ///
    /// # Errors
    /// [`Refusal::UnknownClient`] or [`Refusal::RedirectMismatch`], to be shown on a page.
    pub fn destination(&self) -> Result<(Client, String, Url), Refusal> {
        let client = Client::find(self.client_id.as_deref().ok_or(Refusal::Malformed("client_id"))?)
            .ok_or(Refusal::UnknownClient)?;
        let text = self.redirect_uri.clone().ok_or(Refusal::Malformed("redirect_uri"))?;
        let url = client.redirect(&text).ok_or(Refusal::RedirectMismatch)?;
        Ok((client, text, url))
    }

    /// Reads the rest of the request.
    ///
    /// # Errors
    /// A refusal, to be sent to the destination.
    pub fn request(&self) -> Result<AuthorizeRequest, Refusal> {
        let (client, redirect_uri, redirect) = self.destination()?;
        if self.response_type.as_deref() != Some("code") {
            return Err(Refusal::UnsupportedResponse);
        }
        let scope = self.scope.clone().unwrap_or_default();
        if scope.len() > LONGEST || self.nonce.as_ref().is_some_and(|nonce| nonce.len() > LONGEST) {
            return Err(Refusal::Malformed("a parameter is too long"));
        }
        // A challenge of method `plain` would hand the verifier to whoever sees this address.
        if self.code_challenge_method.as_deref() != Some("S256") {
            return Err(Refusal::ChallengeMissing);
        }
        let challenge = self.code_challenge.clone().ok_or(Refusal::ChallengeMissing)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if challenge.len() != 43 || !challenge.chars().all(plain) {
            return Err(Refusal::Malformed("code_challenge"));
        }
        Ok(AuthorizeRequest { client, redirect_uri, redirect, scope, nonce: self.nonce.clone(), challenge })
    }
}

impl Identity {
    /// Issues a code to somebody signed in, after checking the account at home and in the organization.
    ///
    /// # Errors
    /// A refusal such as [`Refusal::NoGuest`] or [`Refusal::InvitationPending`].
    pub async fn issue_code(
        &self,
        authority: Authority,
        request: &AuthorizeRequest,
        person: &SignedIn,
    ) -> Result<Secret, IdentityError> {
        let home = person.home;
        let resource = match authority {
            Authority::Tenant(tenant) => tenant,
            Authority::Home => home.tenant,
        };
        let secret = Secret::fresh(self.runtime(), home.tenant);
        let code = AuthorizationCode {
            code: secret.hash(),
            home,
            resource,
            client: request.client.id.to_owned(),
            redirect_uri: request.redirect_uri.clone(),
            scope: request.scope.clone(),
            nonce: request.nonce.clone(),
            challenge: Some(request.challenge.clone()),
            expires: later(self.runtime().now(), CODE),
            spent: None,
            family: None,
        };
        let door = self.door(ClientApp::MobileAndDesktop).noting();
        let kept = self.keep_code(code, person, door.clone()).await;
        // Who gets a code is remembered with the token that it brings.
        if kept.is_err() {
            self.remember_outcome(&door, kept.as_ref().err()).await;
        }
        kept.map(|()| secret)
    }

    async fn keep_code(
        &self,
        code: AuthorizationCode,
        person: &SignedIn,
        door: Door,
    ) -> Result<(), IdentityError> {
        let HomeAccount { tenant, .. } = code.home;
        let (since, session, proofs) = (person.since, person.line, person.proofs.clone());
        self.boundary(tenant, code.resource)
            .write(move |scope| -> Result<_, IdentityError> {
                let account = check_home(&mut scope.home(), code.home, since)?;
                let door = door.leave(&mut scope.home(), code.home.user, code.resource)?;
                check_resource(&mut scope.resource(), &account, &door, &proofs)?;
                let mut at_home = scope.home();
                at_home.authorization_codes().create(&code)?;
                at_home.evidence().hand_on(session, SignInLine::Code(code.code), Some(code.expires))?;
                Ok(Commit::unaudited((), Unaudited::SignInPlumbing))
            })
            .await
    }
}
