//! `GET drives/{drive}/items/{item}/delta?cursor=`: one page of the feed.

use axum::Json;
use axum::extract::Query;
use drive::delta::{DeltaRequest, DeltaStart, PAGE, read_delta};
use model::ItemId;
use serde::Deserialize;
use transfer::DeltaPage;

use crate::ApiError;
use crate::named_drive::NamedItem;

#[derive(Deserialize)]
pub(super) struct DeltaQuery {
    cursor: Option<String>,
}

pub(super) async fn get_delta(
    named: NamedItem<ItemId>,
    query: Result<Query<DeltaQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<DeltaPage>, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::invalid(error.body_text()))?;
    let request = DeltaRequest {
        caller: named.at.caller.caller,
        drive: named.at.drive,
        item: named.address,
        start: query.cursor.map_or(DeltaStart::Nothing, DeltaStart::Cursor),
        limit: PAGE,
        runtime: named.at.app.runtime.clone(),
    };
    let changes = read_delta(&named.at.caller.call, &named.at.app.cursors, request).await?;
    Ok(Json(changes.into_page()))
}
