//! `PATCH …/items/{id}`: renames, moves, sets the file's own times.

use axum::Json;
use drive::items::{Condition, NewPlace};
use drive::{ConflictBehavior, Editor, ItemError, edit};
use graph_types::{DriveItem, FileSystemInfo, ItemChange, ItemReference};
use http::{HeaderMap, header};
use model::{ItemId, Timestamp};

use super::address::{NamedItem, item_address};
use super::shape::answer;
use crate::ApiError;
use crate::json_body::JsonBody;

pub(super) async fn update_item(
    named: NamedItem,
    JsonBody(body): JsonBody<ItemChange>,
) -> Result<Json<DriveItem>, ApiError> {
    let (at, address) = (named.at, named.address);
    let condition = if_match(&named.headers)?;
    let conflict = conflict_behavior(body.conflict_behavior.as_deref(), ConflictBehavior::Fail)?;
    let target = body.parent_reference.as_ref().map(|parent| new_parent(&at.drive.to_string(), parent));
    let target = target.transpose()?.flatten();
    let (created, modified) = times(body.file_system_info.as_ref());
    let moves = body.name.is_some() || target.is_some();
    let seen = edit(&at.caller.call, at.edit(), move |editor| {
        let mut seen = editor.find(&address)?;
        condition.check(&seen)?;
        if moves {
            let parent = target.map(|target| resolve(editor, &target)).transpose()?;
            let place = NewPlace { parent, name: body.name, conflict };
            seen = editor.move_item(seen.item.id, &place, &Condition::None)?;
        }
        if created.is_some() || modified.is_some() {
            seen = editor.update_times(seen.item.id, created, modified, &Condition::None)?;
        }
        Ok(seen)
    })
    .await?;
    Ok(Json(answer(&at, seen).await?))
}

/// The condition of `If-Match`, on either tag.
pub(in crate::graph) fn if_match(headers: &HeaderMap) -> Result<Condition, ApiError> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(Condition::None) };
    let text = value.to_str().map_err(|_| ApiError::Invalid {
        code: "invalidRequest",
        inner: Some("malformedEntityTag"),
        message: "If-Match cannot be read".to_owned(),
    })?;
    Ok(Condition::AnyTag(text.to_owned()))
}

/// What to do when a name is taken.
pub(super) fn conflict_behavior(
    text: Option<&str>,
    usual: ConflictBehavior,
) -> Result<ConflictBehavior, ApiError> {
    match text.map(str::to_ascii_lowercase).as_deref() {
        None | Some("") => Ok(usual),
        Some("fail") => Ok(ConflictBehavior::Fail),
        Some("replace") => Ok(ConflictBehavior::Replace),
        Some("rename") => Ok(ConflictBehavior::Rename),
        Some(_) => Err(ApiError::invalid("conflictBehavior is one of fail, replace and rename")),
    }
}

/// A file's own times.
pub(super) fn times(info: Option<&FileSystemInfo>) -> (Option<Timestamp>, Option<Timestamp>) {
    let created = info.and_then(|info| info.created_date_time).map(|time| time.0);
    (created, info.and_then(|info| info.last_modified_date_time).map(|time| time.0))
}

/// The folder a reference names; none when it names none.
pub(super) fn new_parent(
    drive: &str,
    reference: &ItemReference,
) -> Result<Option<drive::reading::ItemAddress>, ApiError> {
    let named = reference.drive_id.as_deref().map(|named| named.replace("%21", "!"));
    if named.is_some_and(|named| named != drive) {
        return Err(ApiError::invalid(
            "items cannot be moved to another library; copy them and delete them here",
        ));
    }
    if let Some(id) = &reference.id {
        return item_address(id).map(Some);
    }
    let Some(path) = &reference.path else { return Ok(None) };
    let (_, path) = path.split_once(':').unwrap_or(("", ""));
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8();
    let decoded = decoded.map_err(|_| ApiError::invalid("parentReference.path cannot be read"))?;
    item_address(&format!("root:{decoded}")).map(Some)
}

/// Finds the folder an address names.
pub(super) fn resolve(
    editor: &mut Editor<'_, '_>,
    address: &drive::reading::ItemAddress,
) -> Result<ItemId, ItemError> {
    editor.find(address).map(|seen| seen.item.id)
}
