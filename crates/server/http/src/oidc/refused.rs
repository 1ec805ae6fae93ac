//! Refusals on the wire: the body that identity clients read (graph-surface.md 2.7).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use identity::{IdentityError, Refusal};
use runtime::Runtime;
use serde_json::json;

use crate::App;
use crate::pages::offer_path;

/// Answers the token endpoint of an organization. A refusal that only a person can mend, on a page, names the page.
pub(super) fn refuse_at(
    app: &App,
    organization: &str,
    headers: &HeaderMap,
    error: IdentityError,
) -> Response {
    match error {
        IdentityError::Refused(refusal @ Refusal::InvitationPending) => {
            let page = format!("{}{}", app.identity.origin(), offer_path(organization));
            body(&app.runtime, headers, &refusal, Some(&page)).into_response()
        }
        error => refuse(app, headers, error),
    }
}

/// Answers with a refusal, or with `server_error` for a failure that is not the caller's.
pub(super) fn refuse(app: &App, headers: &HeaderMap, error: IdentityError) -> Response {
    match error {
        IdentityError::Refused(refusal) => body(&app.runtime, headers, &refusal, None).into_response(),
        failure => {
            tracing::error!(error = &failure as &dyn std::error::Error, "a sign-in request failed");
            let text = "The server failed; try again, and tell the operator the request id if it stays.";
            let body = Json(json!({ "error": "server_error", "error_description": text }));
            (StatusCode::INTERNAL_SERVER_ERROR, body).into_response()
        }
    }
}

fn body(
    runtime: &Runtime,
    headers: &HeaderMap,
    refusal: &Refusal,
    page: Option<&str>,
) -> (StatusCode, Json<serde_json::Value>) {
    let trace = runtime.uuid().to_string();
    let correlation = headers
        .get("client-request-id")
        .and_then(|value| value.to_str().ok())
        .filter(|text| text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
        .map_or_else(|| runtime.uuid().to_string(), str::to_owned);
    let timestamp = runtime.now().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
    let description = match page {
        Some(page) => format!("{} Or open {page} in a browser.", refusal.description()),
        None => refusal.description(),
    };
    let mut body = json!({
        "error": refusal.error(),
        "error_description": format!(
            "{description} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}"
        ),
        "error_codes": [refusal.code()],
        "timestamp": timestamp,
        "trace_id": trace,
        "correlation_id": correlation,
    });
    if let Some(suberror) = refusal.suberror() {
        body["suberror"] = suberror.into();
    }
    if let Some(page) = page {
        body["footbridge_page"] = page.into();
    }
    let status = match refusal.error() {
        "invalid_client" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, Json(body))
}
