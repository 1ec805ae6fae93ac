//! `POST …/copy`: within a library or to another one of the organization. The answer names the monitor.

use axum::response::{IntoResponse, Response};
use drive::ConflictBehavior;
use drive::copy::{CopyRequest, start_copy};
use graph_types::{ItemCopyRequest, ItemReference};
use http::{StatusCode, header};
use model::DriveId;

use super::address::{NamedDrive, NamedItem, item_address};
use super::update::{conflict_behavior, new_parent};
use crate::ApiError;
use crate::graph_query::GraphQuery;
use crate::json_body::JsonBody;

pub(super) async fn copy_item(
    named: NamedItem,
    query: GraphQuery,
    JsonBody(body): JsonBody<ItemCopyRequest>,
) -> Result<Response, ApiError> {
    let asked = query.get("@microsoft.graph.conflictbehavior");
    let conflict = conflict_behavior(asked, ConflictBehavior::Fail)?;
    if body.children_only {
        return Err(ApiError::NotSupported("copying only what a folder holds"));
    }
    if body.include_all_version_history {
        return Err(ApiError::NotSupported("copying versions"));
    }
    let at = named.at;
    let target = body.parent_reference.as_ref().map(|parent| target(&at, parent)).transpose()?;
    let request = CopyRequest {
        caller: at.caller.caller,
        source_drive: at.drive,
        source: named.address,
        target,
        name: body.name,
        conflict,
    };
    let started = start_copy(&at.caller.call, request).await?;
    let monitor = format!("{}/v1.0/monitor/{}", at.app.settings.origin, started.monitor.text());
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, monitor)]).into_response())
}

/// The library and folder a reference names; a library's root when it names no folder.
fn target(
    at: &NamedDrive,
    reference: &ItemReference,
) -> Result<(DriveId, drive::reading::ItemAddress), ApiError> {
    let drive = match &reference.drive_id {
        Some(named) => named.replace("%21", "!").parse().map_err(|_| ApiError::NotFound)?,
        None => at.drive,
    };
    let folder = match new_parent(&drive.to_string(), reference)? {
        Some(folder) => folder,
        None => item_address("root")?,
    };
    Ok((drive, folder))
}
