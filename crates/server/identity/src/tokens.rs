//! The token endpoint's grants: code, refresh token, device code; and what a token says (graph-surface.md 2.5).
//!
//! A home refresh token presented at another organization's endpoint yields a token for that organization (flow 3).
//! Refusals that must leave a trace — a replayed code or refresh token revokes its family — are committed, so the
//! transactions return the refusal as a value.

use data_encoding::BASE64URL_NOPAD;
use model::{
    AuthorizationCode, ClientApp, FamilyId, HomeAccount, RefreshFamily, SignInLine, TenantId, Timestamp, User,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use storage::{Boundary, Commit, Scope, StorageError, Unaudited, Writing};
use subtle::ConstantTimeEq;

use crate::account::{AtHome, check_home, check_resource};
use crate::authorize::CODE;
use crate::claims::{AccessClaims, IdClaims};
use crate::door::Door;
use crate::keys::TokenType;
use crate::refresh::{fresh_token, present};
use crate::secret::Secret;
use crate::sign_in::later;
use crate::{Authority, Client, Identity, IdentityError, Refusal};

/// How long an access token lasts, in seconds.
pub(crate) const ACCESS: i64 = 3_600;
/// What a client presents.
#[derive(Clone, PartialEq, Eq)]
pub enum Grant {
    /// A code from the authorization endpoint.
    AuthorizationCode {
        /// The code.
        code: String,
        /// The redirect address it was sent to.
        redirect_uri: String,
        /// The PKCE verifier.
        verifier: Option<String>,
        /// The present refresh token of the line to which the code's sign-in is added; none begins a line (step-up).
        line: Option<String>,
    },
    /// A refresh token of the home organization, whichever organization the token shall be for.
    RefreshToken(String),
    /// A device code.
    DeviceCode(String),
}

/// A request for tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// The organization of the endpoint.
    pub authority: Authority,
    /// The client.
    pub client_id: String,
    /// What it presents.
    pub grant: Grant,
    /// What it asks for; none means what was granted.
    pub scope: Option<String>,
}

/// Tokens for a client. It has no `Debug` form.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TokenAnswer {
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// What was granted.
    pub scope: String,
    /// Seconds the access token lasts.
    pub expires_in: i64,
    /// The same, for clients that ask.
    pub ext_expires_in: i64,
    /// The access token.
    pub access_token: String,
    /// The next refresh token, with `offline_access`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who signed in, with `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// The account at home, which clients file their tokens under.
    pub client_info: String,
}

/// What was decided inside a transaction; signing happens after the commit.
pub(crate) struct Issue {
    pub(crate) home: AtHome,
    pub(crate) user: User,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    pub(crate) line: FamilyId,
    pub(crate) refresh: Option<Secret>,
}

/// What comes with a code.
struct CodeProof {
    redirect_uri: String,
    verifier: Option<String>,
    line: Option<Secret>,
}

impl Identity {
    /// Answers the token endpoint.
    ///
    /// # Errors
    /// A [`Refusal`] with the code its client branches on.
    pub async fn token(&self, request: TokenRequest) -> Result<TokenAnswer, IdentityError> {
        let client = Client::find(&request.client_id).ok_or(Refusal::UnknownClient)?;
        let door = self.door(ClientApp::MobileAndDesktop).noting();
        let issue = match request.grant {
            Grant::AuthorizationCode { code, redirect_uri, verifier, line } => {
                let line = line.map(|line| Secret::parse(&line).ok_or(Refusal::InvalidGrant)).transpose()?;
                let proof = CodeProof { redirect_uri, verifier, line };
                self.redeem_code(request.authority, client, (&code, proof), door.clone()).await
            }
            Grant::RefreshToken(token) => {
                self.refresh(request.authority, client, &token, (request.scope, door.clone())).await
            }
            Grant::DeviceCode(code) => {
                self.redeem_device_code(request.authority, client, &code, door.clone()).await
            }
        };
        self.remember_outcome(&door, issue.as_ref().err()).await;
        self.sign(client, issue?)
    }

    async fn redeem_code(
        &self,
        authority: Authority,
        client: Client,
        (code, proof): (&str, CodeProof),
        door: Door,
    ) -> Result<Issue, IdentityError> {
        let secret = Secret::parse(code).ok_or(Refusal::InvalidGrant)?;
        let (home, hash) = (secret.tenant(), secret.hash());
        let found = self.system(home).read(move |scope| scope.authorization_codes().find(hash)).await?;
        let resource = found.ok_or(Refusal::InvalidGrant)?.resource;
        // A code is good at the endpoint it was made for, or at the one that names no organization.
        if let Authority::Tenant(tenant) = authority
            && tenant != resource
        {
            return Err(Refusal::InvalidGrant.into());
        }
        let now = self.runtime().now();
        let fresh = self.fresh_family(home);
        let (seed, key) = (self.runtime().random::<16>(), self.0.refresh_key);
        self.boundary(home, resource)
            .write(move |scope| -> Result<_, IdentityError> {
                let mut at_home = scope.home();
                let found = at_home.authorization_codes().find(hash)?.ok_or(Refusal::InvalidGrant)?;
                if found.spent.is_some() {
                    if let Some(family) = found.family {
                        at_home.refresh_tokens().revoke_family(family, now)?;
                    }
                    return Ok(Commit::unaudited(Err(Refusal::CodeReused), Unaudited::SignInPlumbing));
                }
                check_code(&found, client, &proof, now)?;
                let joined = match proof.line {
                    None => None,
                    Some(secret) => match present(&mut at_home, secret, client, now)? {
                        Some(place) if place.family.home == found.home => Some(place),
                        Some(_) => return Err(Refusal::InvalidGrant.into()),
                        None => return Ok(signed_out()),
                    },
                };
                let (made, sign_in) = (later(found.expires, -CODE), SignInLine::Code(hash));
                let account = check_home(&mut at_home, found.home, made)?;
                let proofs = at_home.evidence().proofs(sign_in, made)?;
                let door = door.leave(&mut at_home, found.home.user, resource)?;
                let user = check_resource(&mut scope.resource(), &account, &door, &proofs)?;
                let mut at_home = scope.home();
                // A code that was added to a line is no proof against that line when it comes again.
                let begun = joined.is_none().then_some(fresh.0);
                let (line, refresh) = match joined {
                    Some(place) => (place.family.id, Some(place.hand_out(&mut at_home, (&key, seed), now)?)),
                    None => {
                        let kept = start_family(&mut at_home, &fresh, found.home, client, &found.scope, now)?;
                        (fresh.0, kept.then_some(fresh.1))
                    }
                };
                at_home.evidence().hand_on(sign_in, SignInLine::Client(line), None)?;
                if !at_home.authorization_codes().spend(hash, now, begun)? {
                    // Another request was faster; undoing this one leaves the other's tokens alone.
                    return Err(Refusal::CodeReused.into());
                }
                let issue =
                    Issue { home: account, user, scope: found.scope, nonce: found.nonce, line, refresh };
                Ok(Commit::unaudited(Ok(issue), Unaudited::SignInPlumbing))
            })
            .await?
            .map_err(IdentityError::from)
    }

    async fn redeem_device_code(
        &self,
        authority: Authority,
        client: Client,
        code: &str,
        door: Door,
    ) -> Result<Issue, IdentityError> {
        let request = self.poll_device(code, client).await?;
        let (home, signed_in) = request.home.zip(request.signed_in).ok_or(Refusal::DevicePending)?;
        let asked = request.resource.unwrap_or(home.tenant);
        let resource = match authority {
            Authority::Tenant(tenant) if tenant != asked => return Err(Refusal::InvalidGrant.into()),
            _ => asked,
        };
        let now = self.runtime().now();
        let fresh = self.fresh_family(home.tenant);
        self.operator()
            .write(move |cloud| -> Result<_, IdentityError> {
                let account = check_home(&mut cloud.tenant(home.tenant), home, signed_in)?;
                let sign_in = SignInLine::Device(request.device);
                let proofs = cloud.tenant(home.tenant).evidence().proofs(sign_in, signed_in)?;
                let door = door.leave(&mut cloud.tenant(home.tenant), home.user, resource)?;
                let user = check_resource(&mut cloud.tenant(resource), &account, &door, &proofs)?;
                if !cloud.spend_device_code(request.device)? {
                    return Err(Refusal::DeviceUnknown.into());
                }
                let scope = request.scope;
                let mut at_home = cloud.tenant(home.tenant);
                let kept = start_family(&mut at_home, &fresh, home, client, &scope, now)?;
                let (line, refresh) = (fresh.0, kept.then_some(fresh.1));
                at_home.evidence().hand_on(sign_in, SignInLine::Client(line), None)?;
                let issue = Issue { home: account, user, scope, nonce: None, line, refresh };
                Ok(Commit::unaudited(issue, Unaudited::SignInPlumbing))
            })
            .await
    }

    fn sign(&self, client: Client, issue: Issue) -> Result<TokenAnswer, IdentityError> {
        let Issue { home, user, scope, nonce, line, refresh } = issue;
        let now = self.runtime().now();
        let (iat, exp) = (now.as_second(), now.as_second().saturating_add(ACCESS));
        let guest = user.id != home.user.id;
        let claims = AccessClaims {
            aud: self.origin().to_owned(),
            iss: self.issuer(user.tenant),
            iat,
            nbf: iat,
            exp,
            issued_us: now.as_microsecond(),
            tid: user.tenant.to_string(),
            oid: user.id.to_string(),
            sub: user.id.to_string(),
            home_tid: home.user.tenant.to_string(),
            home_oid: home.user.id.to_string(),
            acct: u8::from(guest),
            idp: self.issuer(home.user.tenant),
            azp: client.id.to_owned(),
            sid: Some(line.to_string()),
            scp: graph_scopes(&scope),
            uti: BASE64URL_NOPAD.encode(&self.runtime().random::<16>()),
            ver: "2.0".to_owned(),
        };
        let access_token = self.0.keys.sign(TokenType::Access, &claims)?;
        let id_token = asks_for(&scope, "openid")
            .then(|| {
                let claims = IdClaims {
                    aud: client.id,
                    iss: self.issuer(user.tenant),
                    iat,
                    nbf: iat,
                    exp,
                    tid: user.tenant.to_string(),
                    oid: user.id.to_string(),
                    sub: user.id.to_string(),
                    preferred_username: &home.user.principal_name,
                    name: &home.user.display_name,
                    nonce,
                    ver: "2.0",
                };
                self.0.keys.sign(TokenType::Id, &claims)
            })
            .transpose()?;
        let info =
            serde_json::json!({ "uid": home.user.id.to_string(), "utid": home.user.tenant.to_string() });
        Ok(TokenAnswer {
            token_type: "Bearer",
            scope,
            expires_in: ACCESS,
            ext_expires_in: ACCESS,
            access_token,
            refresh_token: refresh.map(|secret| secret.as_str().to_owned()),
            id_token,
            client_info: BASE64URL_NOPAD.encode(info.to_string().as_bytes()),
        })
    }

    fn fresh_family(&self, home: TenantId) -> (FamilyId, Secret) {
        (FamilyId::from_uuid(self.runtime().uuid()), Secret::fresh(self.runtime(), home))
    }

    pub(crate) fn boundary(&self, home: TenantId, resource: TenantId) -> Boundary {
        Boundary::new(self.0.store.clone(), home, resource)
    }
}

fn check_code(
    code: &AuthorizationCode,
    client: Client,
    proof: &CodeProof,
    now: Timestamp,
) -> Result<(), Refusal> {
    if now >= code.expires {
        return Err(Refusal::CodeExpired);
    }
    if code.client != client.id || code.redirect_uri != proof.redirect_uri {
        return Err(Refusal::InvalidGrant);
    }
    let proven = match (&code.challenge, &proof.verifier) {
        (Some(challenge), Some(verifier)) => {
            let digest = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
            digest.as_bytes().ct_eq(challenge.as_bytes()).into()
        }
        (None, None) => true,
        _ => false,
    };
    if proven { Ok(()) } else { Err(Refusal::VerifierMismatch) }
}

/// Answers that the line ended, after what ended it was written.
fn signed_out() -> Commit<Result<Issue, Refusal>> {
    Commit::unaudited(Err(Refusal::SignInRevoked), Unaudited::SignInPlumbing)
}

/// Begins a line. Returns whether its refresh token was asked for; a line without one ends with its access token.
fn start_family(
    scope: &mut Scope<'_, Writing>,
    (family, refresh): &(FamilyId, Secret),
    home: HomeAccount,
    client: Client,
    granted: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let (client, granted_scope) = (client.id.to_owned(), granted.to_owned());
    let row = RefreshFamily { id: *family, home, client, scope: granted_scope, created: now, revoked: None };
    scope.refresh_tokens().create_family(&row)?;
    let kept = asks_for(granted, "offline_access");
    let mut token = fresh_token(refresh, *family, None, now);
    if !kept {
        token.expires = later(now, ACCESS);
    }
    scope.refresh_tokens().create(&token)?;
    Ok(kept)
}

fn asks_for(scope: &str, word: &str) -> bool {
    scope.split_whitespace().any(|asked| asked == word)
}

/// Leaves out the words that are about the sign-in itself.
fn graph_scopes(scope: &str) -> String {
    let own = |word: &&str| !matches!(*word, "openid" | "profile" | "email" | "offline_access");
    scope.split_whitespace().filter(own).collect::<Vec<_>>().join(" ")
}
