//! `GET …/content`: a file's bytes.

use axum::response::Response;
use drive::contents::open_at;
use drive::reading::ItemAddress;
use http::HeaderMap;

use super::address::{NamedDrive, NamedItem};
use crate::ApiError;
use crate::send_bytes::{Sendable, send_bytes};

pub(super) async fn get_content(named: NamedItem) -> Result<Response, ApiError> {
    send_content(named.at, named.address, &named.headers).await
}

/// Answers with a file's bytes.
pub(in crate::graph) async fn send_content(
    at: NamedDrive,
    address: ItemAddress,
    asked: &HeaderMap,
) -> Result<Response, ApiError> {
    let file = open_at(&at.caller.call, &at.content_caller(), address).await?;
    send_bytes(&at.app, at.caller.call.clone(), asked, Sendable::of(file))
}
