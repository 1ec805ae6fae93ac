//! `PATCH /admin/sharepoint/settings`: takes effect with the next request of everybody.

use axum::Json;
use directory::set_organization_sharing;
use graph_types::SharepointSettings;

use super::get_settings::settings;
use super::level;
use crate::json_body::JsonBody;
use crate::{ApiError, Authenticated};

pub(super) async fn update_settings(
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<SharepointSettings>,
) -> Result<Json<SharepointSettings>, ApiError> {
    let sites = asked.sharing_capability.as_deref().map(level).transpose()?;
    let personal = asked.one_drive_sharing_capability.as_deref().map(level).transpose()?;
    if sites.is_none() && personal.is_none() {
        return Err(ApiError::invalid("name sharingCapability or oneDriveSharingCapability"));
    }
    Ok(Json(settings(set_organization_sharing(&call, sites, personal).await?)))
}
