//! Requests straight to a cloud's router, with a bearer token.

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::Cloud;

/// An answer with its JSON; null when there is no body.
pub type Answer = (StatusCode, Value);

impl Cloud {
    /// Sends bytes with headers and returns everything of the answer.
    ///
    /// # Panics
    /// When the request cannot be made, or its answer breaks off.
    pub async fn send(
        &self,
        token: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request =
            Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).expect("a request");
        let (parts, body) = self.router.clone().oneshot(request).await.expect("answers").into_parts();
        (parts.status, parts.headers, body.collect().await.expect("a whole body").to_bytes().to_vec())
    }

    /// Sends JSON, or nothing, and returns the JSON that came back.
    ///
    /// # Panics
    /// When the answer is not JSON.
    pub async fn ask(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let json = [("content-type", "application/json")];
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let (status, _, bytes) = self.send(token, method, path, &json, body).await;
        let json = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
        (status, json)
    }

    /// Asks for what is there.
    pub async fn get(&self, token: &str, path: &str) -> Answer {
        self.ask(token, Method::GET, path, None).await
    }

    /// Posts JSON.
    pub async fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        self.ask(token, Method::POST, path, Some(body)).await
    }

    /// Changes by JSON.
    pub async fn patch(&self, token: &str, path: &str, body: Value) -> Answer {
        self.ask(token, Method::PATCH, path, Some(body)).await
    }

    /// Deletes.
    pub async fn delete(&self, token: &str, path: &str) -> Answer {
        self.ask(token, Method::DELETE, path, None).await
    }
}
