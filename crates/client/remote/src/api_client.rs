//! API client: authenticated requests to one tenant, a rejected token replaced once, refusals read into one type.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use engine::Demand;
use graph_types::GraphError;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use runtime::Runtime;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::claims::challenge;
use crate::http_exchange::{JSON_LIMIT, collect, collect_error, is_trouble, require_type, retry_after, send};
use crate::transport::{empty_body, full_body};
use crate::{AccessToken, Body, CloudOrigin, TokenError, TokenSource, Transport, TransportError};

/// Wait after a 429 that names none.
const UNNAMED_WAIT: Duration = Duration::from_secs(10);

pub(crate) const JSON: &str = "application/json";

/// A request that can be sent again.
#[derive(Debug, Clone)]
pub(crate) struct ApiRequest {
    method: Method,
    address: String,
    accept: &'static str,
    body: Option<(&'static str, Bytes)>,
}

impl ApiRequest {
    pub(crate) fn get(address: String) -> Self {
        Self { method: Method::GET, address, accept: JSON, body: None }
    }

    pub(crate) fn with_body(method: Method, address: String, media_type: &'static str, body: Bytes) -> Self {
        Self { method, address, accept: JSON, body: Some((media_type, body)) }
    }

    pub(crate) fn post_json(address: String, value: &impl Serialize) -> Result<Self, ApiFailure> {
        let body = serde_json::to_vec(value).map_err(|error| ApiFailure::Broken(error.to_string()))?;
        Ok(Self::with_body(Method::POST, address, JSON, body.into()))
    }

    pub(crate) fn accepting(mut self, media_type: &'static str) -> Self {
        self.accept = media_type;
        self
    }
}

/// Why there is no good answer.
#[derive(Debug, Clone)]
pub(crate) enum ApiFailure {
    /// No token, or both were rejected.
    Token(TokenError),
    /// The server said no, in Graph's words.
    Refused(Refusal),
    /// The server wants to be left alone for a while.
    Throttled(Duration),
    /// No answer, or one that is not the server's.
    Broken(String),
}

impl From<TransportError> for ApiFailure {
    fn from(error: TransportError) -> Self {
        Self::Broken(error.0)
    }
}

/// A refusal in Graph's words.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub status: StatusCode,
    pub code: String,
    pub inner: String,
    pub message: String,
}

/// Sends requests to one tenant in the name of one account. Clones share everything.
#[derive(Clone)]
pub struct ApiClient {
    runtime: Runtime,
    transport: Arc<dyn Transport>,
    tokens: TokenSource,
    tenant: Arc<str>,
}

impl ApiClient {
    /// Makes a client for `tenant`; tokens go only to the account's own cloud.
    #[must_use]
    pub fn new(runtime: Runtime, transport: Arc<dyn Transport>, tokens: TokenSource, tenant: &str) -> Self {
        Self { runtime, transport, tokens, tenant: Arc::from(tenant) }
    }

    /// Returns the tenant.
    #[must_use]
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// Returns the same account's client for another tenant.
    #[must_use]
    pub fn for_tenant(&self, tenant: &str) -> Self {
        Self { tenant: Arc::from(tenant), ..self.clone() }
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.transport
    }

    pub(crate) fn tokens(&self) -> &TokenSource {
        &self.tokens
    }

    pub(crate) fn origin(&self) -> &CloudOrigin {
        &self.tokens.account().origin
    }

    /// Sends a request and returns the answer's head and unread body, once its type is right.
    pub(crate) async fn open(&self, request: &ApiRequest) -> Result<Body, ApiFailure> {
        if let Some(wait) = self.tokens.gates().wait(self.origin(), self.runtime.elapsed()) {
            return Err(ApiFailure::Throttled(wait));
        }
        let token = self.tokens.token(&self.tenant).await.map_err(ApiFailure::Token)?;
        let mut answer = self.attempt(request, &token).await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            let asked = challenge(answer.headers());
            drop(answer);
            let fresh = match asked {
                Some(asked) => self.tokens.meet(&self.tenant, &token, asked).await,
                None => self.tokens.replace(&self.tenant, &token).await,
            };
            answer = self.attempt(request, &fresh.map_err(ApiFailure::Token)?).await?;
            if answer.status() == StatusCode::UNAUTHORIZED {
                return Err(ApiFailure::Token(still_refused(challenge(answer.headers()))));
            }
        }
        let (head, body) = answer.into_parts();
        if head.status.is_success() {
            if head.status != StatusCode::NO_CONTENT {
                require_type(&head.headers, request.accept)?;
            }
            return Ok(body);
        }
        Err(self.refusal(head.status, &head.headers, body).await)
    }

    /// Sends a request and reads a JSON answer completely.
    pub(crate) async fn json<T: DeserializeOwned>(&self, request: &ApiRequest) -> Result<T, ApiFailure> {
        let body = self.open(request).await?;
        let bytes = collect(&self.runtime, body, JSON_LIMIT).await?;
        serde_json::from_slice(&bytes)
            .map_err(|error| ApiFailure::Broken(format!("the cloud's answer cannot be read: {error}")))
    }

    /// Sends a request whose answer's content does not matter.
    pub(crate) async fn done(&self, request: &ApiRequest) -> Result<(), ApiFailure> {
        let body = self.open(request).await?;
        collect(&self.runtime, body, JSON_LIMIT).await?;
        Ok(())
    }

    async fn attempt(&self, request: &ApiRequest, token: &AccessToken) -> Result<Response<Body>, ApiFailure> {
        let mut outgoing = Request::builder()
            .method(request.method.clone())
            .uri(&request.address)
            .header(ACCEPT, request.accept)
            .header(AUTHORIZATION, format!("Bearer {}", token.secret()))
            .header("client-request-id", self.runtime.uuid().to_string());
        if let Some((media_type, _)) = &request.body {
            outgoing = outgoing.header(CONTENT_TYPE, *media_type);
        }
        let body = request.body.as_ref().map_or_else(empty_body, |(_, bytes)| full_body(bytes.clone()));
        let outgoing = outgoing.body(body).map_err(|error| ApiFailure::Broken(error.to_string()))?;
        Ok(send(&self.runtime, &*self.transport, outgoing).await?)
    }

    async fn refusal(&self, status: StatusCode, headers: &HeaderMap, body: Body) -> ApiFailure {
        let wait = retry_after(headers, self.runtime.now());
        // A 503 that names no wait comes from something in front of a cloud that is down.
        let wait = wait.or((status == StatusCode::TOO_MANY_REQUESTS).then_some(UNNAMED_WAIT));
        if let Some(wait) = wait
            && matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
        {
            self.tokens.gates().close(self.origin(), self.runtime.elapsed() + wait);
            return ApiFailure::Throttled(wait);
        }
        if is_trouble(status) {
            return ApiFailure::Broken(format!("the cloud answered {status}"));
        }
        match self.read_refusal(status, headers, body).await {
            Ok(refusal) => ApiFailure::Refused(refusal),
            Err(error) => ApiFailure::Broken(error.0),
        }
    }

    /// A refusal counts only in Graph's own envelope; a proxy's page does not.
    async fn read_refusal(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Refusal, TransportError> {
        require_type(headers, JSON)?;
        let bytes = collect_error(&self.runtime, body).await?;
        let error: GraphError = serde_json::from_slice(&bytes)
            .map_err(|_| TransportError(format!("the cloud answered {status} without a reason")))?;
        Ok(Refusal {
            status,
            code: error.error.code,
            inner: error.error.inner_error.and_then(|inner| inner.code).unwrap_or_default(),
            message: error.error.message,
        })
    }
}

/// What it means that a fresh token does not do either: with a challenge, that the person must do something.
fn still_refused(challenge: Option<String>) -> TokenError {
    match challenge {
        None => TokenError::SignInNeeded,
        claims => TokenError::InteractionNeeded {
            demand: Demand::Other,
            message: "The organization asks you to sign in again.".to_owned(),
            claims,
            page: None,
        },
    }
}
