//! What a share address leads to (graph-surface.md 4.5).

use serde::{Deserialize, Serialize};

use crate::DriveItem;

/// A shared item, as `/shares/{id}` answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedDriveItem {
    /// The link's secret.
    pub id: String,
    /// The item's name.
    pub name: String,
    /// The link's address.
    pub web_url: String,
    /// The item, when it was asked to be expanded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drive_item: Option<DriveItem>,
}
