//! One exchange with bounds: how long to wait, how much to hold, and what counts as an answer of ours at all.
//!
//! A proxy's or captive portal's page is not an answer; it is a broken connection.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use http::{Request, Response, StatusCode};
use runtime::Runtime;

use crate::transport::DataStream;
use crate::{Body, Transport, TransportError};

/// Longest wait for the head of an answer, and for the next bytes of its body.
pub(crate) const ANSWER_LIMIT: Duration = Duration::from_secs(60);
/// Most bytes of a JSON answer. A page of the feed is far smaller.
pub(crate) const JSON_LIMIT: usize = 64 * 1024 * 1024;
/// Most bytes of an error.
const ERROR_LIMIT: usize = 256 * 1024;

/// Sends a request and waits for the head of the answer.
pub(crate) async fn send(
    runtime: &Runtime,
    transport: &dyn Transport,
    request: Request<Body>,
) -> Result<Response<Body>, TransportError> {
    match runtime.timeout(ANSWER_LIMIT, transport.send(request)).await {
        Ok(answer) => answer,
        Err(elapsed) => Err(TransportError(elapsed.to_string())),
    }
}

/// Reads a body to its end, at most `limit` bytes.
pub(crate) async fn collect(runtime: &Runtime, body: Body, limit: usize) -> Result<Bytes, TransportError> {
    let mut stream = DataStream::new(body);
    let mut whole = BytesMut::new();
    loop {
        let next = runtime.timeout(ANSWER_LIMIT, stream.next()).await;
        match next.map_err(|elapsed| TransportError(elapsed.to_string()))? {
            None => return Ok(whole.freeze()),
            Some(data) => {
                let data = data?;
                if whole.len() + data.len() > limit {
                    return Err(TransportError("the answer is longer than any of its kind".to_owned()));
                }
                whole.extend_from_slice(&data);
            }
        }
    }
}

/// Reads the body of a refusal.
pub(crate) async fn collect_error(runtime: &Runtime, body: Body) -> Result<Bytes, TransportError> {
    collect(runtime, body, ERROR_LIMIT).await
}

/// Checks that an answer has the media type it must have.
pub(crate) fn require_type(headers: &HeaderMap, wanted: &str) -> Result<(), TransportError> {
    let found = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = found.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    Err(TransportError(format!(
        "something between this computer and the cloud answered in its place (`{essence}` instead of `{wanted}`)"
    )))
}

/// Longest wait that is believed; a server whose clock or sums are wrong must not silence a client for good.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// Returns the wait the server asks for, in seconds or as a date; none when it asks for none that can be read.
pub fn retry_after(headers: &HeaderMap, now: jiff::Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
            Duration::try_from(date.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST_RETRY_AFTER))
}

/// Tells whether a status means that the other end or the way to it is in trouble.
pub(crate) fn is_trouble(status: StatusCode) -> bool {
    status.is_server_error() && status != StatusCode::INSUFFICIENT_STORAGE
        || status.is_redirection()
        || status.is_informational()
        || status == StatusCode::REQUEST_TIMEOUT
        || status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        || status == StatusCode::MISDIRECTED_REQUEST
}
