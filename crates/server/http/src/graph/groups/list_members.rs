//! `GET /groups/{id}/members`

use axum::Json;
use axum::extract::Path;
use directory::read::find_group;
use graph_types::{Collection, User};
use model::GroupId;

use crate::graph::people::user;
use crate::{Administering, ApiError};

pub(super) async fn list_members(
    Administering { call, .. }: Administering,
    Path(id): Path<String>,
) -> Result<Json<Collection<User>>, ApiError> {
    let id: GroupId = id.parse().map_err(|_| ApiError::NotFound)?;
    let (_, members) = find_group(&call, id).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(Collection::last(members.iter().map(|member| user(member, &[])).collect())))
}
