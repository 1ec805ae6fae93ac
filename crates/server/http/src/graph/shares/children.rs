//! `GET /shares/{share}/driveItem/children` and `/items`: what a shared folder holds.

use axum::Json;
use drive::links::list_linked_children;
use graph_types::{Collection, DriveItem};

use super::share::NamedShare;
use crate::ApiError;

pub(super) async fn list_children(share: NamedShare) -> Result<Json<Collection<DriveItem>>, ApiError> {
    let item = share.item().await?;
    let url = share.url(&item);
    let children = list_linked_children(&share.caller.call, share.used().await?).await?;
    Ok(Json(Collection::last(children.iter().map(|view| share.shape(&url, view)).collect())))
}
