//! `GET /pages.css`: the one stylesheet of all pages, compiled in.

use axum::response::{IntoResponse, Response};
use http::header;

pub(super) async fn get_stylesheet() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, include_str!("../../templates/pages.css")).into_response()
}
