//! User: a member or guest of an organization (sharing-and-guests.md 4.2).

use serde::{Deserialize, Serialize};

use crate::GraphTime;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Object id.
    pub id: String,
    /// Name shown to people.
    pub display_name: String,
    /// Address mail goes to.
    #[serde(default)]
    pub mail: Option<String>,
    /// Sign-in name; a guest's holds `#EXT#`.
    pub user_principal_name: String,
    /// `Member` or `Guest`.
    pub user_type: String,
    /// Whether sign-in to this organization is allowed.
    pub account_enabled: bool,
    /// `Invitation` for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_type: Option<String>,
    /// `PendingAcceptance` or `Accepted` for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_state: Option<String>,
    /// Further addresses of the same person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_mails: Vec<String>,
    /// When the object was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<GraphTime>,
}
