//! Unreadable requests: what the web framework refuses by itself — a path that is no text, a form that is none — gets
//! our answers in place of its bare words.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use percent_encoding::percent_decode_str;

use crate::ApiError;
use crate::error::ErrorBody;
use crate::pages::message_page;

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Program,
    Person,
}

/// Runs a request; a refusal of the framework's own is put into our words.
pub(crate) async fn answer(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let api = ["/v1.0/", "/transfer/"].iter().any(|prefix| path.starts_with(prefix));
    let reader = if api { Reader::Program } else { Reader::Person };
    // PostgreSQL keeps no NUL in a text, and nothing of ours has one in its name.
    if !percent_decode_str(path).decode_utf8().is_ok_and(|path| !path.contains('\0')) {
        return refuse(reader, StatusCode::NOT_FOUND);
    }
    let response = next.run(request).await;
    if is_bare(&response) { refuse(reader, response.status()) } else { response }
}

/// Our own errors are JSON or a page.
fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    response.status().is_client_error()
        && response.extensions().get::<ErrorBody>().is_none()
        && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

fn refuse(reader: Reader, status: StatusCode) -> Response {
    match (reader, status) {
        (Reader::Program, StatusCode::NOT_FOUND) => ApiError::NotFound.into_response(),
        (Reader::Program, _) => {
            ApiError::invalid("the request cannot be read; check its address, query and body").into_response()
        }
        (Reader::Person, _) => message_page(
            status,
            "This request cannot be read",
            "The address or the form is damaged. Go back, reload the page and try again; if it stays, ask the person \
             who sent you the address.",
        ),
    }
}
