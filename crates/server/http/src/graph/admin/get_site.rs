//! `GET /admin/sites/{id}`: ours; what one site sets about sharing, for administrators. Graph v1.0 has no word for it.

use axum::Json;
use axum::extract::{Path, State};
use drive::sites::{SiteSharing, site_sharing};
use graph_types::SiteSharingSettings;
use model::{Downloads, OrganizationLinks};

use super::sharing_words::{domain_fields, role_name};
use crate::graph::sites::SiteName;
use crate::{ApiError, App, Authenticated};

pub(super) async fn get_site(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    Path(name): Path<String>,
) -> Result<Json<SiteSharingSettings>, ApiError> {
    let site = SiteName::of(&app, &name)?.id()?;
    Ok(Json(settings(&site_sharing(&call, site).await?)))
}

/// Writes what a site sets.
pub(super) fn settings(sharing: &SiteSharing) -> SiteSharingSettings {
    let policy = &sharing.policy;
    let (mode, allowed, blocked) = domain_fields(policy.domains, &sharing.domains);
    SiteSharingSettings {
        sharing_capability: Some(sharing.site.sharing.graph_name().to_owned()),
        sharing_domain_restriction_mode: mode,
        sharing_allowed_domain_list: allowed,
        sharing_blocked_domain_list: blocked,
        override_tenant_external_user_expiration_policy: Some(policy.guest_life.is_some()),
        external_user_expiration_in_days: policy.guest_life.map(model::Lifetime::days),
        override_tenant_anonymous_link_expiration_policy: Some(policy.anyone_life.is_some()),
        anonymous_link_expiration_in_days: policy.anyone_life.map(model::Lifetime::days),
        override_tenant_default_share_link: Some(policy.default_link.is_some()),
        default_share_link_scope: policy.default_link.map(|link| link.kind.graph_name().to_owned()),
        default_share_link_role: policy.default_link.map(|link| role_name(link.role)),
        lock_state: Some(policy.gate.lock.name().to_owned()),
        conditional_access_policy: Some(policy.gate.devices.name().to_owned()),
        block_download_policy: Some(policy.gate.downloads == Downloads::Blocked),
        disable_company_wide_sharing_links: Some(policy.organization_links == OrganizationLinks::Disabled),
    }
}
