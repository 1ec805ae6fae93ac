//! `GET …/versions/{version}`

use axum::Json;
use drive::versions::load_version;
use graph_types::DriveItemVersion;

use super::name::NamedVersion;
use super::shape::version;
use crate::ApiError;
use crate::graph::items::NamedItem;

pub(super) async fn get_version(
    named: NamedItem,
    NamedVersion(number): NamedVersion,
) -> Result<Json<DriveItemVersion>, ApiError> {
    let at = named.at;
    let view = load_version(&at.caller.call, at.reader(), named.address, number).await?;
    let context = format!("{}/v1.0/$metadata#driveItemVersion/$entity", at.app.settings.origin);
    Ok(Json(DriveItemVersion { context: Some(context), ..version(&view) }))
}
