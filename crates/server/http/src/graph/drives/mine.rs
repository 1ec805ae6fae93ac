//! `GET /me/drive`: the caller's own drive, made when they first ask for it. Its items are at `/drives/me`.

use axum::Json;
use axum::extract::State;
use drive::personal::own_drive;
use drive::reading::{Reader, load_drive};
use graph_types::Drive;
use model::DriveId;

use super::shape::drive_shape;
use crate::{ApiError, App, Authenticated};

pub(super) async fn get_mine(State(app): State<App>, caller: Authenticated) -> Result<Json<Drive>, ApiError> {
    let own = own_drive(&caller.call, caller.caller).await?.ok_or(ApiError::NoPersonalDrive)?;
    Ok(Json(load(&app, &caller, own.id).await?))
}

/// Answers what is asked of the own drive and is none of its items.
pub(super) async fn nothing_else(_caller: Authenticated) -> ApiError {
    ApiError::NotFound
}

/// Loads a drive for an answer.
pub(super) async fn load(app: &App, caller: &Authenticated, drive: DriveId) -> Result<Drive, ApiError> {
    let reader = Reader { caller: caller.caller, drive, runtime: app.runtime.clone() };
    Ok(drive_shape(&app.settings.origin, &load_drive(&caller.call, reader).await?))
}
