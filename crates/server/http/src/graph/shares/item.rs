//! `GET /shares/{share}/driveItem` and `/root`: the item a link opens.

use axum::Json;
use graph_types::DriveItem;

use super::share::NamedShare;
use crate::ApiError;

pub(super) async fn get_item(share: NamedShare) -> Result<Json<DriveItem>, ApiError> {
    let item = share.item().await?;
    Ok(Json(share.shape(&share.url(&item), &item.view)))
}
