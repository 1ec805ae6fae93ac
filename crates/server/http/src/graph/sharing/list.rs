//! `GET …/permissions`

use axum::Json;
use graph_types::{Collection, Permission};

use super::place::NamedPlace;
use super::shape::permission;
use crate::{ApiError, Authenticated};

pub(super) async fn list_permissions(
    caller: Authenticated,
    place: NamedPlace,
) -> Result<Json<Collection<Permission>>, ApiError> {
    let place = place.place(&caller).await?;
    let views = drive::sharing::list_permissions(&caller.call, caller.caller, place).await?;
    Ok(Json(Collection::last(views.iter().map(permission).collect())))
}
