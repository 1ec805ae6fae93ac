//! Access: the one authorization, on the stored truth, at every request. Whatever it does not return is hidden.
//!
//! It answers who may see which parts of a drive and in which role. It does not know whether an item exists; whoever
//! loads an item names the drive and then asks here, in the same snapshot.

mod drive_access;
mod rights;
mod root_state;

pub use directory::{SiteAccess, site_access};
pub(crate) use drive_access::open_drive;
pub use drive_access::{Access, DriveAccess, Roots, drive_access, item_access, items_access};
pub(crate) use root_state::facts_of;
pub use root_state::{RootState, root_state};
