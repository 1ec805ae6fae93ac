//! Sharing links (B02): made, listed, changed and taken away by who manages an item; used by whoever they open for.
//!
//! A link grants nothing by being made. Members (organization links) and the people it names (specific people) get a
//! permission when they open it, which names the link and ends with it. An anyone link and a one-time code open the
//! item for the request alone. Every use is judged on the stored truth by [`policy::may_use_link`], so that a level that
//! is lowered masks links at once and one that is loosened brings them back.
//!
//! A link's secret is derived from the tenant's link key and the link's id; kept is its hash alone. Who manages the
//! item can therefore be shown the same address again.

mod address;
mod browse;
mod change;
mod create;
mod edit;
mod in_effect;
mod judge;
mod list;
mod name;
mod passcode;
mod read;
mod redeem;
mod secret;

pub use address::{LinkAddress, file_letter};
pub use browse::{LinkFace, LinkPage, Shown, face, open_page};
pub use change::{LinkChange, Setting, delete_link, update_link};
pub use create::{LinkRequest, MadeLink, create_link, default_link_kind};
pub use edit::{edit_linked, find_linked_room};
pub use judge::{LinkUse, LinkViewer};
pub use list::{LinkHolder, LinkView, find_link, list_links};
pub use name::name_in_link;
pub use passcode::{check_code, count_password, forgive_passwords, send_code, session_address};
pub use read::{LinkedItem, list_linked_children, load_linked_item, open_linked_file};
pub use redeem::{Redeemed, record_use, redeem};

pub(crate) use browse::shape_of;
pub(crate) use create::about as about_link;
pub(crate) use create::{NewLink, find_or_make, made_event};
use judge::find as find_ticket;
pub(crate) use list::{as_worth_now, links_at, view_of};
pub(crate) use secret::LinkSecrets;

use policy::Reason;
use storage::{Call, StorageError, Store};

use crate::ItemError;

/// Why a link did not open.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// There is no such link, or nothing that whoever uses it may know of.
    #[error("the link opens nothing here")]
    NotFound,
    /// It is a link for whoever uses it, and something stands in the way that they may hear of.
    #[error("{} {}", .0.message(), .0.remedy())]
    Refused(Reason),
    /// What was asked for within what it opens failed.
    #[error(transparent)]
    Item(ItemError),
    /// The database failed.
    #[error("the link could not be read")]
    Storage(#[from] StorageError),
}

impl LinkError {
    /// Tells a refusal: what is for other people stays hidden.
    fn of(reason: Reason) -> Self {
        match reason {
            Reason::LinkExpired
            | Reason::LinkClosed
            | Reason::LinkPassword
            | Reason::DomainClosed
            | Reason::GuestStayOver
            | Reason::SiteLocked
            | Reason::DeviceNotManaged
            | Reason::BrowserOnly
            | Reason::AuthenticationContext
            | Reason::DownloadBlocked => Self::Refused(reason),
            _ => Self::NotFound,
        }
    }
}

impl From<ItemError> for LinkError {
    fn from(error: ItemError) -> Self {
        match error {
            ItemError::NotFound => Self::NotFound,
            ItemError::Storage(error) => Self::Storage(error),
            other => Self::Item(other),
        }
    }
}

/// Binds a call for whoever presents a link's secret: to the secret's tenant, as nobody in particular.
#[must_use]
pub fn bearer_call(store: Store, ticket: &directory::Ticket) -> Call {
    Call::new(store, ticket.tenant(), model::Actor::System("sharing link"))
}
