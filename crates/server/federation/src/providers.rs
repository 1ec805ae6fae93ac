//! Providers: what is known of issuers. Documents and keys are kept for a while; a key nobody knows is asked for again, but
//! not more often than a stranger's tokens should make this server ask.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::Timestamp;
use runtime::Runtime;
use serde::Deserialize;
use url::Url;

use crate::id_token::{About, verify};
use crate::provider_keys::ProviderKeys;
use crate::{Expected, IdentityClaims, Provider, TokenFault, Web, WebAnswer, WebFault, WebRequest};

/// Seconds for which a document and keys are kept.
const KEPT: i64 = 3_600;
/// Seconds between two times that keys are asked for because a token names one nobody knows.
const PAUSE: i64 = 30;
/// Most issuers kept.
const MOST: usize = 512;

/// Why an issuer's word cannot be had. The texts are for who administers the organization; they hold nothing that an
/// issuer wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderFault {
    /// The issuer is no address.
    #[error("the issuer must be an https address without query and fragment")]
    Issuer,
    /// It cannot be asked.
    #[error(transparent)]
    Web(#[from] WebFault),
    /// It does not say what an issuer says.
    #[error("the issuer's document cannot be used: {0}")]
    Document(&'static str),
    /// It answers with an error.
    #[error("the issuer answered with the status {0}")]
    Status(u16),
    /// It refuses the code.
    #[error("the issuer did not exchange the code; check client id, secret and how the client proves itself")]
    Exchange,
    /// Its token is not believed.
    #[error(transparent)]
    Token(#[from] TokenFault),
}

/// How this server proves to an issuer that it is the client.
#[derive(Clone)]
pub enum Proof {
    /// Not at all: PKCE alone.
    Nothing,
    /// A secret, by HTTP Basic.
    Basic(String),
    /// A secret, in the form.
    Post(String),
    /// A signed assertion (RFC 7523).
    Assertion(String),
}

/// A code with what makes tokens of it.
#[derive(Clone)]
pub struct CodeExchange {
    /// The code.
    pub code: String,
    /// The client.
    pub client_id: String,
    /// How it proves itself.
    pub proof: Proof,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// What fits the challenge.
    pub verifier: String,
}

struct Known {
    provider: Arc<Provider>,
    fetched: Timestamp,
    keys: Option<(Arc<ProviderKeys>, Timestamp)>,
}

/// Issuers, as far as they are known. Cheap to clone.
#[derive(Clone)]
pub struct Providers {
    web: Arc<dyn Web>,
    runtime: Runtime,
    known: Arc<Mutex<BTreeMap<String, Known>>>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

impl Providers {
    /// Starts with nothing known.
    #[must_use]
    pub fn new(web: Arc<dyn Web>, runtime: Runtime) -> Self {
        Self { web, runtime, known: Arc::default() }
    }

    /// Returns what an issuer says about itself, of the last hour.
    ///
    /// # Errors
    /// [`ProviderFault`].
    pub async fn find(&self, issuer: &str) -> Result<Arc<Provider>, ProviderFault> {
        let now = self.runtime.now();
        if let Some(known) = self.lock().get(issuer)
            && is_younger(known.fetched, now, KEPT)
        {
            return Ok(known.provider.clone());
        }
        self.look_up(issuer).await
    }

    /// Asks an issuer anew, for its keys as well: whether an organization's people could sign in there.
    ///
    /// # Errors
    /// [`ProviderFault`].
    pub async fn look_up(&self, issuer: &str) -> Result<Arc<Provider>, ProviderFault> {
        let document = Provider::document(self.web.as_ref(), issuer)?;
        let written = self.get(document, None).await?;
        let provider = Arc::new(Provider::read(self.web.as_ref(), issuer, &written)?);
        let keys = Arc::new(ProviderKeys::read(&self.get(provider.keys.clone(), None).await?)?);
        let now = self.runtime.now();
        let mut known = self.lock();
        if known.len() >= MOST && !known.contains_key(issuer) {
            known.pop_first();
        }
        let entry = Known { provider: provider.clone(), fetched: now, keys: Some((keys, now)) };
        known.insert(issuer.to_owned(), entry);
        drop(known);
        Ok(provider)
    }

    /// Makes of a code what the issuer says about whoever signed in.
    ///
    /// # Errors
    /// [`ProviderFault`].
    pub async fn redeem(
        &self,
        provider: &Provider,
        exchange: CodeExchange,
        nonce: &str,
    ) -> Result<IdentityClaims, ProviderFault> {
        let client_id = exchange.client_id.clone();
        let tokens = self.exchange(provider, exchange).await?;
        let claims = self.verify(provider, &tokens.id_token, &client_id, nonce).await?;
        match (&provider.userinfo, tokens.access_token) {
            (Some(userinfo), Some(token)) if claims.email.is_none() => {
                self.complete(claims, userinfo.clone(), token).await
            }
            _ => Ok(claims),
        }
    }

    async fn exchange(&self, provider: &Provider, exchange: CodeExchange) -> Result<Tokens, ProviderFault> {
        let CodeExchange { code, client_id, proof, redirect_uri, verifier } = exchange;
        let mut fields = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        let mut basic = None;
        match proof {
            Proof::Basic(secret) => basic = Some((form_escaped(&client_id), form_escaped(&secret))),
            Proof::Nothing => fields.push(("client_id", client_id)),
            Proof::Post(secret) => fields.extend([("client_id", client_id), ("client_secret", secret)]),
            Proof::Assertion(assertion) => fields.extend([
                ("client_id", client_id),
                (
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned(),
                ),
                ("client_assertion", assertion),
            ]),
        }
        let answer = self.web.send(WebRequest::Form { url: provider.token.clone(), fields, basic }).await?;
        if answer.status != 200 {
            tracing::info!(issuer = provider.issuer, status = answer.status, "an issuer refused a code");
            return Err(ProviderFault::Exchange);
        }
        serde_json::from_slice(&answer.body).map_err(|_| ProviderFault::Exchange)
    }

    async fn verify(
        &self,
        provider: &Provider,
        token: &str,
        client_id: &str,
        nonce: &str,
    ) -> Result<IdentityClaims, ProviderFault> {
        let now = self.runtime.now();
        let expected = Expected { issuer: &provider.issuer, client_id, nonce, now };
        let kept = self.lock().get(&provider.issuer).and_then(|known| known.keys.clone());
        let (keys, asked) = match kept.filter(|(_, asked)| is_younger(*asked, now, KEPT)) {
            Some(kept) => kept,
            None => (self.ask_for_keys(provider).await?, now),
        };
        match verify(token, &keys, expected) {
            // The issuer may have changed its keys since.
            Err(TokenFault::UnknownKey) if !is_younger(asked, now, PAUSE) => {
                Ok(verify(token, self.ask_for_keys(provider).await?.as_ref(), expected)?)
            }
            verified => Ok(verified?),
        }
    }

    async fn ask_for_keys(&self, provider: &Provider) -> Result<Arc<ProviderKeys>, ProviderFault> {
        let written = self.get(provider.keys.clone(), None).await?;
        let keys = Arc::new(ProviderKeys::read(&written)?);
        let now = self.runtime.now();
        if let Some(known) = self.lock().get_mut(&provider.issuer) {
            known.keys = Some((keys.clone(), now));
        }
        Ok(keys)
    }

    /// Adds what the issuer's userinfo says to a token that says no address.
    async fn complete(
        &self,
        claims: IdentityClaims,
        userinfo: Url,
        token: String,
    ) -> Result<IdentityClaims, ProviderFault> {
        let said = About::read(&self.get(userinfo, Some(token)).await?)
            .ok_or(ProviderFault::Document("its userinfo cannot be read"))?;
        // Core 5.3.2: an answer about another subject is not about this person.
        if said.subject != claims.subject {
            return Err(ProviderFault::Document("its userinfo is about somebody else"));
        }
        Ok(IdentityClaims {
            email: said.email,
            email_verified: said.email_verified,
            preferred_username: claims.preferred_username.or(said.preferred_username),
            name: claims.name.or(said.name),
            ..claims
        })
    }

    async fn get(&self, url: Url, bearer: Option<String>) -> Result<Vec<u8>, ProviderFault> {
        let WebAnswer { status, body } = self.web.send(WebRequest::Get { url, bearer }).await?;
        if status == 200 { Ok(body) } else { Err(ProviderFault::Status(status)) }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_younger(then: Timestamp, now: Timestamp, seconds: i64) -> bool {
    now.as_second().saturating_sub(then.as_second()) < seconds
}

/// Escapes both parts of HTTP Basic as in a form (RFC 6749 section 2.3.1).
fn form_escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
