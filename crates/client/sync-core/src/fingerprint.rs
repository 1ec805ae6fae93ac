//! Fingerprint: what a file's metadata must still be for a destructive step to be allowed.

use serde::{Deserialize, Serialize};

use crate::LocalId;

/// Identity and metadata of a file at one moment. Equal fingerprints mean: not touched in between.
///
/// A difference means *hash again*, not *changed*. Times are in nanoseconds since 1970 and are never used for order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The file.
    pub id: LocalId,
    /// Length in bytes.
    pub size: u64,
    /// Modification time.
    pub mtime_ns: i64,
    /// Time of the last change of content or metadata, a rename included.
    pub ctime_ns: i64,
}
