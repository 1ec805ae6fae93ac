//! Simulated transport: the client's [`Transport`] to a [`ServerHost`]. Requests are late, lost, doubled, refused for a
//! while; answers are lost after the request was done, or break off.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use remote::{Body, Transport, TransportError, full_body};

use super::ServerHost;
use super::answer_body::{Connection, over};
use crate::model_cloud::RemoteFaults;
use crate::simulation::{Process, Signal, Tape, TapeKind};

/// One client's way to the server.
#[derive(Debug, Clone)]
pub struct SimTransport {
    host: ServerHost,
    client: Process,
    faults: Signal<RemoteFaults>,
    tape: Tape,
}

impl SimTransport {
    /// Connects one life of a client to the place where the server is.
    #[must_use]
    pub fn new(host: &ServerHost, client: &Process, faults: Signal<RemoteFaults>) -> Self {
        let tape = client.world().tape(TapeKind::Network, client.name());
        Self { host: host.clone(), client: client.clone(), faults, tape }
    }

    /// Passes time; a dead client waits for ever.
    async fn pass(&self, milliseconds: u64) {
        self.client.world().sleep(Duration::from_millis(milliseconds)).await;
        if !self.client.is_alive() {
            std::future::pending::<()>().await;
        }
    }

    async fn lose<T>(&self, what: &str, line: &str) -> Result<T, TransportError> {
        self.client.note(format_args!("net: {what}: {line}"));
        self.pass(500 + self.tape.below(4000)).await;
        Err(TransportError(what.into()))
    }
}

fn throttled(seconds: u64) -> Response<Body> {
    let text =
        Bytes::from_static(br#"{"error":{"code":"serviceNotAvailable","message":"Busy. Try again later."}}"#);
    let mut answer = Response::new(full_body(text));
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

#[async_trait]
impl Transport for SimTransport {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        let (mut head, body) = request.into_parts();
        let line = format!("{} {}", head.method, head.uri.path());
        let body = body.collect().await?.to_bytes();
        if let Some(authority) =
            head.uri.authority().and_then(|name| HeaderValue::from_str(name.as_str()).ok())
        {
            head.headers.insert(header::HOST, authority);
        }
        let faults = self.faults.get();
        self.pass(1 + self.tape.below(30)).await;
        if self.faults.get().partition || self.tape.per_mille(faults.lost_request_per_mille) {
            return self.lose("request lost", &line).await;
        }
        if self.tape.per_mille(faults.throttled_per_mille) {
            self.client.note(format_args!("net: throttled: {line}"));
            return Ok(throttled(1 + self.tape.below(5)));
        }
        if self.tape.per_mille(faults.twice_per_mille) {
            self.client.note(format_args!("net: doubled: {line}"));
            drop(self.host.ask(head.clone(), body.clone()).await);
            self.pass(self.tape.below(200)).await;
        }
        let Some((server, answer)) = self.host.ask(head, body).await else {
            return self.lose("connection refused", &line).await;
        };
        self.client.note(format_args!("net: {} for {line}", answer.status().as_u16()));
        self.pass(1 + self.tape.below(30)).await;
        if self.faults.get().partition || self.tape.per_mille(faults.lost_answer_per_mille) {
            return self.lose("answer lost", &line).await;
        }
        let breaks = self.tape.per_mille(faults.truncated_per_mille);
        let breaks_after = breaks.then(|| self.tape.index(4000));
        let connection = Connection { server, faults: self.faults.clone(), breaks_after };
        Ok(answer.map(|body| over(connection, body)))
    }
}
