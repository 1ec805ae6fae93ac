//! The links of an item, as its permissions show them. People in charge see every link with its address; others see
//! those they opened, without it.

use directory::Ticket;
use model::{Caller, ItemKind, Link, LinkId, LinkRecipient, PermissionScope, Principal, Timestamp, User};
use storage::{Call, Scope, StorageError};

use super::in_effect::in_effect;
use super::{LinkAddress, LinkSecrets};
use crate::sharing::{OpenPlace, Place, SharingError};

/// Somebody a link names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkHolder {
    /// Somebody of the directory.
    Person(User),
    /// Whoever proves that the address is theirs.
    Address(String),
}

/// A link as an item's permissions show it.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkView {
    /// The link.
    pub link: Link,
    /// Its secret; only for those who manage the item.
    pub ticket: Option<Ticket>,
    /// What it opens.
    pub opens: ItemKind,
    /// Whether it was made for a folder above.
    pub inherited: bool,
    /// Whom it names.
    pub holders: Vec<LinkHolder>,
    /// Who opened it.
    pub opened_by: Vec<User>,
}

impl LinkView {
    /// Returns the link's address, for those who may see it.
    #[must_use]
    pub fn url(&self, origin: &str) -> Option<String> {
        self.ticket.clone().map(|ticket| LinkAddress(ticket).url(origin, self.opens))
    }
}

/// Lists the links that open a place: its own and those of the folders above it, as they are worth now.
///
/// # Errors
/// [`SharingError::NotFound`] when the place is hidden from the caller.
pub async fn list_links(call: &Call, caller: Caller, place: Place) -> Result<Vec<LinkView>, SharingError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let (_, views) = views(scope, &caller, now, place)?;
        Ok(as_worth_now(scope, views)?)
    })
    .await
}

/// Shows links with the role and end that are in effect.
pub(crate) fn as_worth_now<M>(
    scope: &mut Scope<'_, M>,
    mut views: Vec<LinkView>,
) -> Result<Vec<LinkView>, StorageError> {
    for view in &mut views {
        view.link = in_effect(scope, view.link.clone(), view.opens)?;
    }
    Ok(views)
}

/// Finds one link of a place; none when the caller may not see it.
///
/// # Errors
/// [`SharingError::NotFound`] when the place is hidden from the caller.
pub async fn find_link(
    call: &Call,
    caller: Caller,
    place: Place,
    link: LinkId,
) -> Result<Option<LinkView>, SharingError> {
    let listed = list_links(call, caller, place).await?;
    Ok(listed.into_iter().find(|view| view.link.id == link))
}

/// Opens a place and lists what the caller may see of its links, as they are stored.
pub(super) fn views<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    place: Place,
) -> Result<(OpenPlace, Vec<LinkView>), SharingError> {
    let open = place.open(scope, caller, now)?.ok_or(SharingError::NotFound)?;
    let views = links_at(scope, caller, &open)?;
    Ok((open, views))
}

/// Lists what the caller may see of the links of a place that was opened for them.
pub(crate) fn links_at<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    open: &OpenPlace,
) -> Result<Vec<LinkView>, StorageError> {
    let in_charge = open.is_managed_by(caller);
    let mut views = Vec::new();
    for link in scope.links().list_of_items(&open.chain)? {
        let mut view = view_of(scope, link)?;
        view.inherited = view.link.scope != open.scope;
        if !in_charge {
            view.ticket = None;
            view.holders.clear();
            view.opened_by.retain(|person| person.id == caller.user);
            if view.opened_by.is_empty() {
                continue;
            }
        }
        views.push(view);
    }
    views.sort_by_key(|view| (view.inherited, view.link.created, view.link.id));
    Ok(views)
}

/// Describes a link with everything about it, seen from its own item.
pub(crate) fn view_of<M>(scope: &mut Scope<'_, M>, link: Link) -> Result<LinkView, StorageError> {
    let ticket = LinkSecrets::find(scope)?.map(|secrets| secrets.ticket(link.id));
    let opens = match link.scope {
        PermissionScope::Item { drive, item, .. } => {
            scope.items().find(drive, item)?.map_or(ItemKind::Folder, |item| item.kind)
        }
        PermissionScope::Site(_) => ItemKind::Folder,
    };
    let mut holders = Vec::new();
    for recipient in scope.link_recipients().list(link.id)? {
        match recipient {
            // Somebody who was deleted holds nothing.
            LinkRecipient::Person(user) => {
                holders.extend(scope.users().find(user)?.map(LinkHolder::Person));
            }
            LinkRecipient::Address(key) => holders.push(LinkHolder::Address(key)),
        }
    }
    let mut opened_by = Vec::new();
    for permission in scope.permissions().list_of_link(link.id)? {
        if let Principal::User(user) = permission.principal {
            opened_by.extend(scope.users().find(user)?);
        }
    }
    Ok(LinkView { link, ticket, opens, inherited: false, holders, opened_by })
}
