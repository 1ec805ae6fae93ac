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
    /// Whether who has access from above keeps it when an item is shared for the first time; true when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retain_inherited_permissions: Option<bool>,
    /// What the sharer writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_date_time: Option<GraphTime>,
}

/// The body of `createLink`. `retainInheritedPermissions` is not read: no link takes anything from anybody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CreateLinkRequest {
    /// `view` or `edit`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `anonymous`, `organization`, `users` or `existingAccess`; `organization` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Password of a link for anyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_date_time: Option<GraphTime>,
    /// Whom a link of scope `users` names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<DriveRecipient>,
    /// Whether they are told by mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_notification: Option<bool>,
    /// What the sharer writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The body of `permission/grant` at a share.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GrantRequest {
    /// Whom the link is to name too.
    pub recipients: Vec<DriveRecipient>,
    /// The link's own role, if at all.
    pub roles: Vec<String>,
}

/// What makes a permission a sharing link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharingLink {
    /// `view` or `edit`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whom it opens for.
    pub scope: String,
    /// Its address; only for those who manage the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web_url: Option<String>,
    /// Whether it shows without letting save.
    #[serde(default)]
    pub prevents_download: bool,
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
    /// Whom a link names or who opened it, in the older form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_to_identities: Option<Vec<IdentitySet>>,
    /// Whom a link names or who opened it.
    #[serde(rename = "grantedToIdentitiesV2", skip_serializing_if = "Option::is_none")]
    pub granted_to_identities_v2: Option<Vec<IdentitySet>>,
    /// What makes it a sharing link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<SharingLink>,
    /// The link's secret, as `/shares` takes it; only for those who manage the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_id: Option<String>,
    /// Whether the link asks for a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_password: Option<bool>,
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
    /// The roles it is to have; one of them. A link's may be absent: then it stays.
    pub roles: Vec<String>,
    /// When it is to end by itself; absent to leave it, null to take the end of a link away.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub expiration_date_time: Option<Option<GraphTime>>,
    /// Password of a link for anyone; absent to leave it, null or empty to take it away.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub password: Option<Option<String>>,
}

/// Tells a property that is null from one that is absent.
fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}
