//! Transport: the one way a request leaves this program. Object-safe, streaming both ways, follows no redirect.
//!
//! The real one is [`ReqwestTransport`](crate::ReqwestTransport); tests and the simulation bring their own.

use std::pin::Pin;
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::Stream;
use http_body::Body as _;
use http_body_util::BodyExt as _;
use http_body_util::combinators::UnsyncBoxBody;

/// A request's or a response's bytes, as they come.
pub type Body = UnsyncBoxBody<Bytes, TransportError>;

/// No answer, or a broken one. What was sent may or may not have arrived.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(pub String);

/// Sends requests. Implementations neither follow redirects nor keep cookies, and report a body that ended before its
/// announced length as an error of the body.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`, whose URI is absolute, and returns as soon as the answer's head is there. Dropping the answer
    /// ends the exchange.
    ///
    /// # Errors
    /// [`TransportError`] when there is no answer.
    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError>;
}

/// Returns a body of no bytes.
#[must_use]
pub fn empty_body() -> Body {
    full_body(Bytes::new())
}

/// Returns a body of bytes that are already here.
#[must_use]
pub fn full_body(bytes: Bytes) -> Body {
    http_body_util::Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// The data of a body as a stream; trailers are dropped.
pub(crate) struct DataStream(Body);

impl DataStream {
    pub(crate) fn new(body: Body) -> Self {
        Self(body)
    }
}

impl Stream for DataStream {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            return match Pin::new(&mut self.0).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => Poll::Ready(Some(Ok(data))),
                    Err(_trailers) => continue,
                },
                Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            };
        }
    }
}
