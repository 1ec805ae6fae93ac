//! `PATCH /admin/sites/{id}`: ours; sets one site's sharing. Graph v1.0 has no word for it.

use axum::Json;
use axum::extract::{Path, State};
use drive::links::Setting;
use drive::sites::{SiteSharingChange, change_site_sharing};
use graph_types::SiteSharingSettings;
use model::{DefaultLink, DeviceAccess, Downloads, Lifetime, LockState, OrganizationLinks};

use super::get_site::settings;
use super::sharing_words::{domain_list, level, named, role, scope};
use crate::graph::sites::SiteName;
use crate::json_body::JsonBody;
use crate::{ApiError, App, Authenticated};

pub(super) async fn update_site(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    Path(name): Path<String>,
    JsonBody(asked): JsonBody<SiteSharingSettings>,
) -> Result<Json<SiteSharingSettings>, ApiError> {
    let site = SiteName::of(&app, &name)?.id()?;
    Ok(Json(settings(&change_site_sharing(&call, site, change(&asked)?).await?)))
}

/// Reads what is to be changed.
pub(super) fn change(asked: &SiteSharingSettings) -> Result<SiteSharingChange, ApiError> {
    let link = match (asked.default_share_link_scope.as_deref(), asked.default_share_link_role.as_deref()) {
        (None, None) => None,
        (Some(kind), Some(granted)) => Some(DefaultLink { kind: scope(kind)?, role: role(granted)? }),
        _ => return Err(ApiError::invalid("a default link has a scope and a role; name both")),
    };
    let change = SiteSharingChange {
        level: asked.sharing_capability.as_deref().map(level).transpose()?,
        domains: domain_list(
            asked.sharing_domain_restriction_mode.as_deref(),
            asked.sharing_allowed_domain_list.as_deref(),
            asked.sharing_blocked_domain_list.as_deref(),
        )?,
        guest_life: setting(
            asked.override_tenant_external_user_expiration_policy,
            asked.external_user_expiration_in_days.map(Lifetime::from_days),
        )?,
        anyone_life: setting(
            asked.override_tenant_anonymous_link_expiration_policy,
            asked.anonymous_link_expiration_in_days.map(Lifetime::from_days),
        )?,
        default_link: setting(asked.override_tenant_default_share_link, link)?,
        lock: asked
            .lock_state
            .as_deref()
            .map(|name| named("a lock state", &LockState::ALL, LockState::name, name))
            .transpose()?,
        devices: asked
            .conditional_access_policy
            .as_deref()
            .map(|name| named("a conditional access policy", &DeviceAccess::ALL, DeviceAccess::name, name))
            .transpose()?,
        downloads: asked.block_download_policy.map(|blocked| match blocked {
            true => Downloads::Blocked,
            false => Downloads::Allowed,
        }),
        organization_links: asked.disable_company_wide_sharing_links.map(|disabled| match disabled {
            true => OrganizationLinks::Disabled,
            false => OrganizationLinks::Allowed,
        }),
    };
    if change == SiteSharingChange::NONE {
        return Err(ApiError::invalid(
            "name at least one of the settings that GET answers, such as sharingCapability",
        ));
    }
    Ok(change)
}

/// Reads a setting that a site may have of its own.
fn setting<T>(overrides: Option<bool>, value: Option<T>) -> Result<Setting<T>, ApiError> {
    match (overrides, value) {
        (Some(false), None) => Ok(Setting::Clear),
        (Some(true) | None, Some(value)) => Ok(Setting::Set(value)),
        (None, None) => Ok(Setting::Keep),
        (Some(true), None) => Err(ApiError::invalid("who overrides a setting says by what")),
        (Some(false), Some(_)) => Err(ApiError::invalid("a value counts only where it overrides")),
    }
}
