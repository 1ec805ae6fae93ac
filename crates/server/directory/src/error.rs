//! Directory errors: what a caller can act on.

use model::{InvalidAddress, NamedLocationId};
use policy::Reason;
use storage::StorageError;

/// Why a change of the directory was not made.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// A rule refuses it.
    #[error("{}", .0.message())]
    Refused(Reason),
    /// The address cannot be used.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
    /// The address belongs to a member of the organization, who needs no invitation.
    #[error("this address belongs to a member of the organization; share with them directly")]
    AddressOfMember,
    /// A member's address must be of one of the organization's domains.
    #[error("a member's address must be of one of the organization's own domains")]
    ForeignDomain,
    /// The name or address is somebody's already.
    #[error("this name or address is already in use")]
    Taken,
    /// A required text is empty or too long.
    #[error("{0} must have between 1 and 256 characters")]
    Text(&'static str),
    /// Somebody is no member of the organization.
    #[error("a member of the group must be a member of the organization")]
    Member,
    /// A client secret is needed.
    #[error("send the client secret; the one given before was for another issuer, client or way")]
    SecretMissing,
    /// After accepting, the browser may go only to this cloud.
    #[error("the address to go to after accepting must belong to this cloud")]
    ForeignRedirect,
    /// There is no such person, group or invitation here, or none the caller may see.
    #[error("there is no such person, group or invitation")]
    NotFound,
    /// The invitation was made for another address.
    #[error("this invitation was made for another address than those of the account signed in")]
    OtherRecipient,
    /// The invitation was accepted by another account.
    #[error("this invitation was already accepted by another account")]
    AlreadyAccepted,
    /// The address is none of the guest's.
    #[error(
        "the address matches neither mail nor otherMails of this guest; change the guest's address first"
    )]
    ForeignAddress,
    /// The two are not two guests of whom one is not bound to an account.
    #[error("two guests are merged when the one that goes has not accepted an invitation and is not blocked")]
    NotMergeable,
    /// There is no database of countries.
    #[error("this server does not know countries; ask its operator to start it with --country-database")]
    CountriesUnknown,
    /// Policies name the location.
    #[error("the location is used by {0}; take it out of them first")]
    InUse(String),
    /// A policy names a location that does not exist.
    #[error("there is no named location {0}; make it first")]
    UnknownLocation(NamedLocationId),
    /// Cross-tenant settings are about other organizations.
    #[error("cross-tenant settings are about another organization")]
    OwnOrganization,
    /// The database failed.
    #[error("the directory could not be read or changed")]
    Storage(#[from] StorageError),
}

impl From<Reason> for DirectoryError {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

impl DirectoryError {
    /// Turns a violated uniqueness rule into [`Self::Taken`].
    pub(crate) fn taken(error: StorageError) -> Self {
        if error.is_duplicate() { Self::Taken } else { Self::Storage(error) }
    }
}

/// Checks a text that people see.
pub(crate) fn check_text(name: &'static str, text: &str) -> Result<String, DirectoryError> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= 256 && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(DirectoryError::Text(name)) }
}
