//! Tokens: access tokens of every tenant from the one refresh token of home (A03). Single flight, renewed ahead of time.
//!
//! A renewal runs in its own task: dropping a caller can never lose a refresh token that the server just rotated.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use runtime::Runtime;
use tokio::sync::{Mutex as AsyncMutex, oneshot};

use crate::claims::claims_parameter;
use crate::sign_in::code_request::CodeGrant;
use crate::sign_in::identity_claims::is_foreign;
use crate::token_endpoint::{SCOPE, TokenAnswer, TokenError, TokenSet, request_token, token_address};
use crate::token_refusal::{Place, classify};
use crate::{Account, HostGates, SecretStore, Transport};
use transfer::CLIENT_ID;

/// A token this close to its end is not handed out any more.
const LAST_SECONDS: Duration = Duration::from_secs(30);

/// A bearer token. Its text shows up in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(Arc<str>);

impl AccessToken {
    pub(crate) fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// Returns the text for the `Authorization` header.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

struct Cached {
    token: AccessToken,
    renew_at: Duration,
    ends_at: Duration,
}

/// Shared, not a `watch`: that one wakes those who wait in random order, and a simulated run would not replay.
type Flight = Shared<oneshot::Receiver<Result<AccessToken, TokenError>>>;

#[derive(Default)]
struct State {
    cached: BTreeMap<String, Cached>,
    flights: BTreeMap<String, Flight>,
    /// What an organization's API asks a token to show, until one is given.
    challenges: BTreeMap<String, String>,
}

struct Inner {
    runtime: Runtime,
    transport: Arc<dyn Transport>,
    account: Account,
    secrets: Arc<dyn SecretStore>,
    gates: HostGates,
    state: Mutex<State>,
    /// Held while the refresh token is presented: it may be another one afterwards.
    refresh_token: AsyncMutex<Option<String>>,
}

/// Hands out access tokens of one account. Clones share everything.
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

impl TokenSource {
    /// Makes a source that reads the account's refresh token when it first needs it. All sources of a program share
    /// its gates.
    #[must_use]
    pub fn new(
        runtime: Runtime,
        transport: Arc<dyn Transport>,
        account: Account,
        secrets: Arc<dyn SecretStore>,
        gates: HostGates,
    ) -> Self {
        Self(Arc::new(Inner {
            runtime,
            transport,
            account,
            secrets,
            gates,
            state: Mutex::new(State::default()),
            refresh_token: AsyncMutex::new(None),
        }))
    }

    /// Returns the account.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.0.account
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.0.runtime
    }

    pub(crate) fn gates(&self) -> &HostGates {
        &self.0.gates
    }

    /// Returns a token for `tenant`. One near its end is renewed behind the caller's back.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn token(&self, tenant: &str) -> Result<AccessToken, TokenError> {
        let now = self.0.runtime.elapsed();
        let flight = {
            let mut state = self.0.lock();
            let present = state.cached.get(tenant).filter(|cached| now + LAST_SECONDS < cached.ends_at);
            let present = present.map(|cached| (cached.token.clone(), cached.renew_at <= now));
            match present {
                Some((token, false)) => return Ok(token),
                Some((token, true)) => {
                    let _running = self.start(&mut state, tenant);
                    return Ok(token);
                }
                None => self.start(&mut state, tenant),
            }
        };
        land(flight).await
    }

    /// Returns another token than `rejected`, which the server answered with 401.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn replace(&self, tenant: &str, rejected: &AccessToken) -> Result<AccessToken, TokenError> {
        {
            let mut state = self.0.lock();
            if state.cached.get(tenant).is_some_and(|cached| cached.token == *rejected) {
                state.cached.remove(tenant);
            }
        }
        self.token(tenant).await
    }

    /// Returns another token than `rejected`, one that shows what the API's challenge asks for.
    pub(crate) async fn meet(
        &self,
        tenant: &str,
        rejected: &AccessToken,
        challenge: String,
    ) -> Result<AccessToken, TokenError> {
        self.0.lock().challenges.insert(tenant.to_owned(), challenge);
        self.replace(tenant, rejected).await
    }

    /// Asks the organization now whether it still gives a token, whatever is kept. This is how somebody learns what it
    /// asks for.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn ask_anew(&self, tenant: &str) -> Result<AccessToken, TokenError> {
        self.0.lock().cached.remove(tenant);
        self.token(tenant).await
    }

    /// Exchanges a code of the organization's sign-in page together with the present refresh token, whose line it
    /// strengthens. Like a renewal it runs in its own task.
    pub(crate) async fn step_up(
        &self,
        tenant: &str,
        grant: CodeGrant,
        challenge: Option<&str>,
    ) -> Result<(), TokenError> {
        let (sender, done) = oneshot::channel();
        let (inner, tenant) = (Arc::clone(&self.0), tenant.to_owned());
        let challenge = challenge.map(str::to_owned);
        let work = async move {
            let _told = sender.send(inner.exchange(&tenant, &grant, challenge.as_deref()).await);
        };
        self.0.runtime.spawn("step up", work).detach();
        done.await.unwrap_or_else(|_interrupted| Err(interrupted()))
    }

    /// Takes a refresh token from a fresh sign-in and saves it.
    ///
    /// # Errors
    /// [`TokenError::Transport`] when it cannot be saved; it is used all the same until the program ends.
    pub async fn adopt(&self, refresh_token: String) -> Result<(), TokenError> {
        let mut held = self.0.refresh_token.lock().await;
        let saved = self.0.save(refresh_token.clone()).await;
        *held = Some(refresh_token);
        saved
    }

    /// Forgets everything, here and in the store.
    ///
    /// # Errors
    /// [`TokenError::Transport`] when the store fails.
    pub async fn forget(&self) -> Result<(), TokenError> {
        let mut held = self.0.refresh_token.lock().await;
        *held = None;
        self.0.lock().cached.clear();
        let (secrets, key) = (Arc::clone(&self.0.secrets), self.0.account.key());
        flatten(self.0.runtime.blocking(move || secrets.delete(&key)).await)
    }

    fn start(&self, state: &mut State, tenant: &str) -> Flight {
        if let Some(flight) = state.flights.get(tenant) {
            return flight.clone();
        }
        let (sender, flight) = oneshot::channel();
        let flight = flight.shared();
        state.flights.insert(tenant.to_owned(), flight.clone());
        let (inner, tenant) = (Arc::clone(&self.0), tenant.to_owned());
        let work = async move {
            let result = inner.renew(&tenant).await;
            inner.lock().flights.remove(&tenant);
            // Nobody may wait any more; the token is kept all the same.
            let _landed = sender.send(result);
        };
        self.0.runtime.spawn("renew a token", work).detach();
        flight
    }
}

async fn land(flight: Flight) -> Result<AccessToken, TokenError> {
    flight.await.unwrap_or_else(|_interrupted| Err(interrupted()))
}

fn interrupted() -> TokenError {
    TokenError::Transport("the renewal of the sign-in was interrupted".to_owned())
}

impl Inner {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn renew(&self, tenant: &str) -> Result<AccessToken, TokenError> {
        let mut held = self.refresh_token.lock().await;
        let refresh_token = self.present(&held).await?;
        let challenge = self.lock().challenges.get(tenant).cloned();
        let claims = claims_parameter(challenge.as_deref());
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", CLIENT_ID),
            ("refresh_token", refresh_token.as_str()),
            ("scope", SCOPE),
            ("client_info", "1"),
            ("claims", claims.as_str()),
        ];
        let tokens = self.request(tenant, &form, &mut held, &refresh_token).await?;
        Ok(self.take(tenant, &tokens, &mut held, refresh_token).await)
    }

    /// Exchanges a step-up's code.
    async fn exchange(
        &self,
        tenant: &str,
        grant: &CodeGrant,
        challenge: Option<&str>,
    ) -> Result<(), TokenError> {
        let mut held = self.refresh_token.lock().await;
        let refresh_token = self.present(&held).await?;
        let claims = claims_parameter(challenge);
        let mut form = grant.form(&claims);
        form.push(("refresh_token", refresh_token.as_str()));
        let tokens = self.request(tenant, &form, &mut held, &refresh_token).await?;
        let account = &self.account;
        if is_foreign(&tokens, &grant.nonce, &account.home_tenant, &account.home_user) {
            return Err(TokenError::NotAdmitted {
                message: format!("somebody else signed in; sign in as {}", account.address),
            });
        }
        self.take(tenant, &tokens, &mut held, refresh_token).await;
        Ok(())
    }

    async fn present(&self, held: &Option<String>) -> Result<String, TokenError> {
        match held {
            Some(token) => Ok(token.clone()),
            None => self.load().await?.ok_or(TokenError::SignInNeeded),
        }
    }

    /// Asks the token endpoint of an organization; whatever it answers, the refresh token that is there is kept.
    async fn request(
        &self,
        tenant: &str,
        form: &[(&str, &str)],
        held: &mut Option<String>,
        refresh_token: &str,
    ) -> Result<Box<TokenSet>, TokenError> {
        *held = Some(refresh_token.to_owned());
        let address = token_address(&self.account.origin, tenant);
        if let Some(after) = self.gates.wait(&self.account.origin, self.runtime.elapsed()) {
            return Err(TokenError::Throttled { after });
        }
        let answer = match request_token(&self.runtime, &*self.transport, &address, form).await {
            Err(TokenError::Throttled { after }) => {
                self.gates.close(&self.account.origin, self.runtime.elapsed() + after);
                return Err(TokenError::Throttled { after });
            }
            answer => answer?,
        };
        match answer {
            TokenAnswer::Tokens(tokens) => Ok(tokens),
            TokenAnswer::Refused(refusal) => {
                tracing::info!(error = %refusal.error, codes = ?refusal.error_codes, "a token was refused");
                let place = if tenant == self.account.home_tenant { Place::Home } else { Place::Elsewhere };
                Err(classify(refusal, place, &self.account.origin))
            }
        }
    }

    /// Keeps what was handed out: the next refresh token first.
    async fn take(
        &self,
        tenant: &str,
        tokens: &TokenSet,
        held: &mut Option<String>,
        refresh_token: String,
    ) -> AccessToken {
        let next = tokens.refresh_token.clone().unwrap_or_else(|| refresh_token.clone());
        if next != refresh_token
            && let Err(error) = self.save(next.clone()).await
        {
            tracing::error!(%error, "the renewed sign-in could not be saved; it ends with this program");
        }
        *held = Some(next);
        self.keep(tenant, tokens)
    }

    fn keep(&self, tenant: &str, tokens: &TokenSet) -> AccessToken {
        let now = self.runtime.elapsed();
        let life = Duration::from_secs(tokens.expires_in.min(24 * 3600));
        let token = AccessToken::new(&tokens.access_token);
        let cached = Cached { token: token.clone(), renew_at: now + life * 3 / 4, ends_at: now + life };
        let mut state = self.lock();
        state.cached.insert(tenant.to_owned(), cached);
        state.challenges.remove(tenant);
        token
    }

    async fn load(&self) -> Result<Option<String>, TokenError> {
        let (secrets, key) = (Arc::clone(&self.secrets), self.account.key());
        flatten(self.runtime.blocking(move || secrets.find(&key)).await)
    }

    async fn save(&self, refresh_token: String) -> Result<(), TokenError> {
        let (secrets, key) = (Arc::clone(&self.secrets), self.account.key());
        flatten(self.runtime.blocking(move || secrets.save(&key, &refresh_token)).await)
    }
}

fn flatten<T>(
    result: Result<Result<T, crate::SecretStoreError>, runtime::BlockingFailed>,
) -> Result<T, TokenError> {
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(TokenError::Transport(error.to_string())),
        Err(error) => Err(TokenError::Transport(error.to_string())),
    }
}
