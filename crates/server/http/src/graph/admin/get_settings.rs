//! `GET /admin/sharepoint/settings`

use axum::Json;
use directory::{SharingSettings, organization_sharing};
use graph_types::SharepointSettings;
use model::{GuestIntegration, Resharing, SharerReach, Sharers};

use super::sharing_words::{domain_fields, role_name};
use crate::{ApiError, Authenticated};

pub(super) async fn get_settings(
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<SharepointSettings>, ApiError> {
    Ok(Json(settings(&organization_sharing(&call).await?)))
}

/// Writes the settings.
pub(super) fn settings(settings: &SharingSettings) -> SharepointSettings {
    let policy = &settings.policy;
    let (mode, allowed, blocked) = domain_fields(policy.domains, &settings.domains);
    let groups = |reach| {
        let chosen = settings.groups.iter().filter(|chosen| chosen.reach == reach);
        Some(chosen.map(|chosen| chosen.group.to_string()).collect())
    };
    SharepointSettings {
        sharing_capability: Some(settings.sites.graph_name().to_owned()),
        one_drive_sharing_capability: Some(settings.personal_in_effect().graph_name().to_owned()),
        is_guest_integration_enabled: Some(settings.integration == GuestIntegration::On),
        sharing_domain_restriction_mode: mode,
        sharing_allowed_domain_list: allowed,
        sharing_blocked_domain_list: blocked,
        is_resharing_by_external_users_enabled: Some(policy.resharing == Resharing::Editors),
        odb_members_can_share: Some(policy.personal_resharing.name().to_owned()),
        odb_access_requests: Some(policy.personal_requests.name().to_owned()),
        is_external_sharing_limited_to_groups: Some(policy.sharers == Sharers::Groups),
        who_can_share_authenticated_guest_allow_list: groups(SharerReach::Guests),
        who_can_share_anonymous_allow_list: groups(SharerReach::Anyone),
        external_user_expire_in_days: Some(policy.guest_life.days()),
        require_anonymous_links_expire_in_days: Some(policy.anyone_links.life.days()),
        file_anonymous_link_type: Some(role_name(policy.anyone_links.file_role)),
        folder_anonymous_link_type: Some(role_name(policy.anyone_links.folder_role)),
        default_share_link_scope: Some(policy.default_link.kind.graph_name().to_owned()),
        default_share_link_role: Some(role_name(policy.default_link.role)),
    }
}
