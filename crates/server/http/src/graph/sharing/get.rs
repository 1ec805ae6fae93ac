//! `GET …/permissions/{id}`

use axum::Json;
use axum::extract::State;
use drive::links::find_link;
use drive::sharing::find_permission;
use graph_types::Permission;
use model::LinkId;

use super::link_shape::link_permission;
use super::place::{NamedPermission, NamedPlace};
use super::shape::permission;
use crate::{ApiError, App, Authenticated};

pub(super) async fn get_permission(
    State(app): State<App>,
    caller: Authenticated,
    place: NamedPlace,
    NamedPermission(id): NamedPermission,
) -> Result<Json<Permission>, ApiError> {
    let place = place.place(&caller).await?;
    if let Some(view) = find_permission(&caller.call, caller.caller, place, id).await? {
        return Ok(Json(permission(&view)));
    }
    let link = LinkId::from_uuid(id.uuid());
    let view = find_link(&caller.call, caller.caller, place, link).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(link_permission(&app.settings.origin, &view)))
}
