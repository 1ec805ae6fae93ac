//! Web: how requests leave this server. Tests put their own in its place.

use async_trait::async_trait;
use url::Url;

/// A request to an issuer.
#[derive(Clone)]
pub enum WebRequest {
    /// Fetches a document.
    Get {
        /// Where.
        url: Url,
        /// An access token to send along.
        bearer: Option<String>,
    },
    /// Sends a form.
    Form {
        /// Where.
        url: Url,
        /// Its fields.
        fields: Vec<(&'static str, String)>,
        /// Client id and secret, to be sent by HTTP Basic.
        basic: Option<(String, String)>,
    },
}

impl WebRequest {
    /// Returns where it goes.
    #[must_use]
    pub fn url(&self) -> &Url {
        match self {
            Self::Get { url, .. } | Self::Form { url, .. } => url,
        }
    }
}

/// An answer, of any status.
#[derive(Clone, PartialEq, Eq)]
pub struct WebAnswer {
    /// The status.
    pub status: u16,
    /// The body, which is never longer than the limit.
    pub body: Vec<u8>,
}

/// Why there is no answer. The texts are for the administrator who named the issuer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebFault {
    /// This server does not go there.
    #[error(
        "{host} is no public address with https; this cloud's operator can allow it by the setting `federation-host`"
    )]
    Place {
        /// The host asked for.
        host: String,
    },
    /// Nobody answers, or not by TLS that can be trusted.
    #[error("{host} does not answer, or its certificate is not trusted")]
    Unreachable {
        /// The host asked for.
        host: String,
    },
    /// The answer is too long.
    #[error("the answer of {host} is longer than allowed")]
    TooLong {
        /// The host asked for.
        host: String,
    },
    /// The answer takes too long.
    #[error("{host} took too long to answer")]
    TooSlow {
        /// The host asked for.
        host: String,
    },
}

/// Sends requests.
#[async_trait]
pub trait Web: Send + Sync {
    /// Sends a request and returns the whole answer. Redirects are answers like any other.
    ///
    /// # Errors
    /// [`WebFault`].
    async fn send(&self, request: WebRequest) -> Result<WebAnswer, WebFault>;

    /// Returns whether this server goes to an address at all.
    fn goes_to(&self, url: &Url) -> bool;
}
