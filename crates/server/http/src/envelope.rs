//! Envelope: what every answer carries — a request id, safe headers, and for errors Graph's JSON body.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use graph_types::{GraphError, GraphErrorBody, GraphInnerError};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use runtime::Timestamp;
use tracing::Instrument;

use crate::error::ErrorBody;
use crate::{App, unreadable};

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
/// Longest client request id that is echoed and logged.
const CLIENT_ID_LENGTH: usize = 64;

/// Wraps a request: gives it an id, logs how it ended, completes error bodies and headers.
pub(crate) async fn envelope(State(app): State<App>, request: Request, next: Next) -> Response {
    let request_id = app.runtime.uuid().to_string();
    let client_id = client_request_id(request.headers());
    let started = app.runtime.elapsed();
    // The path may name files; only the method is logged, with the matched route added by the router.
    let span = tracing::info_span!("request", id = %request_id, method = %request.method());
    let mut response = unreadable::answer(request, next).instrument(span.clone()).await;
    let _entered = span.entered();
    if let Some(body) = response.extensions_mut().remove::<ErrorBody>() {
        write_error(&mut response, &app, body, &request_id, client_id.as_deref());
    }
    let headers = response.headers_mut();
    set(headers, REQUEST_ID, &request_id);
    if let Some(client_id) = &client_id {
        set(headers, CLIENT_REQUEST_ID, client_id);
    }
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    let micros = (app.runtime.elapsed().saturating_sub(started)).as_micros();
    tracing::debug!(status = response.status().as_u16(), micros = %micros, "answered");
    response
}

fn client_request_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CLIENT_REQUEST_ID)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (text.len() <= CLIENT_ID_LENGTH && text.chars().all(plain)).then(|| text.to_owned())
}

fn write_error(
    response: &mut Response,
    app: &App,
    body: ErrorBody,
    request_id: &str,
    client_id: Option<&str>,
) {
    let inner = GraphInnerError {
        code: body.inner.map(str::to_owned),
        // Clients read at most seven digits of a second (graph-surface.md J-1).
        date: Timestamp::from_millisecond(app.runtime.now().as_millisecond()).ok(),
        request_id: Some(request_id.to_owned()),
        client_request_id: client_id.map(str::to_owned),
    };
    let error =
        GraphErrorBody { code: body.code.to_owned(), message: body.message, inner_error: Some(inner) };
    if let Ok(json) = serde_json::to_vec(&GraphError { error }) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(json.len()));
        *response.body_mut() = Body::from(json);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
