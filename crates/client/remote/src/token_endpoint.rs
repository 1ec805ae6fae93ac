//! Token endpoint: one form in, a set of tokens or a typed refusal out. Knows Entra's error body.

use std::time::Duration;

use bytes::Bytes;
use engine::Demand;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Method, Request, StatusCode};
use runtime::Runtime;
use serde::Deserialize;

use crate::http_exchange::{collect, collect_error, is_trouble, require_type, retry_after, send};
use crate::token_refusal::RefusalBody;
use crate::transport::full_body;
use crate::{CloudOrigin, Transport, TransportError};

/// Permissions the client asks for in every tenant.
pub(crate) const SCOPE: &str =
    "openid profile offline_access Files.ReadWrite.All Sites.ReadWrite.All User.Read";

const TOKEN_LIMIT: usize = 256 * 1024;

/// What a token endpoint hands out.
#[derive(Deserialize)]
pub(crate) struct TokenSet {
    pub access_token: String,
    pub expires_in: u64,
    pub refresh_token: Option<String>,
    pub id_token: Option<String>,
    pub client_info: Option<String>,
}

/// Why no token was handed out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The saved sign-in is not valid any more; the person must sign in at home again.
    #[error("sign-in is needed")]
    SignInNeeded,
    /// A policy of the organization asks for something only a person can do in a browser.
    #[error("the organization asks for more: {message}")]
    InteractionNeeded {
        /// What is demanded.
        demand: Demand,
        /// For people: what is demanded.
        message: String,
        /// The demand in the form the authorize endpoint takes it.
        claims: Option<String>,
        /// Page of the same cloud that mends it.
        page: Option<String>,
    },
    /// The organization does not know the person, or lets nobody in. Says nothing about a folder.
    #[error("the organization gives no access: {message}")]
    NotAdmitted {
        /// For people.
        message: String,
    },
    /// The server wants to be left alone for a while.
    #[error("the server asks to wait")]
    Throttled {
        /// How long.
        after: Duration,
    },
    /// This client is too old for the cloud.
    #[error("this version is too old: {0}")]
    ClientTooOld(String),
    /// No answer, or a broken one.
    #[error("no connection: {0}")]
    Transport(String),
}

impl From<TransportError> for TokenError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error.0)
    }
}

/// The answer of a token endpoint.
pub(crate) enum TokenAnswer {
    Tokens(Box<TokenSet>),
    Refused(RefusalBody),
}

/// Posts a form to `{origin}/{tenant}/oauth2/v2.0/{endpoint}` and reads JSON of either kind.
pub(crate) async fn post_form(
    runtime: &Runtime,
    transport: &dyn Transport,
    address: &str,
    form: &[(&str, &str)],
) -> Result<(StatusCode, Bytes), TokenError> {
    let form = serde_urlencoded::to_string(form).map_err(|error| TokenError::Transport(error.to_string()))?;
    let request = Request::builder()
        .method(Method::POST)
        .uri(address)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, "application/json")
        .header("x-client-sku", "Footbridge")
        .header("x-client-ver", env!("CARGO_PKG_VERSION"))
        .body(full_body(form.into()))
        .map_err(|error| TokenError::Transport(error.to_string()))?;
    let answer = send(runtime, transport, request).await?;
    let (head, body) = answer.into_parts();
    if head.status == StatusCode::TOO_MANY_REQUESTS || head.status == StatusCode::SERVICE_UNAVAILABLE {
        return Err(TokenError::Throttled {
            after: retry_after(&head.headers, runtime.now()).unwrap_or(Duration::from_secs(30)),
        });
    }
    if is_trouble(head.status) {
        return Err(TokenError::Transport(format!("the sign-in service answered {}", head.status)));
    }
    require_type(&head.headers, "application/json")?;
    let bytes = if head.status.is_success() {
        collect(runtime, body, TOKEN_LIMIT).await?
    } else {
        collect_error(runtime, body).await?
    };
    Ok((head.status, bytes))
}

/// Asks a tenant's token endpoint.
pub(crate) async fn request_token(
    runtime: &Runtime,
    transport: &dyn Transport,
    address: &str,
    form: &[(&str, &str)],
) -> Result<TokenAnswer, TokenError> {
    let (status, bytes) = post_form(runtime, transport, address, form).await?;
    let broken = |_| TokenError::Transport("the sign-in service's answer cannot be read".to_owned());
    if status.is_success() {
        serde_json::from_slice(&bytes).map(TokenAnswer::Tokens).map_err(broken)
    } else {
        serde_json::from_slice(&bytes).map(TokenAnswer::Refused).map_err(broken)
    }
}

/// Returns the address of a tenant's token endpoint. It is made from the account's own origin, never from an answer,
/// so a refresh token cannot be led elsewhere.
pub(crate) fn token_address(origin: &CloudOrigin, tenant: &str) -> String {
    origin.path(&[tenant, "oauth2", "v2.0", "token"])
}
