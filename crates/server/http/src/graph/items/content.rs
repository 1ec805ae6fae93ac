//! `GET …/content`: a file's bytes, whole or a range, streamed. A browser only ever saves them.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use drive::contents::{ContentCaller, open_at};
use drive::items::Condition;
use drive::reading::ItemAddress;
use futures_util::TryStreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::address::{NamedDrive, NamedItem};
use super::range::{Wanted, wanted};
use crate::ApiError;

pub(super) async fn get_content(named: NamedItem) -> Result<Response, ApiError> {
    send_content(named.at, named.address, &named.headers).await
}

/// Answers with a file's bytes.
pub(in crate::graph) async fn send_content(
    at: NamedDrive,
    address: ItemAddress,
    asked: &HeaderMap,
) -> Result<Response, ApiError> {
    let who = ContentCaller { caller: at.caller.caller, drive: at.drive, runtime: at.app.runtime.clone() };
    let file = open_at(&at.caller.call, &who, address).await?;
    let tag = file.seen.item.e_tag();
    let holds = |name: HeaderName| {
        let sent = text(asked, &name)?;
        Some(Condition::AnyTag(sent.to_owned()).check(&file.seen).is_ok())
    };
    if holds(header::IF_NONE_MATCH) == Some(true) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    // A resumed download of other bytes starts over.
    let range = text(asked, &header::RANGE).filter(|_| holds(header::IF_RANGE) != Some(false));
    let length = file.reader.size();
    let (status, part) = match wanted(range, length) {
        Wanted::Whole => (StatusCode::OK, 0..length),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Wanted::Outside => return Err(ApiError::RangeNotSatisfiable(length)),
    };
    let stream = file.reader.stream(at.app.content.clone(), at.caller.call.clone(), part.clone());
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
    let name = utf8_percent_encode(&file.seen.item.name, NON_ALPHANUMERIC);
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
