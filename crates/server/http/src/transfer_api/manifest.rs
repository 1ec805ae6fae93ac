//! `GET drives/{drive}/items/{item}/manifest`: the chunks of a file's present content.

use axum::Json;
use drive::contents::open_file;
use transfer::Manifest;

use super::names::NamedItem;
use crate::ApiError;

pub(super) async fn get_manifest(named: NamedItem) -> Result<Json<Manifest>, ApiError> {
    let file = open_file(&named.at.caller.call, &named.at.content_caller(), named.item).await?;
    Ok(Json(file.reader.manifest().clone()))
}
