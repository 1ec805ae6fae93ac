//! Cross-tenant access settings as Graph writes them: `/policies/crossTenantAccessPolicy`.

use serde::{Deserialize, Serialize};

/// Settings about one organization, or the default. What is null is inherited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrossTenantConfiguration {
    /// The other organization; none in the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// Who comes in.
    pub b2b_collaboration_inbound: Option<CrossTenantSetting>,
    /// Which of the own people go there.
    pub b2b_collaboration_outbound: Option<CrossTenantSetting>,
    /// Which claims are trusted.
    pub inbound_trust: Option<CrossTenantTrust>,
    /// Whether people are asked.
    pub automatic_user_consent_settings: Option<CrossTenantConsent>,
}

/// One direction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrossTenantSetting {
    /// Who.
    pub users_and_groups: Option<CrossTenantTargets>,
    /// To what.
    pub applications: Option<CrossTenantTargets>,
}

/// A list that lets through or keeps out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrossTenantTargets {
    /// `allowed` or `blocked`.
    pub access_type: String,
    /// What is listed.
    pub targets: Vec<CrossTenantTarget>,
}

/// One that is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrossTenantTarget {
    /// An id, `AllUsers` or `AllApplications`.
    pub target: String,
    /// `user`, `group` or `application`.
    pub target_type: String,
}

/// Claims of the home organization that are trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrossTenantTrust {
    /// A second factor.
    pub is_mfa_accepted: bool,
    /// A managed device.
    pub is_compliant_device_accepted: bool,
    /// A joined device.
    #[serde(rename = "isHybridAzureADJoinedDeviceAccepted")]
    pub is_joined_device_accepted: bool,
}

/// Whether invitations are accepted unasked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrossTenantConsent {
    /// By people who come in.
    pub inbound_allowed: Option<bool>,
    /// By the own people.
    pub outbound_allowed: Option<bool>,
}
