//! Sharing: giving people roles on sites, libraries, folders and files, and taking them away (flow 1 of the
//! architecture). Each recipient is judged by themselves; one bad recipient never drops the others.

mod carry_out;
mod change;
mod inheritance;
mod list;
mod overview;
mod place;
mod place_policy;
mod preview;
mod recipient;
mod share;

pub use change::{revoke_permission, update_permission};
pub use inheritance::{Inheritance, break_inheritance, inheritance_at, restore_inheritance};
pub use list::{Holder, PermissionView, find_permission, list_permissions};
pub use overview::{AccessOverview, manages_access, overview, place_at};
pub use place::Place;
pub use preview::{Foreseen, Loser, Loss, Proposal, foresee, preview};
pub use recipient::{RecipientName, ShareRefusal};
pub use share::{Inherited, ShareOutcome, ShareRequest, Shared, share};

pub(crate) use carry_out::Sharing;
pub(crate) use place::OpenPlace;
pub(crate) use place_policy::PlacePolicy;
pub(crate) use recipient::{Who, resolve as resolve_recipient};
pub(crate) use share::check_request;

use directory::DirectoryError;
use inheritance::MOST_BREAKS;
use policy::Reason;
use storage::StorageError;

/// Why nothing was shared or changed at all.
#[derive(Debug, thiserror::Error)]
pub enum SharingError {
    /// There is no such place or permission, or none the caller may see.
    #[error("there is no such item or permission")]
    NotFound,
    /// A rule refuses it.
    #[error("{}", .0.message())]
    Refused(Reason),
    /// Between 1 and 50 recipients are allowed.
    #[error("name between 1 and 50 people to share with")]
    Recipients,
    /// The message is too long, or holds a NUL.
    #[error("a message may have at most 2000 characters, U+0000 not among them")]
    Message,
    /// The parts of a request do not fit together.
    #[error("{0}")]
    Options(&'static str),
    /// Somebody whom a link was to name cannot be; nothing was done.
    #[error("recipient {position}: {refusal}")]
    Recipient {
        /// Which, counted from one.
        position: usize,
        /// Why.
        refusal: ShareRefusal,
    },
    /// The permission was given at a folder above or at the site.
    #[error("this permission was given further up; change it where it was given")]
    Inherited,
    /// The library has as many items with permissions of their own as it may have.
    #[error(
        "the library has {MOST_BREAKS} items with permissions of their own; restore inheritance at some of them"
    )]
    TooManyBreaks,
    /// The directory refused or failed.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The database failed.
    #[error("sharing could not be read or changed")]
    Storage(#[from] StorageError),
}

impl From<Reason> for SharingError {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}
