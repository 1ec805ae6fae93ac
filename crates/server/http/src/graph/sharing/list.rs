//! `GET …/permissions`: what was given by name, then the links.

use axum::Json;
use axum::extract::State;
use graph_types::{Collection, Permission};

use super::link_shape::link_permission;
use super::place::NamedPlace;
use super::shape::permission;
use crate::{ApiError, App, Authenticated};

pub(super) async fn list_permissions(
    State(app): State<App>,
    caller: Authenticated,
    place: NamedPlace,
) -> Result<Json<Collection<Permission>>, ApiError> {
    let place = place.place(&caller).await?;
    let views = drive::sharing::list_permissions(&caller.call, caller.caller, place).await?;
    let links = drive::links::list_links(&caller.call, caller.caller, place).await?;
    let links = links.iter().map(|view| link_permission(&app.settings.origin, view));
    Ok(Json(Collection::last(views.iter().map(permission).chain(links).collect())))
}
