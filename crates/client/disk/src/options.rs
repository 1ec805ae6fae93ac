//! Options: where a root is, and what distinguishes it from another folder at the same place.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a linked root must show to be taken for itself. Kept by the agent outside of the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RootIdentity {
    /// The nonce in the root's marker.
    pub nonce: String,
}

/// Where a root is and how it is treated.
#[derive(Debug, Clone)]
pub struct DiskOptions {
    /// The folder that syncs.
    pub root: PathBuf,
    /// Where rescued copies go; outside of every root, made when needed.
    pub rescue: PathBuf,
    /// A file whose writer is unknown is left alone for this long after its last change.
    pub settle: Duration,
    /// A writer that keeps a file open counts as gone after this long without writing.
    pub quiet: Duration,
    /// A replaced or trashed file is watched for late writes for this long.
    pub grace: Duration,
    /// A clean file in the trash is kept for this long.
    pub keep: Duration,
    /// Bytes to leave free; none for a share of the file system.
    pub reserve: Option<u64>,
}

impl DiskOptions {
    /// Returns the usual treatment of a root.
    #[must_use]
    pub fn new(root: PathBuf, rescue: PathBuf) -> Self {
        Self {
            root,
            rescue,
            settle: Duration::from_secs(2),
            quiet: Duration::from_secs(60),
            grace: Duration::from_secs(10 * 60),
            keep: Duration::from_secs(30 * 24 * 60 * 60),
            reserve: None,
        }
    }
}
