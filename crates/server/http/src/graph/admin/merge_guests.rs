//! `POST /admin/guests/{id}/merge` `{duplicateId}`: ours; two guests who are one person become one (A11).

use axum::Json;
use axum::extract::Path;
use directory::merge_guests;
use graph_types::User;
use serde::Deserialize;

use crate::graph::people::user;
use crate::json_body::JsonBody;
use crate::{Administering, ApiError};

/// Which guest goes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Duplicate {
    duplicate_id: String,
}

pub(super) async fn merge(
    Administering { call, .. }: Administering,
    Path(keep): Path<String>,
    JsonBody(asked): JsonBody<Duplicate>,
) -> Result<Json<User>, ApiError> {
    let keep = keep.parse().map_err(|_| ApiError::NotFound)?;
    let gone = asked.duplicate_id.parse().map_err(|_| ApiError::NotFound)?;
    Ok(Json(user(&merge_guests(&call, keep, gone).await?, &[])))
}
