//! `GET …/permissions/{id}`

use axum::Json;
use drive::sharing::find_permission;
use graph_types::Permission;

use super::place::{NamedPermission, NamedPlace};
use super::shape::permission;
use crate::{ApiError, Authenticated};

pub(super) async fn get_permission(
    caller: Authenticated,
    place: NamedPlace,
    NamedPermission(id): NamedPermission,
) -> Result<Json<Permission>, ApiError> {
    let place = place.place(&caller).await?;
    let view = find_permission(&caller.call, caller.caller, place, id).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(permission(&view)))
}
