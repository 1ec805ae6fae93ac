//! Inheritance of permissions: broken at an item, which then has a copy of what counted there, and restored, which drops
//! the item's own ones and its links. Nobody's own access changes by breaking; taking a copy away, or giving one above, does
//! that. What was opened by a link made above ends there.

use std::collections::BTreeMap;

use directory::{event, record};
use model::{
    Actor, AuditEvent, Caller, DriveId, ItemId, ItemStamp, Permission, PermissionId, PermissionScope,
    Principal, Timestamp, UserId,
};
use policy::{ChangeFacts, Whose, may_change_at, may_change_permission};
use runtime::Runtime;
use storage::{Call, ChangeStamp, Commit, Scope, StorageError, Unaudited, Writing};

use super::list::given;
use super::place::{OfSite, OpenPlace};
use super::{Place, SharingError};

/// Most items of one library with permissions of their own, as is recommended for the original; each is read with every
/// request to the library.
pub(super) const MOST_BREAKS: usize = 5_000;

/// Whether an item has permissions of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inheritance {
    /// What is given above it counts there.
    Inherits,
    /// Only what is given at it counts there.
    Broken,
}

/// Tells whether an item has permissions of its own.
///
/// # Errors
/// [`SharingError::NotFound`] when it is hidden from the caller.
pub async fn inheritance_at(
    call: &Call,
    caller: Caller,
    drive: DriveId,
    item: ItemId,
) -> Result<Inheritance, SharingError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let open = Place::Item { drive, item }.open(scope, &caller, now)?.ok_or(SharingError::NotFound)?;
        Ok(state(&open, item))
    })
    .await
}

/// Gives an item permissions of its own: a copy of what counts there now. Owners may. Returns whether it had none.
///
/// # Errors
/// [`SharingError::NotFound`], [`SharingError::Refused`] or [`SharingError::TooManyBreaks`].
pub async fn break_inheritance(
    call: &Call,
    caller: Caller,
    drive: DriveId,
    item: ItemId,
) -> Result<bool, SharingError> {
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let now = runtime.now();
        let open = open_for_owner(scope, &caller, now, drive, item)?;
        if state(&open, item) == Inheritance::Broken {
            return Ok(Commit::unaudited(false, Unaudited::NothingChanged));
        }
        let done = break_at(scope, &runtime, caller.user, &open, drive, item)?;
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(true, proof))
    })
    .await
}

/// Takes an item's own permissions away, so that what is given above it counts again. Owners may. Returns whether it had
/// any.
///
/// # Errors
/// [`SharingError::NotFound`] or [`SharingError::Refused`].
pub async fn restore_inheritance(
    call: &Call,
    caller: Caller,
    drive: DriveId,
    item: ItemId,
) -> Result<bool, SharingError> {
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let now = runtime.now();
        let open = open_for_owner(scope, &caller, now, drive, item)?;
        if state(&open, item) == Inheritance::Inherits {
            return Ok(Commit::unaudited(false, Unaudited::NothingChanged));
        }
        for own in scope.permissions().list_of_items(&[item])? {
            scope.permissions().revoke(own.id, now)?;
        }
        for link in scope.links().list_of_items(&[item])? {
            scope.links().revoke(link.id, now)?;
        }
        scope.inheritance().delete_break(drive, item)?;
        log_access(scope, drive, item, ItemStamp { at: now, by: Some(caller.user) })?;
        let done = at_item(&runtime, caller.user, "SharingInheritanceReset", open.scope);
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(true, proof))
    })
    .await
}

/// Breaks inheritance within another change, which records the returned event.
pub(super) fn break_at(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    by: UserId,
    open: &OpenPlace,
    drive: DriveId,
    item: ItemId,
) -> Result<AuditEvent, SharingError> {
    if scope.inheritance().list_broken(drive)?.len() >= MOST_BREAKS {
        return Err(SharingError::TooManyBreaks);
    }
    let now = runtime.now();
    let mut counting = given(scope, open)?;
    // Nobody's access outlives its link: what links above opened ends here, and they are not shown here.
    counting.retain(|given| given.link.is_none());
    for best in best_of_each(&counting, now) {
        let own = counting.iter().find(|own| own.scope == open.scope && own.principal == best.principal);
        match own {
            Some(own) => {
                scope.permissions().update(own.id, best.role, best.expires)?;
            }
            None => scope.permissions().create(&Permission {
                id: PermissionId::from_random(runtime.random()),
                scope: open.scope,
                created_by: Some(by),
                created: now,
                ..best.clone()
            })?,
        }
    }
    let stamp = ItemStamp { at: now, by: Some(by) };
    scope.inheritance().create_break(drive, item, stamp)?;
    log_access(scope, drive, item, stamp)?;
    Ok(at_item(runtime, by, "SharingInheritanceBroken", open.scope))
}

/// Returns the item whose access from above is to end when its place is shared; none when it has none. Owners may.
pub(super) fn to_drop(caller: &Caller, open: &OpenPlace) -> Result<Option<PermissionScope>, SharingError> {
    let PermissionScope::Item { item, .. } = open.scope else {
        return Err(SharingError::Options("a site has nothing above it; name an item"));
    };
    require_owner(caller, open)?;
    Ok((state(open, item) == Inheritance::Inherits).then_some(open.scope))
}

/// Ends an item's access from above within the share that asked for it, which records the returned event. Who owns the site
/// keeps theirs.
pub(super) fn drop_inherited(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    by: UserId,
    at: PermissionScope,
) -> Result<AuditEvent, SharingError> {
    if let PermissionScope::Item { drive, item, .. } = at {
        if scope.inheritance().list_broken(drive)?.len() >= MOST_BREAKS {
            return Err(SharingError::TooManyBreaks);
        }
        let stamp = ItemStamp { at: runtime.now(), by: Some(by) };
        scope.inheritance().create_break(drive, item, stamp)?;
        log_access(scope, drive, item, stamp)?;
    }
    Ok(at_item(runtime, by, "SharingInheritanceBroken", at))
}

/// Returns the strongest permission of each holder that stands; of equally strong ones the one that stands longest.
fn best_of_each(given: &[Permission], now: Timestamp) -> Vec<&Permission> {
    let end = |permission: &Permission| permission.expires.unwrap_or(Timestamp::MAX);
    let mut best: BTreeMap<Principal, &Permission> = BTreeMap::new();
    for permission in given.iter().filter(|permission| end(permission) > now) {
        let known = best.entry(permission.principal).or_insert(permission);
        if (permission.role, end(permission)) > (known.role, end(known)) {
            *known = permission;
        }
    }
    best.into_values().collect()
}

fn open_for_owner(
    scope: &mut Scope<'_, Writing>,
    caller: &Caller,
    now: Timestamp,
    drive: DriveId,
    item: ItemId,
) -> Result<OpenPlace, SharingError> {
    let open = Place::Item { drive, item }.open(scope, caller, now)?.ok_or(SharingError::NotFound)?;
    require_owner(caller, &open)?;
    Ok(open)
}

fn require_owner(caller: &Caller, open: &OpenPlace) -> Result<(), SharingError> {
    let facts = ChangeFacts {
        actor: caller.kind,
        actor_role: open.role,
        whose: Whose::Other,
        wanted: None,
        of_site_owners: false,
    };
    Ok(may_change_permission(&facts).and(may_change_at(open.lock)).into_result()?)
}

fn state(open: &OpenPlace, item: ItemId) -> Inheritance {
    // The chain ends where inheritance is broken.
    let broken = open.of_site == OfSite::CutOff && open.chain.last() == Some(&item);
    if broken { Inheritance::Broken } else { Inheritance::Inherits }
}

fn log_access(
    scope: &mut Scope<'_, Writing>,
    drive: DriveId,
    item: ItemId,
    stamp: ItemStamp,
) -> Result<(), StorageError> {
    let by = ChangeStamp { stamp, operation: None };
    scope.change_drive(drive, |changes| changes.log_access(item, &by))?;
    Ok(())
}

fn at_item(runtime: &Runtime, by: UserId, operation: &'static str, scope: PermissionScope) -> AuditEvent {
    let done = event(runtime, Actor::Person(by), operation).site(scope.site());
    match scope {
        PermissionScope::Item { item, .. } => done.item(item),
        PermissionScope::Site(_) => done,
    }
}
