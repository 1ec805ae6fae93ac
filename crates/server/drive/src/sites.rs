//! Sites: places of an organization with three groups, a first library and their own sharing level (B06, B13 to B15).

mod address;
mod create;
mod list;
mod sharing_level;

pub use address::WebAddress;
pub use create::{CreatedSite, NewSite, create_site};
pub use list::{SiteView, find_site, find_site_by_name, list_every_site, list_sites};
pub use sharing_level::set_site_sharing;

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
    /// The name is in use.
    #[error("a site of this name exists already")]
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
