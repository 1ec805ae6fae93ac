//! The real web: reqwest over rustls with ring, with two clients. The guarded one looks names up itself and connects to
//! public addresses alone, so that a name cannot stand for a private place; the other is for hosts the operator named.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Once, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use runtime::Runtime;
use url::Url;

use crate::allowed_hosts::{is_open, is_public};
use crate::{AllowedHosts, Web, WebAnswer, WebFault, WebRequest};

/// How long a request may take from beginning to end.
const LIMIT: Duration = Duration::from_secs(10);
/// Longest answer, in bytes.
const LONGEST: usize = 256 * 1024;

/// Sends requests over the network.
pub struct OpenWeb {
    runtime: Runtime,
    allowed: AllowedHosts,
    // Made when first needed: most servers have no federation, and simulated ones have no network.
    guarded: OnceLock<Option<reqwest::Client>>,
    named: OnceLock<Option<reqwest::Client>>,
}

impl OpenWeb {
    /// Makes the real web, with the hosts that the operator named.
    #[must_use]
    pub fn new(runtime: Runtime, allowed: AllowedHosts) -> Self {
        Self { runtime, allowed, guarded: OnceLock::new(), named: OnceLock::new() }
    }

    fn client(&self, url: &Url) -> Result<&reqwest::Client, WebFault> {
        let kept = if self.allowed.names(url) {
            self.named.get_or_init(|| build(builder))
        } else if is_open(url) {
            self.guarded.get_or_init(|| build(|| builder().dns_resolver(Arc::new(PublicNames))))
        } else {
            return Err(WebFault::Place { host: host(url) });
        };
        kept.as_ref().ok_or_else(|| WebFault::Unreachable { host: host(url) })
    }

    async fn exchange(&self, request: WebRequest) -> Result<WebAnswer, WebFault> {
        let host = host(request.url());
        let client = self.client(request.url())?;
        let sent = match request {
            WebRequest::Get { url, bearer } => {
                let get = client.get(url).header("accept", "application/json");
                bearer.into_iter().fold(get, |get, token| get.bearer_auth(token))
            }
            WebRequest::Form { url, fields, basic } => {
                let body = serde_urlencoded::to_string(&fields)
                    .map_err(|_| WebFault::Unreachable { host: host.clone() })?;
                let post = client
                    .post(url)
                    .header("content-type", "application/x-www-form-urlencoded")
                    .header("accept", "application/json")
                    .body(body);
                basic.into_iter().fold(post, |post, (id, secret)| post.basic_auth(id, Some(secret)))
            }
        };
        let failed = |error: reqwest::Error| {
            tracing::info!(error = &error as &dyn std::error::Error, "an issuer cannot be reached");
            WebFault::Unreachable { host: host.clone() }
        };
        let answer = sent.send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let (mut body, mut parts) = (Vec::new(), answer.bytes_stream());
        while let Some(part) = parts.next().await {
            let part = part.map_err(failed)?;
            if body.len().saturating_add(part.len()) > LONGEST {
                return Err(WebFault::TooLong { host });
            }
            body.extend_from_slice(&part);
        }
        Ok(WebAnswer { status, body })
    }
}

#[async_trait]
impl Web for OpenWeb {
    async fn send(&self, request: WebRequest) -> Result<WebAnswer, WebFault> {
        let host = host(request.url());
        let answered = self.runtime.timeout(LIMIT, self.exchange(request)).await;
        answered.unwrap_or(Err(WebFault::TooSlow { host }))
    }

    fn goes_to(&self, url: &Url) -> bool {
        self.allowed.names(url) || is_open(url)
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or("an address without a host").to_owned()
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        // A proxy would look names up for us, past the check of what they stand for.
        .no_proxy()
        .connect_timeout(LIMIT)
        .user_agent(concat!("footbridge-server/", env!("CARGO_PKG_VERSION")))
}

fn build(builder: impl Fn() -> reqwest::ClientBuilder) -> Option<reqwest::Client> {
    install_crypto();
    let built = builder().build().or_else(|error| {
        tracing::warn!(%error, "no certificate authorities found; only plain connections to named hosts work");
        builder().tls_certs_only([]).build()
    });
    built.inspect_err(|error| tracing::error!(%error, "requests to issuers cannot be made")).ok()
}

/// Makes ring the process's cryptography, unless the program chose already.
fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that a provider is installed, which is as good.
        let _installed = rustls::crypto::ring::default_provider().install_default();
    });
}

/// Looks names up and forgets what is not public. The connection goes to what was checked, not to a second answer.
struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(io::Error::other("the name stands for no public address").into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}
