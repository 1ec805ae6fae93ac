//! Graph: requests to the cloud's own API, with a token from the agent.

use std::sync::Arc;

use agent::Places;
use agent_api::{Command, Message};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::BodyExt as _;
use remote::{ReqwestTransport, Transport, empty_body, full_body};
use serde_json::Value;

use crate::agent_link::{ask, unexpected};
use crate::failure::CliError;

/// A cloud, and the right to speak to it.
pub struct Graph {
    transport: Arc<dyn Transport>,
    cloud: String,
    token: String,
}

impl Graph {
    /// Gets a token of the only account, or of the one named.
    pub async fn open(places: &Places, account: Option<String>) -> Result<Self, CliError> {
        let Message::Token { cloud, token } = ask(places, Command::Token { account, tenant: None }).await?
        else {
            return Err(unexpected());
        };
        let transport = ReqwestTransport::new().map_err(|error| CliError::Computer(error.to_string()))?;
        Ok(Self { transport: Arc::new(transport), cloud, token })
    }

    /// Sends a request to `/v1.0` and reads JSON.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, CliError> {
        let broken = |error: &dyn std::fmt::Display| CliError::Offline(error.to_string());
        let content = match body {
            Some(value) => full_body(Bytes::from(value.to_string())),
            None => empty_body(),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/v1.0{path}", self.cloud))
            .header(http::header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(content)
            .map_err(|error| broken(&error))?;
        let answer = self.transport.send(request).await.map_err(|error| broken(&error))?;
        let status = answer.status();
        let bytes = answer.into_body().collect().await.map_err(|error| broken(&error))?.to_bytes();
        let value: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(value);
        }
        let message = value["error"]["message"].as_str().map(str::to_owned);
        Err(CliError::Cloud(message.unwrap_or_else(|| format!("The cloud answered {status}."))))
    }
}
