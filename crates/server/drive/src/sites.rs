//! Sites: places of an organization with three groups, a first library and their own sharing level (B06, B13 to B15).

mod address;
mod create;
mod guests;
mod library;
mod list;
mod outsiders;
mod sharing_level;

pub use address::WebAddress;
pub use create::{CreatedSite, NewSite, create_site};
pub use guests::{SiteGuest, extend_guest, list_site_guests};
pub use library::create_library;
pub(crate) use library::{FIRST_LIBRARY, add_library};
pub use list::{LibraryView, SiteView, find_site, find_site_by_name, list_every_site, list_sites};
pub(crate) use outsiders::is_open_to_outsiders;
pub use sharing_level::{
    SiteSharing, SiteSharingChange, change_site_sharing, set_site_sharing, site_sharing,
};
pub(crate) use sharing_level::{proposed as proposed_site_sharing, require as require_administrator};

use policy::Reason;
use storage::StorageError;

/// Why nothing was done at a site.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A rule refuses it.
    #[error("{}", .0.message())]
    Refused(Reason),
    /// There is no such site, or none the caller may see.
    #[error("there is no such site")]
    NotFound,
    /// The name cannot stand in an address.
    #[error("a site's name in addresses has 1 to 64 letters, digits, hyphens and underscores")]
    Name,
    /// The library's name breaks the rules of names.
    #[error("a library's name follows the rules of a folder's name")]
    LibraryName,
    /// The name is in use.
    #[error("the name is taken already")]
    Taken,
    /// The database failed.
    #[error("the site could not be read or changed")]
    Storage(#[from] StorageError),
}

impl From<Reason> for SiteError {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}
