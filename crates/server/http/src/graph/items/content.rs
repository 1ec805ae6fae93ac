//! `GET …/content`: a file's bytes.

use axum::response::Response;
use drive::contents::open_at;
use drive::reading::ItemAddress;
use http::HeaderMap;

use super::address::{NamedDrive, NamedItem};
use super::send_bytes::{Sendable, send_bytes};
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
    let file = open_at(&at.caller.call, &at.content_caller(), address).await?;
    let item = file.seen.item;
    let (e_tag, c_tag) = (item.e_tag(), item.c_tag());
    send_bytes(&at, asked, Sendable { reader: file.reader, name: item.name, e_tag, c_tag })
}
