//! Bytes as an answer, whole or a range, streamed, of a file or of a version. A browser only ever saves them.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use content::ContentReader;
use drive::contents::OpenFile;
use drive::items::Condition;
use futures_util::TryStreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use storage::Call;

use crate::range::{Wanted, wanted};
use crate::{ApiError, App};

/// Bytes that the caller may read.
pub(crate) struct Sendable {
    /// The bytes.
    pub(crate) reader: ContentReader,
    /// Under which name a browser saves them.
    pub(crate) name: String,
    /// The tag that is told.
    pub(crate) e_tag: String,
    /// Another tag under which a client may know them.
    pub(crate) c_tag: Option<String>,
}

impl Sendable {
    /// Describes a file that was opened for its reader.
    pub(crate) fn of(file: OpenFile) -> Self {
        let item = file.seen.item;
        let (e_tag, c_tag) = (item.e_tag(), item.c_tag());
        Self { reader: file.reader, name: item.name, e_tag, c_tag }
    }
}

/// Answers a request for bytes.
pub(crate) fn send_bytes(
    app: &App,
    call: Call,
    asked: &HeaderMap,
    sendable: Sendable,
) -> Result<Response, ApiError> {
    let tag = sendable.e_tag;
    let holds = |name: HeaderName| {
        let sent = text(asked, &name)?;
        Some(Condition::AnyTag(sent.to_owned()).holds(&tag, sendable.c_tag.as_deref()))
    };
    if holds(header::IF_NONE_MATCH) == Some(true) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    // A resumed download of other bytes starts over.
    let range = text(asked, &header::RANGE).filter(|_| holds(header::IF_RANGE) != Some(false));
    let length = sendable.reader.size();
    let (status, part) = match wanted(range, length) {
        Wanted::Whole => (StatusCode::OK, 0..length),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Wanted::Outside => return Err(ApiError::RangeNotSatisfiable(length)),
    };
    let stream = sendable.reader.stream(app.content.clone(), call, part.clone());
    // The answer has begun: cutting it off is the one honest way to say that it failed.
    let stream = stream.inspect_err(|error| {
        tracing::error!(error = error as &dyn std::error::Error, "a download was cut off");
    });
    let mut response = (status, Body::from_stream(stream)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    set(headers, header::ETAG, tag);
    let name = utf8_percent_encode(&sendable.name, NON_ALPHANUMERIC);
    set(headers, header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}"));
    if status == StatusCode::PARTIAL_CONTENT {
        let last = part.end.saturating_sub(1);
        set(headers, header::CONTENT_RANGE, format!("bytes {}-{last}/{length}", part.start));
    }
    Ok(response)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}
