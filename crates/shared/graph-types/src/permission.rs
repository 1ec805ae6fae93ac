//! Permission, and inviting people to an item (graph-surface.md 4.2, 4.4).

use serde::{Deserialize, Serialize};

use crate::{GraphTime, IdentitySet};

/// Somebody to share with: one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DriveRecipient {
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Id of a person or group of the directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_id: Option<String>,
    /// Address under another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
}

/// The body of `invite`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InviteRequest {
    /// The people and groups.
    pub recipients: Vec<DriveRecipient>,
    /// One of `read` and `write`.
    pub roles: Vec<String>,
    /// Whether recipients must sign in; false asks for an anyone link and is not supported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_sign_in: Option<bool>,
    /// Whether mails are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_invitation: Option<bool>,
    /// What the sharer writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_date_time: Option<GraphTime>,
}

/// The invitation behind a permission whose holder has not accepted yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharingInvitation {
    /// The invited address.
    pub email: Option<String>,
    /// Always true.
    pub sign_in_required: bool,
}

/// Where an inherited permission was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InheritedFrom {
    /// The library, when it was given at an item of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drive_id: Option<String>,
    /// The item; absent when it was given at the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The site, when it was given there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_id: Option<String>,
}

/// Why one recipient got nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientError {
    /// The reason's code.
    pub code: String,
    /// For people: what is the matter.
    pub message: String,
}

/// A permission; in the answer to `invite` also the refusal of one recipient, which then has `error` and no `id`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Permission {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `read`, `write` or `owner`.
    pub roles: Vec<String>,
    /// Who holds it, in the older form that some clients read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_to: Option<IdentitySet>,
    /// Who holds it.
    #[serde(rename = "grantedToV2", skip_serializing_if = "Option::is_none")]
    pub granted_to_v2: Option<IdentitySet>,
    /// The invitation, when its holder has not accepted yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<SharingInvitation>,
    /// Where it was given, when further up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited_from: Option<InheritedFrom>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_date_time: Option<GraphTime>,
    /// The recipient as named, in the answer to `invite`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<DriveRecipient>,
    /// Why the recipient got nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<RecipientError>,
}

/// The body of `PATCH .../permissions/{id}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PermissionUpdate {
    /// The roles it is to have; one of them.
    pub roles: Vec<String>,
    /// When it is to end by itself.
    pub expiration_date_time: Option<GraphTime>,
}
