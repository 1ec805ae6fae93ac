//! `GET /groups/{id}`

use axum::Json;
use axum::extract::Path;
use directory::read::find_group;
use graph_types::Group;
use model::GroupId;

use super::shape::group;
use crate::{Administering, ApiError};

pub(super) async fn get_group(
    Administering { call, .. }: Administering,
    Path(id): Path<String>,
) -> Result<Json<Group>, ApiError> {
    let id: GroupId = id.parse().map_err(|_| ApiError::NotFound)?;
    let (found, _) = find_group(&call, id).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(group(&found)))
}
