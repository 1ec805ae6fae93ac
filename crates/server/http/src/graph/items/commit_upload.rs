//! `PUT …/items/{id}` of a folder: writes what an upload session holds, under a name that is free.

use axum::Json;
use drive::ConflictBehavior;
use drive::items::Written;
use drive::upload_sessions::{NewPlaceOfFile, commit_session};
use graph_types::{DriveItem, UploadCommit};
use http::StatusCode;

use super::address::NamedItem;
use super::shape::answer;
use super::update::conflict_behavior;
use crate::ApiError;
use crate::graph::upload_sessions::{find_in_drive, session_of};
use crate::json_body::JsonBody;

pub(super) async fn commit_upload(
    named: NamedItem,
    JsonBody(body): JsonBody<UploadCommit>,
) -> Result<(StatusCode, Json<DriveItem>), ApiError> {
    let conflict = conflict_behavior(body.conflict_behavior.as_deref(), ConflictBehavior::Fail)?;
    let at = named.at;
    let id = session_of(&at, &body.source_url).await?;
    find_in_drive(&at, id).await?;
    let place = NewPlaceOfFile { folder: named.address, name: body.name, conflict };
    let (seen, written) = commit_session(&at.caller.call, at.edit(), id, Some(place)).await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(answer(&at, seen).await?)))
}
