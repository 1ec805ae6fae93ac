//! The real transport: reqwest over rustls with ring. No type of either leaves this file.

use std::sync::Once;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use http_body::{Body as _, Frame};
use http_body_util::{BodyExt as _, StreamBody};

use crate::transport::DataStream;
use crate::{Body, Transport, TransportError};

/// Longest wait for a connection. Waits for answers are bounded by the callers, who know what they asked.
const CONNECT_LIMIT: Duration = Duration::from_secs(20);

/// Sends requests over the network.
pub struct ReqwestTransport {
    client: reqwest::Client,
    /// For this very computer, which no proxy can reach on our behalf.
    loopback: reqwest::Client,
}

impl ReqwestTransport {
    /// Makes a transport that trusts the system's certificate authorities. A computer without any can still talk to a
    /// cloud on its own loopback interface.
    ///
    /// # Errors
    /// [`TransportError`] when TLS cannot be set up.
    pub fn new() -> Result<Self, TransportError> {
        install_crypto();
        Ok(Self { client: build(builder)?, loopback: build(|| builder().no_proxy())? })
    }
}

/// What policies of organizations call a platform.
const SYSTEM: &str = match () {
    () if cfg!(windows) => "windows",
    () if cfg!(target_os = "macos") => "macOS",
    () => "linux",
};

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_LIMIT)
        .pool_idle_timeout(Duration::from_secs(60))
        .tcp_keepalive(Duration::from_secs(30))
        .user_agent(format!("footbridge/{} ({})", env!("CARGO_PKG_VERSION"), SYSTEM))
}

fn build(builder: impl Fn() -> reqwest::ClientBuilder) -> Result<reqwest::Client, TransportError> {
    builder().build().or_else(|error| {
        tracing::warn!(%error, "no certificate authorities found; only plain loopback connections work");
        builder().tls_certs_only([]).build().map_err(describe)
    })
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Makes ring the process's cryptography, unless the program chose already.
fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that a provider is installed, which is as good.
        let _installed = rustls::crypto::ring::default_provider().install_default();
    });
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        let (head, body) = request.into_parts();
        let length = body.size_hint().exact();
        let body = match length {
            Some(0) => reqwest::Body::from(Bytes::new()),
            _ => reqwest::Body::wrap_stream(DataStream::new(body)),
        };
        let client = if head.uri.host().is_some_and(is_loopback) { &self.loopback } else { &self.client };
        let mut outgoing = client.request(head.method, head.uri.to_string()).headers(head.headers);
        if let Some(length) = length.filter(|length| *length > 0) {
            outgoing = outgoing.header(http::header::CONTENT_LENGTH, length);
        }
        let answer = outgoing.body(body).send().await.map_err(describe)?;
        let mut response = http::Response::builder().status(answer.status()).version(answer.version());
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(answer.headers());
        }
        let frames = answer.bytes_stream().map_err(describe).map(|data| data.map(Frame::data));
        response
            .body(StreamBody::new(frames).boxed_unsync())
            .map_err(|error| TransportError(error.to_string()))
    }
}

/// Tells what failed without the address, whose query may hold what must not be logged.
fn describe(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    TransportError(text)
}
