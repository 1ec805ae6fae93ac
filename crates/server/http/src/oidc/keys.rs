//! `GET /{organization}/discovery/v2.0/keys`: the cloud's public keys, the same for every organization.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use super::refused::refuse;
use crate::App;

pub(super) async fn get_keys(
    State(app): State<App>,
    Path(organization): Path<String>,
    headers: HeaderMap,
) -> Response {
    match app.identity.authority(&organization).await {
        Ok(_) => Json(app.identity.published_keys()).into_response(),
        Err(error) => refuse(&app, &headers, error),
    }
}
