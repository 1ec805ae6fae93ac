//! `POST …/items/{id}/restore`: back from the recycle bin, under the same id.

use axum::Json;
use drive::edit;
use graph_types::{DriveItem, ItemChange};

use super::address::NamedItem;
use super::shape::answer;
use super::update::{new_parent, resolve};
use crate::ApiError;
use crate::json_body::JsonBody;

pub(super) async fn restore_item(
    named: NamedItem,
    JsonBody(body): JsonBody<ItemChange>,
) -> Result<Json<DriveItem>, ApiError> {
    let (at, address) = (named.at, named.address);
    let item = address.start.filter(|_| address.path.is_empty()).ok_or(ApiError::NotFound)?;
    let target = body.parent_reference.as_ref().map(|parent| new_parent(&at.drive.to_string(), parent));
    let target = target.transpose()?.flatten();
    let seen = edit(&at.caller.call, at.edit(), move |editor| {
        let parent = target.map(|target| resolve(editor, &target)).transpose()?;
        editor.restore(item, parent, body.name.as_deref())
    })
    .await?;
    Ok(Json(answer(&at, seen).await?))
}
