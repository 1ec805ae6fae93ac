//! `POST /sites/{id}/recycleBin/items/delete`: entries go on to the second stage, from there for good.

use axum::Json;
use axum::extract::{Path, State};
use drive::recycle_bin::BinAction;
use graph_types::{Collection, RecycleBinIds, RecycleBinOutcome};
use http::StatusCode;

use super::change::change;
use crate::json_body::JsonBody;
use crate::{ApiError, App, Authenticated};

pub(super) async fn delete(
    State(app): State<App>,
    caller: Authenticated,
    Path(site): Path<String>,
    JsonBody(body): JsonBody<RecycleBinIds>,
) -> Result<(StatusCode, Json<Collection<RecycleBinOutcome>>), ApiError> {
    change(&app, &caller, &site, body, BinAction::Delete).await
}
