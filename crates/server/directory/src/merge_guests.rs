//! Merging: two guests that turn out to be one person become one (A11). What one holds, the other holds then, the better of
//! two where both hold something at a place; nobody loses anything and nothing is shared with anybody new.

use std::collections::BTreeMap;

use model::{
    Actor, AuditEvent, GuestStay, ItemStamp, LinkId, Permission, PermissionId, PermissionScope, Principal,
    User, UserId, UserKind,
};
use policy::Administration;
use runtime::Runtime;
use storage::{Call, Commit, Held, Scope, StorageError, Writing};

use crate::authority::require;
use crate::{DirectoryError, acting_person, event, log_access_changes, record};

/// Makes one guest of two: `keep` stays, with everything of both. `gone` must not have accepted an invitation, or `keep`
/// must not have and `gone`'s home account is given up by resetting it first.
///
/// # Errors
/// [`DirectoryError::Refused`], [`DirectoryError::NotFound`], or [`DirectoryError::NotMergeable`] when they are not two
/// guests, or `gone` is bound to a home account.
pub async fn merge_guests(call: &Call, keep: UserId, gone: UserId) -> Result<User, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageGuests)?;
        let keep = scope.users().find(keep)?.ok_or(DirectoryError::NotFound)?;
        let gone = scope.users().find(gone)?.ok_or(DirectoryError::NotFound)?;
        let guests = keep.kind == UserKind::Guest && gone.kind == UserKind::Guest;
        if !guests || keep.id == gone.id || gone.home.is_some() || !gone.enabled {
            return Err(DirectoryError::NotMergeable);
        }
        let done = absorb(scope, &runtime, actor, &keep, &gone)?;
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(keep, proof))
    })
    .await
}

/// Gives everything of one guest to another and deletes the first, within a change that records it. Decides nothing.
pub(crate) fn absorb(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    actor: Actor,
    keep: &User,
    gone: &User,
) -> Result<AuditEvent, StorageError> {
    let now = runtime.now();
    let moved = move_permissions(scope, runtime, keep.id, gone.id)?;
    log_access_changes(scope, &moved, ItemStamp { at: now, by: acting_person(actor) })?;
    for group in scope.groups().list_ids_of(gone.id)? {
        scope.groups().add_member(group, keep.id, now)?;
        scope.groups().remove_member(group, gone.id)?;
    }
    for (site, stay) in scope.guest_lives().list_stays(gone.id)? {
        let joined = match scope.guest_stays().find(site, keep.id)? {
            Some(own) => longer(own, stay),
            None => stay,
        };
        scope.guest_stays().put(site, keep.id, joined)?;
    }
    scope.guest_lives().hand_over(gone.id, keep.id)?;
    scope.users().delete(gone.id, now)?;
    Ok(event(runtime, actor, "Merge guests").target(keep.id).detail("Merged", gone.id.to_string()))
}

/// Adds two stays up: whoever was there first, and may stay longer.
fn longer(one: GuestStay, other: GuestStay) -> GuestStay {
    let ends = one.ends.zip(other.ends).map(|(one, other)| one.max(other));
    GuestStay { joined: one.joined.min(other.joined), ends }
}

/// Gives one person's own permissions to another; returns those that changed.
fn move_permissions(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    keep: UserId,
    gone: UserId,
) -> Result<Vec<Permission>, StorageError> {
    let now = runtime.now();
    let mut own: BTreeMap<(PermissionScope, Option<LinkId>), Permission> = BTreeMap::new();
    for permission in scope.permissions().list_held_by(keep, None, Held::Now)? {
        if permission.principal == Principal::User(keep) {
            own.insert((permission.scope, permission.link), permission);
        }
    }
    let mut changed = Vec::new();
    for permission in scope.permissions().list_held_by(gone, None, Held::Now)? {
        if permission.principal != Principal::User(gone) {
            continue;
        }
        scope.permissions().revoke(permission.id, now)?;
        match own.get(&(permission.scope, permission.link)) {
            Some(mine) => {
                let role = mine.role.max(permission.role);
                let expires = mine.expires.zip(permission.expires).map(|(one, other)| one.max(other));
                scope.permissions().update(mine.id, role, expires)?;
            }
            None => {
                let id = PermissionId::from_random(runtime.random());
                let principal = Principal::User(keep);
                scope.permissions().create(&Permission { id, principal, ..permission.clone() })?;
            }
        }
        changed.push(permission);
    }
    Ok(changed)
}
