//! The recycle bin of a site.

use serde::{Deserialize, Serialize};

use crate::{GraphTime, IdentitySet, RecipientError};

/// What was deleted by one deletion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecycleBinItem {
    /// Names it in requests to restore and delete; of an item the item's own id.
    pub id: String,
    /// What it was called.
    pub name: String,
    /// The same, where the original tells it.
    pub title: String,
    /// Bytes of everything in it.
    pub size: u64,
    /// When it was deleted first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_date_time: Option<GraphTime>,
    /// Where it was, such as `sites/Falcon/Documents/Plans`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_from_location: Option<String>,
    /// Who deleted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_by: Option<IdentitySet>,
    /// What Graph has no word for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footbridge: Option<FootbridgeBinItem>,
}

/// What Graph does not tell of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FootbridgeBinItem {
    /// `file`, `folder` or `version`.
    pub kind: String,
    /// `first` or `second`.
    pub stage: String,
    /// When it will be gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_date_time: Option<GraphTime>,
    /// The library it comes from.
    pub drive_id: String,
    /// A deleted version's number, such as `3.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// The body of `POST .../recycleBin/items/restore` and `.../delete`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecycleBinIds {
    /// Entries, by their ids.
    pub ids: Vec<String>,
}

/// What became of one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecycleBinOutcome {
    /// The entry.
    pub id: String,
    /// Why nothing was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RecipientError>,
}
