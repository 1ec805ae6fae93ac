//! Drive: a document library (graph-surface.md 3.1).

use serde::{Deserialize, Serialize};

use crate::GraphTime;

/// How full a library is, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// All there is.
    pub total: u64,
    /// What is taken.
    pub used: u64,
    /// What is left.
    pub remaining: u64,
    /// What the recycle bin takes of `used`.
    pub deleted: u64,
    /// `normal`, `nearing`, `critical` or `exceeded`.
    pub state: String,
}

/// A library to be made, **added** to Graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLibrary {
    /// Name shown to people.
    pub name: String,
}

/// Whether what is given above an item counts there, **added** to Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inheritance {
    /// False where the item has permissions of its own.
    pub inherits: bool,
}

/// A document library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Drive {
    /// Its id.
    pub id: String,
    /// Name shown to people.
    pub name: String,
    /// `documentLibrary`, or `business` for somebody's own.
    pub drive_type: String,
    /// Where it opens in the browser.
    pub web_url: String,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<GraphTime>,
    /// How full it is; told only to who sees all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
}
