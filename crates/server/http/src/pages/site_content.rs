//! `GET /{organization}/sites/{site}/items/{drive}/{item}/content`: a file of a site, saved by somebody signed in (B04).

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use drive::ItemError;
use drive::contents::{ContentCaller, open_file};
use http::HeaderMap;

use super::Visitor;
use super::answer::{absent_page, server_failure};
use super::hand::refused_change;
use super::site_door::{ItemName, enter_item};
use crate::App;
use crate::send_bytes::{Sendable, send_bytes};

pub(super) async fn get_content(
    State(app): State<App>,
    Path(name): Path<ItemName>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Response {
    let at = match enter_item(&app, &visitor, &name).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let who = ContentCaller { caller: at.bearer.caller, drive: at.drive, runtime: app.runtime.clone() };
    match open_file(&at.bearer.call, &who, at.item).await {
        Ok(file) => send_bytes(&app, at.bearer.call, &headers, Sendable::of(file))
            .unwrap_or_else(IntoResponse::into_response),
        Err(ItemError::NotFound | ItemError::NotAFile) => absent_page(),
        Err(error @ ItemError::Refused(_)) => refused_change(error.into()),
        Err(failure) => server_failure(&failure),
    }
}
