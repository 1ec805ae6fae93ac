//! `POST …/items/{id}/restore`: back from the recycle bin, under the same id, by the rules of `drive::items::restore`.

use axum::Json;
use drive::items::RestorePlace;
use drive::{ConflictBehavior, edit};
use graph_types::{DriveItem, ItemChange};

use super::address::NamedItem;
use super::shape::answer;
use super::update::{conflict_behavior, new_parent, resolve};
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
    let asked = body.conflict_behavior.as_deref().filter(|asked| !asked.is_empty());
    let conflict = asked.map(|asked| conflict_behavior(Some(asked), ConflictBehavior::Fail)).transpose()?;
    let seen = edit(&at.caller.call, at.edit(), move |editor| {
        let parent = target.map(|target| resolve(editor, &target)).transpose()?;
        editor.restore(item, &RestorePlace { parent, name: body.name, conflict })
    })
    .await?;
    Ok(Json(answer(&at, seen).await?))
}
