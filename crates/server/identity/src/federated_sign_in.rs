//! Signing in at an organization's own issuer (X09): the way there, and what comes back.
//!
//! What must fit together — state, nonce, PKCE verifier, issuer, where the person goes on — travels sealed in the browser's
//! own cookie: whoever was not sent from this browser cannot arrive in it, and nothing is stored before somebody signed in.
//! Each organization has its own redirect address, so that one issuer's answer is never taken for another's (RFC 9700 4.4).

use data_encoding::BASE64URL_NOPAD;
use directory::{DirectoryError, Identification, admit_identified, record};
use federation::{CodeExchange, IdentityClaims, Proof, Provider, ProviderFault};
use model::{
    Actor, Address, AddressTrust, ClientAuthentication, Federation, FederationState, HomeAccount, SignInLine,
    TenantId, Timestamp,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use storage::{Commit, Unaudited};
use subtle::ConstantTimeEq as _;

use crate::keys::TokenType;
use crate::secret::Secret;
use crate::sign_in::{SESSION, later};
use crate::{Identity, IdentityError, Refusal};

/// How long somebody may take to sign in there, in seconds.
const AWAY: i64 = 900;
/// How long an assertion lasts, in seconds.
const ASSERTION: i64 = 120;
/// Longest address to go on to, in bytes: a browser keeps a cookie of 4 KiB.
const LONGEST: usize = 2_000;
/// What the seal of a cookie is about.
const SEAL: &[u8] = b"federated sign-in";

/// The way to an issuer.
#[derive(Clone, PartialEq, Eq)]
pub struct Departure {
    /// The address there, with the question.
    pub address: String,
    /// The organization whose issuer it is.
    pub organization: String,
    /// What it calls its sign-in.
    pub sign_in: String,
    /// The issuer's host.
    pub place: String,
    /// For the browser to keep until it comes back.
    pub cookie: String,
}

/// What an issuer sends a browser back with.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ProviderAnswer {
    /// The code.
    pub code: Option<String>,
    /// The state it was asked with.
    pub state: Option<String>,
    /// The issuer, where it names itself.
    pub issuer: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// Somebody who came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Their account.
    pub home: HomeAccount,
    /// Where they go on.
    pub then: String,
    /// When they gave a second factor there, if the issuer says that they did.
    pub second_factor: Option<Timestamp>,
}

/// What a browser keeps meanwhile.
#[derive(Serialize, Deserialize)]
struct Away {
    tenant: String,
    issuer: String,
    state: String,
    nonce: String,
    verifier: String,
    then: String,
    ends: i64,
}

#[derive(Serialize)]
struct AssertionClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: i64,
    exp: i64,
}

impl Identity {
    /// Returns where an organization's issuer sends people back to.
    #[must_use]
    pub fn federated_redirect(&self, tenant: TenantId) -> String {
        format!("{}/{tenant}/sign-in/federated", self.origin())
    }

    /// Asks an issuer what it says about itself, for who names it as an organization's.
    ///
    /// # Errors
    /// [`ProviderFault`], whose text says how to mend it.
    pub async fn look_up_provider(&self, issuer: &str) -> Result<(), ProviderFault> {
        self.0.providers.look_up(issuer).await.map(|_| ())
    }

    /// Sends somebody to their organization's issuer. `then` is where they go on afterwards.
    ///
    /// # Errors
    /// [`Refusal::ProviderUnavailable`], or another when the organization has no issuer.
    pub async fn depart(
        &self,
        tenant: TenantId,
        hint: &Address,
        then: &str,
    ) -> Result<Departure, IdentityError> {
        if then.len() > LONGEST {
            return Err(Refusal::Malformed("the address to go on to after signing in is too long").into());
        }
        let federation = self.federation_in_use(tenant).await?;
        let provider = self.provider(&federation).await?;
        let secret = || BASE64URL_NOPAD.encode(&self.runtime().random::<32>());
        let away = Away {
            tenant: tenant.to_string(),
            issuer: federation.issuer.clone(),
            state: secret(),
            nonce: secret(),
            verifier: secret(),
            then: then.to_owned(),
            ends: later(self.runtime().now(), AWAY).as_second(),
        };
        let mut address = provider.authorization.clone();
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &federation.client_id)
            .append_pair("redirect_uri", &self.federated_redirect(tenant))
            .append_pair("scope", "openid profile email")
            .append_pair("state", &away.state)
            .append_pair("nonce", &away.nonce)
            .append_pair("code_challenge", &BASE64URL_NOPAD.encode(&Sha256::digest(away.verifier.as_bytes())))
            .append_pair("code_challenge_method", "S256")
            .append_pair("login_hint", hint.as_str());
        let plain = serde_json::to_vec(&away).map_err(|_| IdentityError::Key)?;
        let cookie = self.0.grants.seal(SEAL, &plain, self.runtime().random()).ok_or(IdentityError::Key)?;
        Ok(Departure {
            place: provider.authorization.host_str().unwrap_or_default().to_owned(),
            address: address.into(),
            organization: self.tenant(tenant).await?.display_name,
            sign_in: federation.display_name,
            cookie,
        })
    }

    /// Takes somebody in who comes back from their organization's issuer: checks that this browser was sent, has the issuer
    /// say who they are, and finds which member that is.
    ///
    /// # Errors
    /// [`Refusal::ProviderAnswer`] when the answer is not to this browser's question or cannot be believed;
    /// [`Refusal::PersonUnknown`], [`Refusal::AccountDisabled`], [`Refusal::Declined`].
    pub async fn arrive(
        &self,
        tenant: TenantId,
        cookie: &str,
        answer: ProviderAnswer,
    ) -> Result<Arrived, IdentityError> {
        let away = self.away(tenant, cookie, &answer)?;
        let federation = self.federation_in_use(tenant).await?;
        if federation.issuer != away.issuer {
            return Err(Refusal::ProviderAnswer("the organization changed where it signs in").into());
        }
        let provider = self.provider(&federation).await?;
        let names_other = answer.issuer.as_ref().is_some_and(|named| *named != provider.issuer);
        if names_other || (provider.names_itself && answer.issuer.is_none()) {
            return Err(Refusal::ProviderAnswer("it is of another issuer").into());
        }
        if let Some(error) = answer.error {
            return Err(match error.as_str() {
                "access_denied" => Refusal::Declined,
                _ => Refusal::ProviderAnswer("the issuer reports an error"),
            }
            .into());
        }
        let code = answer.code.ok_or(Refusal::ProviderAnswer("it holds no code"))?;
        let exchange = CodeExchange {
            code,
            client_id: federation.client_id.clone(),
            proof: self.proof(&federation, &provider)?,
            redirect_uri: self.federated_redirect(tenant),
            verifier: away.verifier,
        };
        let claims = self.0.providers.redeem(&provider, exchange, &away.nonce).await;
        let claims = claims.map_err(|fault| refused(&federation, &fault))?;
        let second_factor = second_factor(&claims, self.runtime().now());
        let home = self.admit_member(federation, claims).await?;
        Ok(Arrived { home, then: away.then, second_factor })
    }

    /// Starts the session of somebody who came back. What the issuer proved beyond a password is evidence of a factor at
    /// home, as one given here would be.
    ///
    /// # Errors
    /// A storage error.
    pub async fn start_arrived(&self, arrived: &Arrived) -> Result<Secret, IdentityError> {
        let session = self.start_session(arrived.home).await?;
        if let Some(given) = arrived.second_factor {
            let (line, place) = (SignInLine::Session(session.hash()), arrived.home.tenant);
            let ends = later(self.runtime().now(), SESSION);
            self.system(place)
                .write(move |scope| -> Result<_, IdentityError> {
                    scope.evidence().note_second_factor(line, place, given, Some(ends))?;
                    Ok(Commit::unaudited((), Unaudited::SignInPlumbing))
                })
                .await?;
        }
        Ok(session)
    }

    /// Reads what the browser kept, and checks that it was sent from here, a moment ago, with this state.
    fn away(&self, tenant: TenantId, cookie: &str, answer: &ProviderAnswer) -> Result<Away, Refusal> {
        const STRANGER: Refusal =
            Refusal::ProviderAnswer("this browser did not ask for it, or asked too long ago");
        let plain = self.0.grants.open(SEAL, cookie).ok_or(STRANGER)?;
        let away: Away = serde_json::from_slice(&plain).map_err(|_| STRANGER)?;
        let state = answer.state.as_deref().unwrap_or_default();
        let same: bool = state.as_bytes().ct_eq(away.state.as_bytes()).into();
        let here = away.tenant == tenant.to_string() && self.runtime().now().as_second() < away.ends;
        if same && here { Ok(away) } else { Err(STRANGER) }
    }

    async fn federation_in_use(&self, tenant: TenantId) -> Result<Federation, IdentityError> {
        let found = self.system(tenant).read(|scope| scope.federations().find()).await?;
        let used = found.filter(|federation| federation.state == FederationState::On);
        Ok(used.ok_or(Refusal::ProviderAnswer("the organization signs its people in here"))?)
    }

    async fn provider(&self, federation: &Federation) -> Result<std::sync::Arc<Provider>, Refusal> {
        self.0.providers.find(&federation.issuer).await.map_err(|fault| refused(federation, &fault))
    }

    fn proof(&self, federation: &Federation, provider: &Provider) -> Result<Proof, IdentityError> {
        Ok(match &federation.authentication {
            ClientAuthentication::Nothing => Proof::Nothing,
            ClientAuthentication::SecretBasic(secret) => Proof::Basic(secret.0.clone()),
            ClientAuthentication::SecretPost(secret) => Proof::Post(secret.0.clone()),
            ClientAuthentication::OwnKey => {
                let iat = self.runtime().now().as_second();
                let claims = AssertionClaims {
                    iss: &federation.client_id,
                    sub: &federation.client_id,
                    // The issuer's own name: what is made for one issuer is good for no other.
                    aud: &provider.issuer,
                    jti: BASE64URL_NOPAD.encode(&self.runtime().random::<16>()),
                    iat,
                    exp: iat.saturating_add(ASSERTION),
                };
                Proof::Assertion(self.0.keys.sign(TokenType::ClientAssertion, &claims)?)
            }
        })
    }

    async fn admit_member(
        &self,
        federation: Federation,
        claims: IdentityClaims,
    ) -> Result<HomeAccount, IdentityError> {
        let who = identification(&federation, claims);
        let (runtime, actor) = (self.runtime().clone(), Actor::System("sign-in"));
        self.system(federation.tenant)
            .write(move |scope| -> Result<_, IdentityError> {
                let admitted = admit_identified(scope, &runtime, actor, &federation, &who);
                let (user, done) = admitted.map_err(|error| match error {
                    DirectoryError::Storage(error) => IdentityError::from(error),
                    DirectoryError::ForeignDomain => Refusal::PersonOfOtherDomain.into(),
                    _ => Refusal::PersonUnknown.into(),
                })?;
                if !user.enabled {
                    return Err(Refusal::AccountDisabled.into());
                }
                let home = HomeAccount { tenant: user.tenant, user: user.id };
                if done.is_empty() {
                    return Ok(Commit::unaudited(home, Unaudited::SignInPlumbing));
                }
                let proof = record(scope, &runtime, &done)?;
                Ok(Commit::new(home, proof))
            })
            .await
    }
}

/// Reads who somebody is, as far as the organization takes the issuer's word for it.
fn identification(federation: &Federation, claims: IdentityClaims) -> Identification {
    let address = match federation.addresses {
        AddressTrust::Verified => claims.email.filter(|_| claims.email_verified),
        AddressTrust::All => claims.email.or(claims.preferred_username),
    };
    let address = address.and_then(|address| address.parse::<Address>().ok());
    Identification { subject: claims.subject, address, name: claims.name }
}

/// Returns when somebody gave a second factor: the issuer says so as a whole (RFC 8176 `mfa`, a class of the kind), or names
/// something known together with something held or something they are.
fn second_factor(claims: &IdentityClaims, now: Timestamp) -> Option<Timestamp> {
    let says = |words: &[&str]| claims.methods.iter().any(|method| words.contains(&method.as_str()));
    let classes = ["phr", "phrh", "https://refeds.org/profile/mfa"];
    let classed = claims.class.as_deref().is_some_and(|class| classes.contains(&class));
    let both = says(&["pwd", "pin", "kba"])
        && says(&["otp", "hwk", "swk", "sc", "sms", "tel", "fpt", "face", "iris", "retina", "vbm"]);
    if !says(&["mfa"]) && !both && !classed {
        return None;
    }
    let given = claims.signed_in.and_then(|seconds| Timestamp::from_second(seconds).ok());
    Some(given.map_or(now, |given| given.min(now)))
}

/// Notes why an issuer's word cannot be had, for the operator, and returns what people are told.
fn refused(federation: &Federation, fault: &ProviderFault) -> Refusal {
    tracing::warn!(
        tenant = %federation.tenant,
        issuer = federation.issuer,
        error = fault as &dyn std::error::Error,
        "an organization's issuer did not sign somebody in"
    );
    match fault {
        ProviderFault::Token(_) => Refusal::ProviderAnswer("its id token is not valid"),
        ProviderFault::Exchange => Refusal::ProviderAnswer("the issuer did not accept its own code"),
        _ => Refusal::ProviderUnavailable,
    }
}
