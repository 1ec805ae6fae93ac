//! `GET drives/{drive}/items/{item}/manifest`: the chunks of a file's present content.

use axum::Json;
use drive::contents::open_file;
use model::ItemId;
use transfer::Manifest;

use crate::ApiError;
use crate::named_drive::NamedItem;

pub(super) async fn get_manifest(named: NamedItem<ItemId>) -> Result<Json<Manifest>, ApiError> {
    let file = open_file(&named.at.caller.call, &named.at.content_caller(), named.address).await?;
    Ok(Json(file.reader.manifest().clone()))
}
