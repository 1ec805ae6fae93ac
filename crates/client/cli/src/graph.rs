//! Graph: requests to the cloud's own API, with tokens from the agent. A token that ends is asked for anew, and a cloud
//! that asks to wait is waited for, so that a command of an hour needs nobody beside it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agent::Places;
use agent_api::{Command, Message};
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use remote::{ReqwestTransport, Transport, empty_body, full_body, retry_after};
use runtime::Runtime;
use serde_json::Value;

use crate::agent_link::{ask, unexpected};
use crate::failure::{CliError, Refusal};

/// How often a request is sent anew because the cloud asked to wait.
const TRIES: u32 = 12;
/// The wait where the cloud asks for one and does not say how long.
const WAIT: Duration = Duration::from_secs(2);
/// The longest wait; whoever asks for more is told to the person instead.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Pages of one list; a cloud that never ends a list is not followed for ever.
const MOST_PAGES: usize = 10_000;

/// A cloud, and the right to speak to it.
pub struct Graph {
    transport: Arc<dyn Transport>,
    places: Places,
    account: Option<String>,
    organization: Option<String>,
    runtime: Runtime,
    cloud: String,
    token: Mutex<String>,
}

impl Graph {
    /// Gets a token of the only account, or of the one named, at its home.
    pub async fn open(places: &Places, account: Option<String>) -> Result<Self, CliError> {
        Self::open_at(places, account, None).await
    }

    /// Gets a token for an organization, by its id or one of its domains; home when none is named.
    pub async fn open_at(
        places: &Places,
        account: Option<String>,
        organization: Option<String>,
    ) -> Result<Self, CliError> {
        let (cloud, token) = token(places, account.clone(), organization.clone()).await?;
        let transport = ReqwestTransport::new().map_err(|error| CliError::Computer(error.to_string()))?;
        Ok(Self {
            transport: Arc::new(transport),
            places: places.clone(),
            account,
            organization,
            runtime: Runtime::tokio(),
            cloud,
            token: Mutex::new(token),
        })
    }

    /// Returns the cloud's origin.
    pub fn cloud(&self) -> &str {
        &self.cloud
    }

    /// Returns time and waiting.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Sends a request to `/v1.0` and reads JSON.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, CliError> {
        let mut renewed = false;
        let mut tries = 0;
        loop {
            let (status, wait, value) = self.exchange(method.clone(), path, body).await?;
            if status.is_success() {
                return Ok(value);
            }
            tries += 1;
            let busy = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
            let wait = wait.unwrap_or(WAIT);
            if busy && tries < TRIES && wait <= LONGEST_WAIT {
                self.runtime.sleep(wait).await;
                continue;
            }
            if status == StatusCode::UNAUTHORIZED && !renewed {
                renewed = true;
                let (_, token) = token(&self.places, self.account.clone(), self.organization.clone()).await?;
                *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
                continue;
            }
            return Err(CliError::Cloud(Refusal::read(status, &value)));
        }
    }

    /// Reads a whole list, page by page.
    pub async fn list(&self, path: &str) -> Result<Vec<Value>, CliError> {
        let mut found = Vec::new();
        let mut next = Some(path.to_owned());
        for _ in 0..MOST_PAGES {
            let Some(path) = next else { break };
            let mut page = self.send(Method::GET, &path, None).await?;
            if let Some(values) = page["value"].as_array_mut() {
                found.append(values);
            }
            // Only this cloud's own addresses are followed: the token goes nowhere else.
            let own = format!("{}/v1.0", self.cloud);
            next =
                page["@odata.nextLink"].as_str().and_then(|link| link.strip_prefix(&own)).map(str::to_owned);
        }
        Ok(found)
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, Option<Duration>, Value), CliError> {
        let broken = |error: &dyn std::fmt::Display| CliError::Offline(error.to_string());
        let content = match body {
            Some(value) => full_body(Bytes::from(value.to_string())),
            None => empty_body(),
        };
        let token = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/v1.0{path}", self.cloud))
            .header(http::header::AUTHORIZATION, format!("Bearer {token}"))
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(content)
            .map_err(|error| broken(&error))?;
        let answer = self.transport.send(request).await.map_err(|error| broken(&error))?;
        let status = answer.status();
        let wait = retry_after(answer.headers(), self.runtime.now());
        let bytes = answer.into_body().collect().await.map_err(|error| broken(&error))?.to_bytes();
        Ok((status, wait, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }
}

async fn token(
    places: &Places,
    account: Option<String>,
    organization: Option<String>,
) -> Result<(String, String), CliError> {
    match ask(places, Command::Token { account, tenant: organization }).await? {
        Message::Token { cloud, token } => Ok((cloud, token)),
        _ => Err(unexpected()),
    }
}
