//! Copying on the server, and the monitor that tells how far it is.

use serde::{Deserialize, Serialize};

use crate::ItemReference;

/// The body of `POST .../copy`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ItemCopyRequest {
    /// The folder it goes to; its own when not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_reference: Option<ItemReference>,
    /// The copy's name; the original's when not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether only what a folder holds is to be copied.
    pub children_only: bool,
    /// Whether versions are to be copied too.
    pub include_all_version_history: bool,
}

/// How far a copy is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CopyStatus {
    /// `itemCopy`.
    pub operation: String,
    /// How much is copied.
    pub percentage_complete: f64,
    /// `inProgress`, `completed` or `failed`.
    pub status: String,
    /// The copy, once it is completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The same for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_description: Option<String>,
}
