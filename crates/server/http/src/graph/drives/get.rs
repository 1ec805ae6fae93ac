//! `GET /drives/{id}`

use axum::Json;
use drive::reading::load_drive;
use graph_types::Drive;

use super::shape::drive_shape;
use crate::ApiError;
use crate::named_drive::NamedDrive;

pub(super) async fn get_drive(at: NamedDrive) -> Result<Json<Drive>, ApiError> {
    let view = load_drive(&at.caller.call, at.reader()).await?;
    Ok(Json(drive_shape(&at.app.settings.origin, &view)))
}
