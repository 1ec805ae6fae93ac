//! `GET /shares/{share}/permission`: the link as a permission; to who manages the item with its address.

use axum::Json;
use drive::links::find_link;
use drive::sharing::{Place, SharingError};
use graph_types::Permission;

use super::share::NamedShare;
use crate::ApiError;
use crate::graph::sharing::{bare_link, link_permission};

pub(super) async fn get_permission(share: NamedShare) -> Result<Json<Permission>, ApiError> {
    let found = share.item().await?;
    let item = &found.view.seen.item;
    let place = Place::Item { drive: item.drive, item: item.id };
    match find_link(&share.caller.call, share.caller.caller, place, found.link.id).await {
        Ok(Some(view)) => Ok(Json(link_permission(&share.app.settings.origin, &view))),
        Ok(None) | Err(SharingError::NotFound) => Ok(Json(bare_link(&found.link))),
        Err(error) => Err(error.into()),
    }
}
