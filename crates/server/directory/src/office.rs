//! Office: whether somebody administers the organization, for pages that only its administrators may know of.

use policy::{Administration, may_administer};
use storage::Call;

use crate::{DirectoryError, authority_of};

/// What an administrator may do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Set sharing and see every site: the SharePoint Administrator.
    Sharing,
    /// Also manage guests and the directory's policies: the Global Administrator.
    Directory,
}

/// An administrator's office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// The organization's name.
    pub organization: String,
    /// The domain its pages' addresses begin with.
    pub domain: String,
    /// What they may do.
    pub reach: Reach,
}

/// Reads the office of whoever calls.
///
/// # Errors
/// [`DirectoryError::Refused`] to everybody who does not administer sharing.
pub async fn office(call: &Call) -> Result<Office, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        let authority = authority_of(scope, actor)?;
        may_administer(&authority, Administration::SetSharing)
            .and(may_administer(&authority, Administration::ListEverySite))
            .into_result()?;
        let directory = may_administer(&authority, Administration::ManageDirectory)
            .and(may_administer(&authority, Administration::ManageGuests));
        let reach = if directory.allows() { Reach::Directory } else { Reach::Sharing };
        let tenant = scope.tenants().load()?;
        Ok(Office { organization: tenant.display_name, domain: tenant.initial_domain, reach })
    })
    .await
}
