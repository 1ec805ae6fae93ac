//! Changing and taking away a permission (A10). It ends with the next request of whoever held it.

use directory::{event, log_access_changes, record};
use model::{
    Actor, Caller, GroupKind, ItemStamp, Permission, PermissionId, PermissionScope, Role, Timestamp, UserKind,
};
use policy::{ChangeFacts, Whose, may_change_at, may_change_permission, may_share};
use storage::{Call, Commit, Scope, Writing};

use super::carry_out::with_target;
use super::inheritance::break_at;
use super::list::{Holder, PermissionView, views};
use super::place::OpenPlace;
use super::place_policy::PlacePolicy;
use super::{Place, SharingError};

/// Gives a permission another role and, unless none is named, another end.
///
/// # Errors
/// [`SharingError::NotFound`], [`SharingError::Inherited`] or [`SharingError::Refused`].
pub async fn update_permission(
    call: &Call,
    caller: Caller,
    place: Place,
    permission: PermissionId,
    role: Role,
    expires: Option<Timestamp>,
) -> Result<PermissionView, SharingError> {
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let now = runtime.now();
        let (open, view) = changeable(scope, &caller, now, place, permission, Some(role))?;
        if view.inherited {
            return Err(SharingError::Inherited);
        }
        let longer = expires.is_some() && expires != view.permission.expires;
        if role > view.permission.role || longer {
            may_change_at(open.lock).into_result()?;
            require_sharing(scope, &caller, &open, &view, role)?;
        }
        let expires = expires.or(view.permission.expires);
        if !scope.permissions().update(permission, role, expires)? {
            return Err(SharingError::NotFound);
        }
        let changed = Permission { role, expires, ..view.permission.clone() };
        log_access_changes(scope, std::slice::from_ref(&changed), stamp(&caller, now))?;
        let done = event(&runtime, Actor::Person(caller.user), "SharingSet")
            .site(changed.scope.site())
            .detail("Role", role.graph_name())
            .detail("Permission", permission.to_string());
        let proof =
            record(scope, &runtime, &[at_item(with_target(done, Some(changed.principal)), &changed)])?;
        Ok(Commit::new(PermissionView { permission: changed, ..view }, proof))
    })
    .await
}

/// Takes a permission away. One that was given above ends at this place alone: inheritance is broken here, which owners
/// may, and the copy is taken away.
///
/// # Errors
/// [`SharingError::NotFound`], [`SharingError::Inherited`] or [`SharingError::Refused`].
pub async fn revoke_permission(
    call: &Call,
    caller: Caller,
    place: Place,
    permission: PermissionId,
) -> Result<(), SharingError> {
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let now = runtime.now();
        let (open, view) = changeable(scope, &caller, now, place, permission, None)?;
        let (mut taken, mut events) = (view.permission, Vec::new());
        if view.inherited {
            let PermissionScope::Item { drive, item, .. } = open.scope else {
                return Err(SharingError::Inherited);
            };
            if open.role < Role::Owner {
                return Err(SharingError::Inherited);
            }
            events.push(break_at(scope, &runtime, caller.user, &open, drive, item)?);
            let copy = scope.permissions().find_at(open.scope, taken.principal)?;
            taken = copy.ok_or(SharingError::NotFound)?;
        }
        scope.permissions().revoke(taken.id, now)?;
        log_access_changes(scope, std::slice::from_ref(&taken), stamp(&caller, now))?;
        let done = event(&runtime, Actor::Person(caller.user), "SharingRevoked")
            .site(taken.scope.site())
            .detail("Permission", taken.id.to_string());
        events.push(at_item(with_target(done, Some(taken.principal)), &taken));
        let proof = record(scope, &runtime, &events)?;
        Ok(Commit::new((), proof))
    })
    .await
}

/// Giving a guest more is sharing with them, and needs what sharing needs.
fn require_sharing(
    scope: &mut Scope<'_, Writing>,
    caller: &Caller,
    open: &OpenPlace,
    view: &PermissionView,
    role: Role,
) -> Result<(), SharingError> {
    let Holder::Person(guest) = &view.holder else { return Ok(()) };
    if guest.kind == UserKind::Member {
        return Ok(());
    }
    let policy = PlacePolicy::load(scope, caller, open.scope.site())?;
    let facts = policy.share_facts(scope, caller, open, role)?;
    Ok(may_share(&facts, &policy.guest_facts(scope, guest)?).into_result()?)
}

/// Finds a permission that counts at this place and that the caller may change as wanted.
fn changeable(
    scope: &mut Scope<'_, Writing>,
    caller: &Caller,
    now: Timestamp,
    place: Place,
    permission: PermissionId,
    wanted: Option<Role>,
) -> Result<(OpenPlace, PermissionView), SharingError> {
    let (open, views) = views(scope, caller, now, place)?;
    let view = views.into_iter().find(|view| view.permission.id == permission);
    let view = view.ok_or(SharingError::NotFound)?;
    let own = matches!(&view.holder, Holder::Person(person) if person.id == caller.user);
    let facts = ChangeFacts {
        actor: caller.kind,
        actor_role: open.role,
        whose: match () {
            () if own => Whose::Own,
            () if view.permission.created_by == Some(caller.user) => Whose::Given,
            () => Whose::Other,
        },
        wanted,
        of_site_owners: (view.permission.role == Role::Owner
            || matches!(&view.holder, Holder::Group(group) if group.kind == GroupKind::SiteOwners))
            && matches!(view.permission.scope, PermissionScope::Site(_)),
    };
    may_change_permission(&facts).into_result()?;
    Ok((open, view))
}

fn stamp(caller: &Caller, at: Timestamp) -> ItemStamp {
    ItemStamp { at, by: Some(caller.user) }
}

fn at_item(event: model::AuditEvent, permission: &Permission) -> model::AuditEvent {
    match permission.scope {
        PermissionScope::Item { item, .. } => event.item(item),
        PermissionScope::Site(_) => event,
    }
}
