//! Versions of a file.

use serde::{Deserialize, Serialize};

use crate::{GraphTime, IdentitySet};

/// What a file held at some time. The first one of a list is what it holds now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DriveItemVersion {
    /// What the answer is, when it is one version.
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Its number, such as `3.0`.
    pub id: String,
    /// When it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified_date_time: Option<GraphTime>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified_by: Option<IdentitySet>,
    /// Length in bytes.
    pub size: u64,
}
