//! `GET /{organization}/sites/{site}/items/{drive}/{item}/content`: a file of a site, saved by somebody signed in (B04).

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use drive::ItemError;
use drive::contents::{ContentCaller, open_file};
use http::HeaderMap;
use identity::{Authority, IdentityError};
use model::{DriveId, ItemId};

use super::Visitor;
use super::answer::{absent_page, failed_page, server_failure};
use crate::App;
use crate::send_bytes::{Sendable, send_bytes};

pub(super) async fn get_content(
    State(app): State<App>,
    Path((organization, _site, drive, item)): Path<(String, String, String, String)>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Response {
    let person = match visitor.require() {
        Ok(person) => person,
        Err(sign_in) => return sign_in,
    };
    let named = drive.parse::<DriveId>().ok().zip(item.parse::<ItemId>().ok());
    let Some((drive, item)) = named else { return absent_page() };
    let tenant = match app.identity.authority(&organization.to_lowercase()).await {
        Ok(Authority::Tenant(tenant)) => tenant,
        Ok(Authority::Home) | Err(IdentityError::Refused(_)) => return absent_page(),
        Err(failure) => return failed_page(failure),
    };
    let bearer = match app.identity.enter(person, tenant).await {
        Ok(bearer) => bearer,
        Err(IdentityError::Refused(_)) => return absent_page(),
        Err(failure) => return failed_page(failure),
    };
    let who = ContentCaller { caller: bearer.caller, drive, runtime: app.runtime.clone() };
    match open_file(&bearer.call, &who, item).await {
        Ok(file) => send_bytes(&app, bearer.call, &headers, Sendable::of(file))
            .unwrap_or_else(IntoResponse::into_response),
        Err(ItemError::NotFound | ItemError::NotAFile) => absent_page(),
        Err(failure) => server_failure(&failure),
    }
}
