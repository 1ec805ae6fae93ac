//! Access review: who has access to what, through what, since and until when (B09). Ours; Graph's access reviews are
//! campaigns, which these lists are not.

use serde::{Deserialize, Serialize};

use crate::{GraphTime, Identity};

/// One access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessReviewItem {
    /// The permission that is decided about; or
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission_id: Option<String>,
    /// the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_id: Option<String>,
    /// The site's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_id: Option<String>,
    /// The site's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_name: Option<String>,
    /// The library, folder or file; none for the whole site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_name: Option<String>,
    /// The person, or the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Identity>,
    /// `guest`, `member`, `group`, `anyone`, `organization` or `named`.
    pub holder_type: String,
    /// Of a group: how many are in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<usize>,
    /// Of a group: how many of them are from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside_members: Option<usize>,
    /// Of a link for specific people: whom it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<String>,
    /// `direct`, `link`, or the name of the group.
    pub through: String,
    /// `read`, `write` or `owner`.
    pub role: String,
    /// Since when.
    pub since: GraphTime,
    /// Until when; without end when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<GraphTime>,
    /// When the person last did something in the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<GraphTime>,
    /// `keep`, where somebody decided so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<GraphTime>,
}

/// A decision about one access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessDecision {
    /// The permission; or
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission_id: Option<String>,
    /// the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_id: Option<String>,
    /// `keep` or `remove`.
    pub decision: String,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<GraphTime>,
}

/// Who is told when something is shared with people outside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharingNotifications {
    /// Owners, when somebody else gives people outside access or more of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_owners_when_items_reshared: Option<bool>,
    /// Owners, when somebody outside accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_owners_when_invitations_accepted: Option<bool>,
    /// Owners, when a link for anyone is made or changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_anonymous_notification: Option<bool>,
    /// Mailboxes that are told of every invitation of somebody outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bcc_external_sharing_invitations_list: Option<Vec<String>>,
}
