//! Drive: a document library of a site, with its one monotone sequence of changes.

use jiff::Timestamp;

use crate::{DriveId, ItemId, SiteId, TenantId};

/// A document library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drive {
    /// Its id.
    pub id: DriveId,
    /// The tenant that owns it.
    pub tenant: TenantId,
    /// The site it belongs to.
    pub site: SiteId,
    /// Name shown to people, such as `Documents`.
    pub name: String,
    /// The root folder.
    pub root: ItemId,
    /// Number of its newest change.
    pub sequence: i64,
    /// Changes when the drive is restored or rolled back.
    pub epoch: String,
    /// Most bytes it may hold; none means no limit.
    pub quota: Option<u64>,
    /// Bytes of all its files, older versions and the recycle bin included.
    pub used: u64,
    /// Most versions of a file that are kept, the present one included.
    pub version_limit: i64,
    /// When it was made.
    pub created: Timestamp,
}
