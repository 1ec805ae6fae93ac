//! `POST /directory/deletedItems/{id}/restore`: brings somebody back, unless their address is somebody else's by now.

use axum::Json;
use axum::extract::Path;
use directory::restore_person;
use graph_types::User;

use crate::graph::people::user;
use crate::{Administering, ApiError};

pub(super) async fn restore_user(
    Administering { call, .. }: Administering,
    Path(id): Path<String>,
) -> Result<Json<User>, ApiError> {
    let id = id.parse().map_err(|_| ApiError::NotFound)?;
    Ok(Json(user(&restore_person(&call, id).await?, &[])))
}
