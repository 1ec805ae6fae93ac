//! What the pages of a link show: its face for whoever holds it, and what it opens for whom it opens.

use directory::Ticket;
use model::{GuestIntegration, Item, ItemId, ItemKind, Link, LinkKind, LinkRecipient, Role, Tenant};
use policy::{Opened, may_sync_what};
use storage::{Call, StorageError};

use super::LinkError;
use super::judge::{LinkUse, find, open, target};
use crate::browse::{FolderView, folder};

/// What the door of a link needs to know before anybody is let in. It names nothing of the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkFace {
    /// The link.
    pub link: Link,
    /// The organization that made it.
    pub tenant: Tenant,
    /// Whether it names addresses that are proven by a code.
    pub takes_codes: bool,
}

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A folder.
    Folder(Box<FolderView>),
    /// A file.
    File {
        /// The file.
        file: Box<Item>,
        /// The folders above it that the link opens too, outermost first.
        above: Vec<Item>,
    },
}

/// A page of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPage {
    /// The organization that owns it.
    pub tenant: Tenant,
    /// Who made the link.
    pub sharer: Option<String>,
    /// What the link lets people do.
    pub role: Role,
    /// The item the link was made for.
    pub root: Item,
    /// What is shown of it.
    pub shown: Shown,
    /// Why it cannot be synced.
    pub no_sync: Option<policy::Reason>,
    /// Whether the organization makes guests of people it shares with.
    pub integration: GuestIntegration,
}

/// Finds a link by its secret; none when there is none, or nothing is left of what it opened.
///
/// # Errors
/// A storage error.
pub async fn face(call: &Call, ticket: Ticket) -> Result<Option<LinkFace>, StorageError> {
    call.read(move |scope| {
        let Some(link) = find(scope, &ticket)? else { return Ok(None) };
        if target(scope, &link)?.is_none_or(|target| target.gone) {
            return Ok(None);
        }
        let named = scope.link_recipients().list(link.id)?;
        let by_code = named.iter().any(|recipient| matches!(recipient, LinkRecipient::Address(_)));
        let takes_codes = link.kind == LinkKind::SpecificPeople && by_code;
        Ok(Some(LinkFace { tenant: scope.tenants().load()?, link, takes_codes }))
    })
    .await
}

/// Reads the page of what a link opens, or of an item beneath it.
///
/// # Errors
/// [`LinkError::NotFound`] or [`LinkError::Refused`].
pub async fn open_page(call: &Call, used: LinkUse, item: Option<ItemId>) -> Result<LinkPage, LinkError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let found = open(scope, now, &used)?;
        let seen = found.sight.item(scope, item.unwrap_or(found.item.id))?;
        let sharer = match found.link.created_by {
            Some(user) => scope.users().find(user)?.map(|user| user.display_name),
            None => None,
        };
        let shape = shape_of(found.item.kind);
        let opened: Opened = used.opened(found.link.kind);
        let shown = if seen.item.kind == ItemKind::Folder {
            Shown::Folder(Box::new(folder(scope, &found.sight, seen)?))
        } else {
            let above = seen.above.into_iter().rev().collect();
            Shown::File { file: Box::new(seen.item), above }
        };
        Ok(LinkPage {
            tenant: scope.tenants().load()?,
            sharer,
            role: found.link.role,
            root: found.item,
            shown,
            no_sync: may_sync_what(shape, opened).refusal(),
            integration: scope.tenants().guest_integration()?,
        })
    })
    .await
}

/// Returns how an item counts for syncing.
pub(crate) fn shape_of(kind: ItemKind) -> policy::Shape {
    match kind {
        ItemKind::Folder => policy::Shape::Folder,
        ItemKind::File => policy::Shape::File,
    }
}
