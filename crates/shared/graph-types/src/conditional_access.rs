//! Conditional access policies as Graph writes them (sharing-and-guests.md section 5), as far as they exist here.

use serde::{Deserialize, Serialize};

use crate::GraphTime;

/// A policy: `/identity/conditionalAccess/policies`. What a `PATCH` leaves out stays; conditions and controls are
/// replaced as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionalAccessPolicy {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name shown to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `enabled`, `disabled` or `enabledForReportingButNotEnforced`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<GraphTime>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified_date_time: Option<GraphTime>,
    /// When it applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<ConditionalAccessConditions>,
    /// What it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_controls: Option<ConditionalAccessGrantControls>,
}

/// When a policy applies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionalAccessConditions {
    /// To whom.
    pub users: ConditionalAccessUsers,
    /// To what.
    pub applications: ConditionalAccessApplications,
    /// With which kinds of client; `all` or none is any.
    pub client_app_types: Vec<String>,
    /// From where; none is anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locations: Option<ConditionalAccessLocations>,
    /// On what; none is anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platforms: Option<ConditionalAccessPlatforms>,
}

/// Places on the network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionalAccessLocations {
    /// Ids of named locations, `All` or `AllTrusted`.
    pub include_locations: Vec<String>,
    /// Counted out again.
    pub exclude_locations: Vec<String>,
}

/// Operating systems, as user agents claim them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionalAccessPlatforms {
    /// Names such as `windows`, or `all`.
    pub include_platforms: Vec<String>,
    /// Counted out again.
    pub exclude_platforms: Vec<String>,
}

/// Whom a policy is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionalAccessUsers {
    /// Ids, `All`, `None` or `GuestsOrExternalUsers`.
    pub include_users: Vec<String>,
    /// Counted out again.
    pub exclude_users: Vec<String>,
    /// Ids of groups.
    pub include_groups: Vec<String>,
    /// Counted out again.
    pub exclude_groups: Vec<String>,
    /// Ids of role templates.
    pub include_roles: Vec<String>,
    /// Counted out again.
    pub exclude_roles: Vec<String>,
    /// People from outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_guests_or_external_users: Option<ConditionalAccessGuests>,
    /// Counted out again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_guests_or_external_users: Option<ConditionalAccessGuests>,
}

/// People from outside, by kind and home.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionalAccessGuests {
    /// The kinds, separated by commas.
    pub guest_or_external_user_types: String,
    /// Their organizations; none is all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_tenants: Option<ConditionalAccessTenants>,
}

/// Some organizations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionalAccessTenants {
    /// `all` or `enumerated`.
    pub membership_kind: String,
    /// Their ids.
    pub members: Vec<String>,
}

/// What a policy is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionalAccessApplications {
    /// Ids, `All` or `Office365`.
    pub include_applications: Vec<String>,
    /// Counted out again.
    pub exclude_applications: Vec<String>,
}

/// What a policy asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionalAccessGrantControls {
    /// `AND` or `OR`.
    pub operator: String,
    /// `block`, `mfa`, `compliantDevice`, `domainJoinedDevice`.
    pub built_in_controls: Vec<String>,
    /// Ids of agreements to accept.
    pub terms_of_use: Vec<String>,
}
