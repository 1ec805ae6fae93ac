//! Group: people who are given things together.

use serde::{Deserialize, Serialize};

use crate::GraphTime;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Object id.
    pub id: String,
    /// Name shown to people.
    pub display_name: String,
    /// Empty: security groups only.
    #[serde(default)]
    pub group_types: Vec<String>,
    /// Always true.
    pub security_enabled: bool,
    /// Always false.
    pub mail_enabled: bool,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<GraphTime>,
}

/// The body of `POST /groups/{id}/members/$ref`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberReference {
    /// The person's address; only its last segment counts, because clients put any host before it.
    #[serde(rename = "@odata.id")]
    pub id: String,
}
