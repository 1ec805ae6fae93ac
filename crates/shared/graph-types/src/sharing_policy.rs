//! Sharing policy: what administrators set for the organization and for one site, who stays how long, and what a change
//! would end. Graph has words for some of it; *added* fields bear the names of the original's administration commands.

use serde::{Deserialize, Serialize};

use crate::{GraphTime, Identity};

/// `GET` and `PATCH /admin/sharepoint/settings`, as far as they exist here. What a `PATCH` leaves out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharepointSettings {
    /// The organization's level for sites.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing_capability: Option<String>,
    /// Added: the level for personal drives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_drive_sharing_capability: Option<String>,
    /// Added: whether sharing with people outside makes guests (A05).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_guest_integration_enabled: Option<bool>,
    /// `none`, `allowList` or `blockList`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing_domain_restriction_mode: Option<String>,
    /// The domains of an allow list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing_allowed_domain_list: Option<Vec<String>>,
    /// The domains of a block list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing_blocked_domain_list: Option<Vec<String>>,
    /// Whether guests share what they do not own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_resharing_by_external_users_enabled: Option<bool>,
    /// Added: `On`, `Off` or `Unspecified`: whether members share on what they edit of a personal drive.
    #[serde(default, rename = "odbMembersCanShare", skip_serializing_if = "Option::is_none")]
    pub odb_members_can_share: Option<String>,
    /// Added: `On`, `Off` or `Unspecified`: whether requests for access to a personal drive go to its owner.
    #[serde(default, rename = "odbAccessRequests", skip_serializing_if = "Option::is_none")]
    pub odb_access_requests: Option<String>,
    /// Added: whether only members of the two lists of groups share with people outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_external_sharing_limited_to_groups: Option<bool>,
    /// Added: ids of groups that share with people who sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who_can_share_authenticated_guest_allow_list: Option<Vec<String>>,
    /// Added: ids of groups that also make links without sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who_can_share_anonymous_allow_list: Option<Vec<String>>,
    /// Added: days after which guests lose what they were given in a site; 0 for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_expire_in_days: Option<u16>,
    /// Added: days after which links without sign-in end; 0 for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require_anonymous_links_expire_in_days: Option<u16>,
    /// Added: `view` or `edit`, the most a link without sign-in lets do with a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_anonymous_link_type: Option<String>,
    /// Added: the same for a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder_anonymous_link_type: Option<String>,
    /// Added: the scope of a link when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_share_link_scope: Option<String>,
    /// Added: `view` or `edit`, what dialogs offer first. Kept and told; no page offers it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_share_link_role: Option<String>,
}

/// `GET` and `PATCH /admin/sites/{id}`: ours. What a `PATCH` leaves out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteSharingSettings {
    /// The level to be set, by Graph's names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing_capability: Option<String>,
    /// `none`, `allowList` or `blockList`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing_domain_restriction_mode: Option<String>,
    /// The domains of an allow list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing_allowed_domain_list: Option<Vec<String>>,
    /// The domains of a block list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing_blocked_domain_list: Option<Vec<String>>,
    /// Whether the site's own number of days counts for guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_tenant_external_user_expiration_policy: Option<bool>,
    /// Days after which guests lose what they were given here; 0 for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_expiration_in_days: Option<u16>,
    /// Whether the site's own number of days counts for links without sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_tenant_anonymous_link_expiration_policy: Option<bool>,
    /// Days after which links without sign-in end; 0 for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_link_expiration_in_days: Option<u16>,
    /// Whether the site has a default link of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_tenant_default_share_link: Option<bool>,
    /// The scope of a link when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_share_link_scope: Option<String>,
    /// `view` or `edit`, what dialogs offer first. Kept and told; no page offers it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_share_link_role: Option<String>,
    /// `Unlock`, `ReadOnly` or `NoAccess`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_state: Option<String>,
    /// `AllowFullAccess`, `AuthenticationContext`, `AllowLimitedAccess` or `BlockAccess`: what unmanaged devices may,
    /// which every device is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditional_access_policy: Option<String>,
    /// Whether nobody downloads or syncs the site's files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_download_policy: Option<bool>,
    /// Whether the site has no links for everybody in the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disable_company_wide_sharing_links: Option<bool>,
}

/// A guest's time in a site: ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteGuest {
    /// The guest.
    pub user: Identity,
    /// When they were first given something there.
    pub joined_date_time: GraphTime,
    /// When what they were given themselves ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration_date_time: Option<GraphTime>,
}

/// What a change of the settings would end: ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharingLoss {
    /// The site's id.
    pub site_id: String,
    /// The site's name, for people.
    pub site_name: String,
    /// The guest who would lose access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Identity>,
    /// The link that would not open any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_id: Option<String>,
    /// The code of the reason.
    pub code: String,
    /// The reason, for people.
    pub message: String,
}

/// `GET` and `PATCH /policies/authorizationPolicy`, as far as it exists here. What a `PATCH` leaves out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationPolicy {
    /// Who may invite guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_invites_from: Option<String>,
    /// Added: what the directory's list of domains means for new guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest_domain_restriction_mode: Option<String>,
    /// Added: the domains of an allow list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest_allowed_domain_list: Option<Vec<String>>,
    /// Added: the domains of a block list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest_blocked_domain_list: Option<Vec<String>>,
}
