//! `PATCH …/permissions/{id}`: another role, another end.

use axum::Json;
use graph_types::{Permission, PermissionUpdate};

use super::invite::role;
use super::place::{NamedPermission, NamedPlace};
use super::shape::permission;
use crate::json_body::JsonBody;
use crate::{ApiError, Authenticated};

pub(super) async fn update_permission(
    caller: Authenticated,
    place: NamedPlace,
    NamedPermission(id): NamedPermission,
    JsonBody(asked): JsonBody<PermissionUpdate>,
) -> Result<Json<Permission>, ApiError> {
    let place = place.place(&caller).await?;
    let (call, who) = (&caller.call, caller.caller);
    let expires = asked.expiration_date_time.map(|time| time.0);
    let changed =
        drive::sharing::update_permission(call, who, place, id, role(&asked.roles)?, expires).await?;
    Ok(Json(permission(&changed)))
}
