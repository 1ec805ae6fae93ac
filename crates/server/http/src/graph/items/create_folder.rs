//! `POST …/children`: makes a folder.

use axum::Json;
use drive::{ConflictBehavior, edit};
use graph_types::{DriveItem, ItemChange};
use http::StatusCode;

use super::address::NamedItem;
use super::shape::answer;
use super::update::{conflict_behavior, times};
use crate::ApiError;
use crate::json_body::JsonBody;

pub(super) async fn create_folder(
    named: NamedItem,
    JsonBody(body): JsonBody<ItemChange>,
) -> Result<(StatusCode, Json<DriveItem>), ApiError> {
    if body.remote_item.is_some() {
        return Err(ApiError::NotSupported("adding shortcuts"));
    }
    if body.folder.is_none() {
        return Err(ApiError::invalid(
            "only folders are made here; send a file's bytes to its content address",
        ));
    }
    let name = body.name.ok_or_else(|| ApiError::invalid("the folder needs a name"))?;
    let conflict = conflict_behavior(body.conflict_behavior.as_deref(), ConflictBehavior::Fail)?;
    let (created, modified) = times(body.file_system_info.as_ref());
    let (at, address) = (named.at, named.address);
    let times = created.zip(modified).or(modified.map(|time| (time, time)));
    let seen = edit(&at.caller.call, at.edit(), move |editor| {
        let parent = editor.find(&address)?;
        editor.create_folder(parent.item.id, &name, conflict, times)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(answer(&at, seen).await?)))
}
