//! `PATCH /admin/sharepoint/settings`: takes effect with the next request of everybody.

use axum::Json;
use directory::{SharingChange, change_sharing};
use graph_types::SharepointSettings;
use model::{GroupId, GuestIntegration, Lifetime, OwnerChoice, Resharing, SharerGroup, SharerReach, Sharers};

use super::get_settings::settings;
use super::sharing_words::{domain_list, level, named, role, scope};
use crate::json_body::JsonBody;
use crate::{ApiError, Authenticated};

pub(super) async fn update_settings(
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<SharepointSettings>,
) -> Result<Json<SharepointSettings>, ApiError> {
    Ok(Json(settings(&change_sharing(&call, change(&asked)?).await?)))
}

/// Reads what is to be changed.
pub(super) fn change(asked: &SharepointSettings) -> Result<SharingChange, ApiError> {
    let change = SharingChange {
        sites: asked.sharing_capability.as_deref().map(level).transpose()?,
        personal: asked.one_drive_sharing_capability.as_deref().map(level).transpose()?,
        integration: asked.is_guest_integration_enabled.map(|enabled| match enabled {
            true => GuestIntegration::On,
            false => GuestIntegration::Off,
        }),
        domains: domain_list(
            asked.sharing_domain_restriction_mode.as_deref(),
            asked.sharing_allowed_domain_list.as_deref(),
            asked.sharing_blocked_domain_list.as_deref(),
        )?,
        sharers: asked.is_external_sharing_limited_to_groups.map(|limited| match limited {
            true => Sharers::Groups,
            false => Sharers::Everybody,
        }),
        groups: groups(asked)?,
        resharing: asked.is_resharing_by_external_users_enabled.map(|enabled| match enabled {
            true => Resharing::Editors,
            false => Resharing::OwnersOnly,
        }),
        personal_resharing: asked.odb_members_can_share.as_deref().map(choice).transpose()?,
        personal_requests: asked.odb_access_requests.as_deref().map(choice).transpose()?,
        guest_life: asked.external_user_expire_in_days.map(Lifetime::from_days),
        anyone_life: asked.require_anonymous_links_expire_in_days.map(Lifetime::from_days),
        anyone_file_role: asked.file_anonymous_link_type.as_deref().map(role).transpose()?,
        anyone_folder_role: asked.folder_anonymous_link_type.as_deref().map(role).transpose()?,
        default_kind: asked.default_share_link_scope.as_deref().map(scope).transpose()?,
        default_role: asked.default_share_link_role.as_deref().map(role).transpose()?,
    };
    if change == SharingChange::default() {
        return Err(ApiError::invalid(
            "name at least one of the settings that GET answers, such as sharingCapability",
        ));
    }
    Ok(change)
}

/// Reads what is said about personal drives.
fn choice(name: &str) -> Result<OwnerChoice, ApiError> {
    named("what is said about personal drives", &OwnerChoice::ALL, OwnerChoice::name, name)
}

/// Reads both lists of groups, which are named together: a group is in one of them.
fn groups(asked: &SharepointSettings) -> Result<Option<Vec<SharerGroup>>, ApiError> {
    let lists =
        (&asked.who_can_share_authenticated_guest_allow_list, &asked.who_can_share_anonymous_allow_list);
    let (guests, anyone) = match lists {
        (None, None) => return Ok(None),
        (Some(guests), Some(anyone)) => (guests, anyone),
        _ => return Err(ApiError::invalid("name both lists of groups together; one of them may be empty")),
    };
    let read = |reach| {
        move |id: &String| match id.parse::<GroupId>() {
            Ok(group) => Ok(SharerGroup { group, reach }),
            Err(error) => Err(ApiError::invalid(error.to_string())),
        }
    };
    let guests = guests.iter().map(read(SharerReach::Guests));
    let mut groups: Vec<SharerGroup> =
        guests.chain(anyone.iter().map(read(SharerReach::Anyone))).collect::<Result<_, _>>()?;
    groups.sort();
    // A group in both lists has the wider reach, which sorts behind.
    groups.reverse();
    groups.dedup_by_key(|chosen| chosen.group);
    groups.reverse();
    Ok(Some(groups))
}
