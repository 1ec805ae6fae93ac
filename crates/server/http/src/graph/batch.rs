//! `POST /$batch`: up to 20 requests in one, each answered as it would be alone (graph-surface.md 10).
//!
//! Each runs through the whole router with the caller's own token, so that nothing is judged differently here. They run
//! one after another, in an order in which what a request depends on comes before it.

mod envelope;
mod order;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use model::Presence;
use serde_json::{Map, Value, json};
use tower::ServiceExt;

use self::envelope::{Batch, BatchAnswer, BatchRequest};
use self::order::order;
use crate::json_body::JsonBody;
use crate::presence::From;
use crate::{Administering, Admits, ApiError, App, RouteTable};

/// Most requests of one batch.
const MOST: usize = 20;
/// Most bytes of all answers together.
const LONGEST: usize = 8 * 1024 * 1024;
/// Headers of an answer that are told.
const TOLD: [header::HeaderName; 4] =
    [header::CONTENT_TYPE, header::LOCATION, header::RETRY_AFTER, header::ETAG];

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes.post("/v1.0/$batch", Admits::Token, run_batch)
}

async fn run_batch(
    State(app): State<App>,
    // Without a good token nothing of it is looked at.
    _caller: Administering,
    From(presence): From,
    headers: HeaderMap,
    JsonBody(batch): JsonBody<Batch>,
) -> Result<Response, ApiError> {
    if batch.requests.is_empty() || batch.requests.len() > MOST {
        return Err(ApiError::invalid(format!("a batch holds 1 to {MOST} requests")));
    }
    let order = order(&batch.requests)?;
    let mut answers: Vec<BatchAnswer> = Vec::with_capacity(order.len());
    let mut room = LONGEST;
    for at in order {
        let asked = &batch.requests[at];
        let failed = |id: &String| answers.iter().any(|done| done.id == *id && done.status >= 300);
        let answer = if asked.depends_on.iter().any(failed) {
            refused(
                asked,
                StatusCode::FAILED_DEPENDENCY,
                "failedDependency",
                "a request it depends on failed",
            )
        } else {
            run(&app, (&headers, presence), asked, &mut room).await
        };
        answers.push(answer);
    }
    Ok(Json(json!({ "responses": answers })).into_response())
}

/// Runs one request as if it had come alone.
async fn run(
    app: &App,
    (outer, presence): (&HeaderMap, Presence),
    asked: &BatchRequest,
    room: &mut usize,
) -> BatchAnswer {
    let mut request = match request(app, outer, asked) {
        Ok(request) => request,
        Err(message) => return refused(asked, StatusCode::BAD_REQUEST, "invalidRequest", message),
    };
    request.extensions_mut().insert(presence);
    let response = match crate::router(app.clone()).oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, *room).await else {
        let message = "the answer is too long for a batch; send this request alone";
        return refused(asked, StatusCode::PAYLOAD_TOO_LARGE, "invalidRequest", message);
    };
    *room -= bytes.len();
    let headers = TOLD.iter().filter_map(|name| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), Value::from(value)))
    });
    let kind = parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let body = match serde_json::from_slice(&bytes) {
        _ if bytes.is_empty() => None,
        Ok(json) if kind.starts_with(b"application/json") => Some(json),
        _ => Some(Value::from(BASE64.encode(&bytes))),
    };
    BatchAnswer { id: asked.id.clone(), status: parts.status.as_u16(), headers: headers.collect(), body }
}

fn refused(asked: &BatchRequest, status: StatusCode, code: &str, message: &str) -> BatchAnswer {
    let body = json!({ "error": { "code": code, "message": message } });
    let kind = (header::CONTENT_TYPE.as_str().to_owned(), Value::from("application/json"));
    BatchAnswer {
        id: asked.id.clone(),
        status: status.as_u16(),
        headers: Map::from_iter([kind]),
        body: Some(body),
    }
}

/// Writes the request a part of the batch means; the error says what is wrong with it.
fn request(app: &App, outer: &HeaderMap, asked: &BatchRequest) -> Result<Request<Body>, &'static str> {
    let method: Method = asked.method.parse().map_err(|_| "this is no method")?;
    let target =
        target(&app.settings.origin, &asked.url).ok_or("the url must be one of this cloud's Graph")?;
    if target.to_ascii_lowercase().contains("$batch") || target.to_ascii_lowercase().contains("%24batch") {
        return Err("a batch holds no batch");
    }
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in &asked.headers {
        // Who asks is decided by the batch's own token.
        if !name.eq_ignore_ascii_case("authorization") && !name.eq_ignore_ascii_case("content-length") {
            request = request.header(name.as_str(), value.as_str().unwrap_or_default());
        }
    }
    for name in [header::AUTHORIZATION, header::HOST] {
        if let Some(value) = outer.get(&name) {
            request = request.header(name, value);
        }
    }
    let body = match &asked.body {
        None | Some(Value::Null) => Vec::new(),
        // Bytes come as base64; a text that is none is meant as it stands.
        Some(Value::String(text)) => {
            BASE64.decode(text.as_bytes()).unwrap_or_else(|_| text.clone().into_bytes())
        }
        Some(json) => json.to_string().into_bytes(),
    };
    request.body(Body::from(body)).map_err(|_| "its url or a header cannot be used")
}

/// Returns the path and query of a url within Graph: relative with or without a slash and version, or absolute.
fn target(origin: &str, url: &str) -> Option<String> {
    let path = if url.contains("://") { url.strip_prefix(origin)? } else { url };
    let path = path.trim_start_matches('/');
    let rest = path.strip_prefix("v1.0/").unwrap_or(path).trim_start_matches('/');
    (!rest.is_empty()).then(|| format!("/v1.0/{rest}"))
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn a_url_is_read_however_clients_write_it_and_never_leads_out_of_graph() {
        let origin = "https://cloud.example";
        for url in ["me", "/me", "/v1.0/me", "v1.0/me", "https://cloud.example/v1.0//me"] {
            assert_eq!(target(origin, url).as_deref(), Some("/v1.0/me"), "{url}");
        }
        assert_eq!(target(origin, "/sign-in").as_deref(), Some("/v1.0/sign-in"));
        for url in ["", "/", "https://evil.example/v1.0/me", "file:///etc/passwd", "/v1.0/"] {
            assert_eq!(target(origin, url), None, "{url}");
        }
    }
}
