//! Sign-in: how a person's first refresh token comes to this computer, by browser or by device code.
//!
//! Both ways end in a [`SignedIn`]; nobody but the cloud named at the start ever sees a code or a token.

mod authorization_code;
pub(crate) mod code_request;
mod device_code;
mod discovery;
pub(crate) mod identity_claims;
mod loopback;
mod step_up;

pub use authorization_code::BrowserSignIn;
pub use device_code::DeviceSignIn;
pub use step_up::BrowserStepUp;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use runtime::Runtime;

use crate::token_endpoint::{TokenError, TokenSet};
use crate::token_refusal::{RefusalBody, plain_message};
use crate::{Account, CloudOrigin, Transport};

/// Longest time a person may take.
const PERSON_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Why a sign-in did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// There is no sign-in service at the address.
    #[error("{origin} is not a Footbridge cloud, or cannot be reached: {detail}")]
    NoCloud {
        /// The address.
        origin: String,
        /// What happened.
        detail: String,
    },
    /// The person or the organization said no.
    #[error("the sign-in was refused: {0}")]
    Refused(String),
    /// The cloud takes no sign-in from this version of the program any more (D12).
    #[error("{0}")]
    TooOld(String),
    /// Nobody signed in in time.
    #[error("nobody signed in in time")]
    TooLate,
    /// No port on this computer could be opened for the browser's answer.
    #[error("the browser cannot answer this program: {0}")]
    NoListener(String),
    /// No answer, or a broken one.
    #[error("no connection: {0}")]
    Transport(String),
}

impl From<TokenError> for SignInError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Transport(detail) => Self::Transport(detail),
            TokenError::ClientTooOld(text) => Self::TooOld(text),
            other => Self::Refused(other.to_string()),
        }
    }
}

/// Says why a code was not exchanged, for people.
fn refused(refusal: RefusalBody) -> SignInError {
    let text = plain_message(&refusal.error_description);
    match refusal.suberror.as_deref() {
        Some("client_too_old") => SignInError::TooOld(text),
        _ => SignInError::Refused(text),
    }
}

/// What a sign-in works with.
#[derive(Clone)]
pub struct SignInContext {
    /// Time, randomness and tasks.
    pub runtime: Runtime,
    /// The way to the cloud.
    pub transport: Arc<dyn Transport>,
    /// The cloud the person named.
    pub origin: CloudOrigin,
}

impl fmt::Debug for SignInContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInContext").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// A signed-in person with the secret that proves it.
pub struct SignedIn {
    /// The person.
    pub account: Account,
    /// The home refresh token.
    pub refresh_token: String,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedIn(..)")
    }
}

impl SignedIn {
    fn from_tokens(
        context: &SignInContext,
        tokens: TokenSet,
        nonce: Option<&str>,
    ) -> Result<Self, SignInError> {
        let claims = identity_claims::read(&tokens, nonce)?;
        let refresh_token = tokens.refresh_token.ok_or_else(|| {
            SignInError::Refused("the cloud does not let this program stay signed in".into())
        })?;
        let account = Account {
            origin: context.origin.clone(),
            home_tenant: claims.home_tenant,
            home_user: claims.home_user,
            address: claims.address,
            display_name: claims.display_name,
        };
        Ok(Self { account, refresh_token })
    }
}
