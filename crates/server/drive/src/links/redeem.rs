//! Opening a link while signed in. Organization links and links for specific people give the person a permission now,
//! which names the link and ends with it (K-2); the other kinds give nothing.

use directory::{Ticket, event, log_access_changes, note_stay, record};
use model::{
    Actor, Caller, DriveId, ItemId, ItemKind, ItemStamp, Link, LinkKind, Permission, PermissionId, Principal,
};
use policy::Opened;
use runtime::Runtime;
use storage::{Call, Commit, Scope, StorageError, Unaudited, Writing};

use super::create::about;
use super::judge::{LinkUse, LinkViewer, open};
use super::{LinkError, find_ticket};
use crate::sites::WebAddress;

/// Where an opened link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeemed {
    /// The kind of link.
    pub kind: LinkKind,
    /// The library.
    pub drive: DriveId,
    /// The item.
    pub item: ItemId,
    /// What the item is.
    pub opens: ItemKind,
    /// How it was opened, for syncing.
    pub opened: Opened,
    /// Where the item opens in the browser for those who have access.
    pub address: WebAddress,
}

/// Opens a link for somebody signed in to its organization.
///
/// # Errors
/// [`LinkError::NotFound`] when it is not for them, [`LinkError::Refused`] when it is and something is in the way.
pub async fn redeem(
    call: &Call,
    caller: Caller,
    ticket: Ticket,
    password: Option<String>,
) -> Result<Redeemed, LinkError> {
    match redeem_once(call, caller, ticket.clone(), password.clone()).await {
        // Opened twice at the same moment: the other one gave the permission.
        Err(LinkError::Storage(error)) if error.is_duplicate() => {
            redeem_once(call, caller, ticket, password).await
        }
        redeemed => redeemed,
    }
}

async fn redeem_once(
    call: &Call,
    caller: Caller,
    ticket: Ticket,
    password: Option<String>,
) -> Result<Redeemed, LinkError> {
    let runtime = call.store().runtime().clone();
    let used = LinkUse { ticket, viewer: LinkViewer::Person(caller), password };
    call.write(move |scope| {
        let now = runtime.now();
        let found = open(scope, now, &used)?;
        let domain = scope.tenants().load()?.initial_domain;
        let (site, drive) = (found.sight.access().site.name.clone(), found.sight.drive().id);
        let redeemed = Redeemed {
            kind: found.link.kind,
            drive,
            item: found.item.id,
            opens: found.item.kind,
            opened: used.opened(found.link.kind),
            address: WebAddress { domain, site, item: Some((drive, found.item.id)) },
        };
        let binds = matches!(found.link.kind, LinkKind::Organization | LinkKind::SpecificPeople);
        let held = scope.permissions().list_of_link(found.link.id)?;
        let known = held.iter().any(|one| one.principal == Principal::User(caller.user));
        if !binds || known {
            return Ok(Commit::unaudited(redeemed, Unaudited::NothingChanged));
        }
        bind(scope, &runtime, &caller, &found.link)?;
        let operation = match found.link.kind {
            LinkKind::Organization => "CompanyLinkUsed",
            _ => "SecureLinkUsed",
        };
        let done = about(event(&runtime, Actor::Person(caller.user), operation), &found.link);
        let proof = record(scope, &runtime, &[done.target(caller.user)])?;
        Ok(Commit::new(redeemed, proof))
    })
    .await
}

fn bind(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    caller: &Caller,
    link: &Link,
) -> Result<(), StorageError> {
    let now = runtime.now();
    let permission = Permission {
        id: PermissionId::from_random(runtime.random()),
        tenant: link.tenant,
        scope: link.scope,
        principal: Principal::User(caller.user),
        role: link.role,
        link: Some(link.id),
        created_by: link.created_by,
        created: now,
        expires: link.expires,
        revoked: None,
    };
    scope.permissions().create(&permission)?;
    if let Some(person) = scope.users().find(caller.user)? {
        note_stay(scope, link.scope.site(), &person, now)?;
    }
    log_access_changes(scope, &[permission], ItemStamp { at: now, by: Some(caller.user) })
}

/// Records that somebody opened a link without an account here: by a link for anyone, or by a code.
///
/// # Errors
/// A storage error.
pub async fn record_use(call: &Call, used: &LinkUse) -> Result<(), StorageError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    let used = used.clone();
    call.write(move |scope| {
        let Some(link) = find_ticket(scope, &used.ticket)? else {
            return Ok(Commit::unaudited((), Unaudited::NothingChanged));
        };
        let done = match &used.viewer {
            LinkViewer::Address(key) => {
                about(event(&runtime, actor, "SecureLinkUsed"), &link).detail("Recipient", key.clone())
            }
            LinkViewer::Bearer | LinkViewer::Person(_) => {
                about(event(&runtime, actor, "AnonymousLinkUsed"), &link)
            }
        };
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}
