//! `GET /directory/deletedItems/{id}`: somebody who was deleted.

use axum::Json;
use axum::extract::Path;
use directory::find_deleted_person;
use graph_types::User;

use crate::graph::people::user;
use crate::{Administering, ApiError};

pub(super) async fn get_deleted(
    Administering { call, .. }: Administering,
    Path(id): Path<String>,
) -> Result<Json<User>, ApiError> {
    let id = id.parse().map_err(|_| ApiError::NotFound)?;
    let found = find_deleted_person(&call, id).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(user(&found, &[])))
}
