//! `PATCH /admin/sharepoint/settings`: takes effect with the next request of everybody.

use axum::Json;
use directory::{set_guest_integration, set_organization_sharing};
use graph_types::SharepointSettings;
use model::GuestIntegration;

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
    let integration = asked.is_guest_integration_enabled.map(|enabled| match enabled {
        true => GuestIntegration::On,
        false => GuestIntegration::Off,
    });
    if sites.is_none() && personal.is_none() && integration.is_none() {
        return Err(ApiError::invalid(
            "name sharingCapability, oneDriveSharingCapability or isGuestIntegrationEnabled",
        ));
    }
    let levels = set_organization_sharing(&call, sites, personal).await?;
    Ok(Json(settings(match integration {
        Some(integration) => set_guest_integration(&call, integration).await?,
        None => levels,
    })))
}
