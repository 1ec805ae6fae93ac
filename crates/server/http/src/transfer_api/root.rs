//! `GET drives/{drive}/items/{item}/root`: what a sync root is called and belongs to.

use axum::Json;
use drive::roots::load_root;
use model::ItemId;
use transfer::RootInfo;

use crate::ApiError;
use crate::named_drive::NamedItem;

pub(super) async fn get_root(named: NamedItem<ItemId>) -> Result<Json<RootInfo>, ApiError> {
    let NamedItem { at, address: item, .. } = named;
    let origin = at.app.settings.origin.clone();
    let who = at.caller.caller;
    Ok(Json(load_root(&at.caller.call, who, &at.app.runtime, origin, at.drive, item).await?))
}
