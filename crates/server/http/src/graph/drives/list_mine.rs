//! `GET /me/drives`: the caller's own drive. A guest has none here, and is told so by an empty list, so that clients go
//! on to look for sites.

use axum::Json;
use axum::extract::State;
use drive::personal::own_drive;
use graph_types::{Collection, Drive};

use super::mine::load;
use crate::{ApiError, App, Authenticated};

pub(super) async fn list_mine(
    State(app): State<App>,
    caller: Authenticated,
) -> Result<Json<Collection<Drive>>, ApiError> {
    let mut drives = Vec::new();
    if let Some(own) = own_drive(&caller.call, caller.caller).await? {
        drives.push(load(&app, &caller, own.id).await?);
    }
    Ok(Json(Collection::last(drives)))
}
