//! Token endpoint: one form in, a set of tokens or a typed refusal out. Knows Entra's error body.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Method, Request, StatusCode};
use runtime::Runtime;
use serde::Deserialize;
use url::Url;

use crate::http_exchange::{collect, collect_error, is_trouble, require_type, retry_after, send};
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

/// A refusal as it came: the protocol's error and its description.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct RefusalBody {
    pub error: String,
    pub error_description: String,
    pub error_codes: Vec<u32>,
    pub suberror: Option<String>,
    pub claims: Option<String>,
    /// **Added** by our server to demands a person can meet: the page for it.
    pub footbridge_page: Option<String>,
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

/// The refresh token itself is dead, wherever it is presented.
const DEAD_REFRESH_TOKEN: &[u32] = &[70008, 50089, 50132, 50133, 50173, 70043, 700_082, 700_084];
/// Something a person can do in a browser.
const PERSON_CAN_MEND: &[u32] = &[50072, 50074, 50076, 50079, 50158, 53000, 53001, 53003, 65001];

/// Sorts a refusal. `at_home` tells whether the person's own organization spoke: there a refused grant means a new
/// sign-in; elsewhere it means that this organization does not let the person in.
pub(crate) fn classify(refusal: RefusalBody, place: Place, origin: &CloudOrigin) -> TokenError {
    let message = plain_message(&refusal.error_description);
    let has = |codes: &[u32]| refusal.error_codes.iter().any(|code| codes.contains(code));
    if refusal.suberror.as_deref() == Some("client_too_old") {
        return TokenError::ClientTooOld(message);
    }
    if matches!(refusal.error.as_str(), "interaction_required" | "consent_required" | "login_required")
        || has(PERSON_CAN_MEND)
    {
        // A person is sent to the cloud they know and nowhere else.
        let owned = |page: &String| Url::parse(page).is_ok_and(|url| origin.owns(&url));
        let page = refusal.footbridge_page.filter(owned);
        return TokenError::InteractionNeeded { message, claims: refusal.claims, page };
    }
    if refusal.error == "temporarily_unavailable" || refusal.error == "server_error" {
        return TokenError::Transport(message);
    }
    let dead = refusal.suberror.as_deref() == Some("bad_token") || has(DEAD_REFRESH_TOKEN);
    match place {
        _ if dead => TokenError::SignInNeeded,
        Place::Home if refusal.error == "invalid_grant" => TokenError::SignInNeeded,
        _ => TokenError::NotAdmitted { message },
    }
}

/// Whose token endpoint answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Home,
    Elsewhere,
}

/// Drops the code in front and the trace behind, which mean nothing to a person.
fn plain_message(description: &str) -> String {
    let text = description.split(" Trace ID:").next().unwrap_or_default();
    let text = match text.strip_prefix("AADSTS") {
        Some(rest) => rest.split_once(':').map_or(rest, |(_code, text)| text),
        None => text,
    };
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Place, RefusalBody, TokenError, classify};

    fn refusal(error: &str, codes: &[u32]) -> RefusalBody {
        RefusalBody {
            error: error.to_owned(),
            error_description: "AADSTS50076: Use a second factor. Trace ID: 1 Correlation ID: 2".to_owned(),
            error_codes: codes.to_vec(),
            ..RefusalBody::default()
        }
    }

    #[test]
    fn refusals_are_told_apart() {
        let origin = "https://cloud.example".parse().unwrap();
        let message = "Use a second factor.".to_owned();
        let interaction =
            TokenError::InteractionNeeded { message: message.clone(), claims: None, page: None };
        let outside = TokenError::NotAdmitted { message };
        let cases = [
            (
                "a demand of a policy",
                refusal("interaction_required", &[50076]),
                Place::Elsewhere,
                interaction.clone(),
            ),
            (
                "the same, named by its code only",
                refusal("invalid_grant", &[50076]),
                Place::Elsewhere,
                interaction,
            ),
            (
                "a dead refresh token",
                refusal("invalid_grant", &[700_082]),
                Place::Elsewhere,
                TokenError::SignInNeeded,
            ),
            ("a refusal at home", refusal("invalid_grant", &[1]), Place::Home, TokenError::SignInNeeded),
            ("a guest that is gone", refusal("invalid_grant", &[50020]), Place::Elsewhere, outside),
        ];
        for (case, refusal, place, wanted) in cases {
            assert_eq!(classify(refusal, place, &origin), wanted, "{case}");
        }
    }

    #[test]
    fn a_person_is_led_to_a_page_of_their_own_cloud_only() {
        let origin = "https://cloud.example".parse().unwrap();
        for (page, kept) in [
            ("https://cloud.example/step-up?tenant=t", true),
            ("https://cloud.example.evil.example/step-up", false),
            ("http://cloud.example/step-up", false),
            ("javascript:alert(1)", false),
        ] {
            let mut refusal = refusal("interaction_required", &[50076]);
            refusal.footbridge_page = Some(page.to_owned());
            let error = classify(refusal, Place::Elsewhere, &origin);
            let TokenError::InteractionNeeded { page: found, .. } = error else { panic!("{error:?}") };
            assert_eq!(found.as_deref(), kept.then_some(page));
        }
    }
}
