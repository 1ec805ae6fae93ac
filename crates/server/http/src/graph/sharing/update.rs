//! `PATCH …/permissions/{id}`: another role, another end; of a link also another password.

use axum::Json;
use axum::extract::State;
use drive::links::{LinkChange, Setting, find_link, update_link};
use graph_types::{Permission, PermissionUpdate};
use model::LinkId;

use super::create_link::hash_password;
use super::invite::role;
use super::link_shape::link_permission;
use super::place::{NamedPermission, NamedPlace};
use super::shape::permission;
use crate::json_body::JsonBody;
use crate::{ApiError, App, Authenticated};

pub(super) async fn update_permission(
    State(app): State<App>,
    caller: Authenticated,
    place: NamedPlace,
    NamedPermission(id): NamedPermission,
    JsonBody(asked): JsonBody<PermissionUpdate>,
) -> Result<Json<Permission>, ApiError> {
    let place = place.place(&caller).await?;
    let (call, who) = (&caller.call, caller.caller);
    let link = LinkId::from_uuid(id.uuid());
    if find_link(call, who, place, link).await?.is_some() {
        let changed = update_link(call, who, place, link, change(&app, asked).await?).await?;
        return Ok(Json(link_permission(&app.settings.origin, &changed)));
    }
    if asked.password.is_some() {
        return Err(ApiError::invalid("only a link for anyone has a password"));
    }
    let expires = asked.expiration_date_time.flatten().map(|time| time.0);
    let changed =
        drive::sharing::update_permission(call, who, place, id, role(&asked.roles)?, expires).await?;
    Ok(Json(permission(&changed)))
}

async fn change(app: &App, asked: PermissionUpdate) -> Result<LinkChange, ApiError> {
    let expires = match asked.expiration_date_time {
        None => Setting::Keep,
        Some(None) => Setting::Clear,
        Some(Some(time)) => Setting::Set(time.0),
    };
    let password = match asked.password {
        None => Setting::Keep,
        Some(password) => hash_password(app, password.as_deref()).await?.map_or(Setting::Clear, Setting::Set),
    };
    let role = if asked.roles.is_empty() { None } else { Some(role(&asked.roles)?) };
    Ok(LinkChange { role, expires, password })
}
