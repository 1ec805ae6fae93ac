//! Provisioning: what an organization's own directory keeps in step here (X09, SCIM 2.0).

use crate::{GroupId, ProvisioningTokenId, SecretHash, TenantId, Timestamp, UserId};

/// A provisioning service's right to call. Its secret is shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisioningToken {
    /// Its id.
    pub id: ProvisioningTokenId,
    /// The organization.
    pub tenant: TenantId,
    /// Name shown to administrators.
    pub display_name: String,
    /// Hash of the secret.
    pub token: SecretHash,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}

/// What a provisioning service keeps of a member beside the directory's object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRecord {
    /// The member.
    pub user: UserId,
    /// The service's own name for them.
    pub external_id: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// When it was last changed.
    pub modified: Timestamp,
}

/// What a provisioning service keeps of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRecord {
    /// The group.
    pub group: GroupId,
    /// The service's own name for it.
    pub external_id: Option<String>,
    /// When it was last changed.
    pub modified: Timestamp,
    /// When the service deleted it.
    pub deleted: Option<Timestamp>,
}
