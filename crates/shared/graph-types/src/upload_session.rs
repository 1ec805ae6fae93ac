//! uploadSession: a file that arrives in fragments (graph-surface.md 3.8).

use serde::{Deserialize, Serialize};

use crate::{FileSystemInfo, GraphTime};

/// An upload session as its maker hears of it, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadSession {
    /// Where fragments go; it needs no token. Told when the session is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_url: Option<String>,
    /// Until when the session is kept.
    pub expiration_date_time: GraphTime,
    /// What is missing: one range, because clients read but the first; closed once the length is known.
    pub next_expected_ranges: Vec<String>,
}

/// The body of `POST …/createUploadSession`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UploadSessionRequest {
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<UploadableProperties>,
    /// Whether the file is written only when its sender says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub defer_commit: Option<bool>,
}

/// The file that a session shall write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UploadableProperties {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its length in bytes, as an estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_size: Option<u64>,
    /// Its own times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_system_info: Option<FileSystemInfo>,
    /// `fail`, `replace` or `rename`.
    #[serde(
        rename = "@microsoft.graph.conflictBehavior",
        alias = "@name.conflictBehavior",
        skip_serializing_if = "Option::is_none"
    )]
    pub conflict_behavior: Option<String>,
}

/// The body of `PUT …/items/{id}`: writes what a session holds under a name that is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadCommit {
    /// The name.
    pub name: String,
    /// The session's address.
    #[serde(rename = "@microsoft.graph.sourceUrl", alias = "@content.sourceUrl")]
    pub source_url: String,
    /// `fail`, `replace` or `rename`.
    #[serde(
        rename = "@microsoft.graph.conflictBehavior",
        alias = "@name.conflictBehavior",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub conflict_behavior: Option<String>,
}
