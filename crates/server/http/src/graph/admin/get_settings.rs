//! `GET /admin/sharepoint/settings`

use axum::Json;
use directory::{SharingSettings, organization_sharing};
use graph_types::SharepointSettings;
use model::GuestIntegration;

use crate::{ApiError, Authenticated};

pub(super) async fn get_settings(
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<SharepointSettings>, ApiError> {
    Ok(Json(settings(organization_sharing(&call).await?)))
}

/// Writes the settings.
pub(super) fn settings(settings: SharingSettings) -> SharepointSettings {
    SharepointSettings {
        sharing_capability: Some(settings.sites.graph_name().to_owned()),
        one_drive_sharing_capability: Some(settings.personal.graph_name().to_owned()),
        is_guest_integration_enabled: Some(settings.integration == GuestIntegration::On),
    }
}
