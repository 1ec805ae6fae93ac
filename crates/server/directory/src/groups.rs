//! Groups: making them and changing who is in them. A site's groups are changed by the site's owners as well.

use model::{
    Actor, AuditEvent, Caller, Group, GroupId, GroupKind, HomeAccount, ItemStamp, Road, Role, Timestamp,
    User, UserId, UserKind,
};
use policy::{Administration, Reason, may_change_at};
use runtime::Runtime;
use storage::{Call, Commit, Scope, Unaudited, Writing};

use crate::authority::require;
use crate::error::check_text;
use crate::group_sight::may_know_of;
use crate::{DirectoryError, acting_person, event, log_access_changes, record, site_access};

/// What is done to a group's membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipChange {
    /// The person comes in.
    Add,
    /// The person goes out.
    Remove,
}

/// Makes a security group.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::Text`].
pub async fn create_group(call: &Call, display_name: &str) -> Result<Group, DirectoryError> {
    let (runtime, actor, tenant) = (call.store().runtime().clone(), call.actor(), call.tenant());
    let group = Group {
        id: GroupId::from_random(runtime.random()),
        tenant,
        kind: GroupKind::Security,
        display_name: check_text("the name", display_name)?,
        site: None,
        created: runtime.now(),
    };
    call.write(move |scope| {
        require(scope, actor, Administration::ManageGroups)?;
        scope.groups().create(&group)?;
        let done = event(&runtime, actor, "Add group").detail("Group", group.id.to_string());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(group, proof))
    })
    .await
}

/// Changes who is in a group. Returns whether anything changed. [`join_group`](crate::join_group) greets guests too.
///
/// # Errors
/// [`DirectoryError::Refused`], or [`DirectoryError::NotFound`] when there is no such group or person.
pub async fn change_membership(
    call: &Call,
    group: GroupId,
    person: UserId,
    change: MembershipChange,
) -> Result<bool, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        let Some((_, _, done)) = change_in(scope, &runtime, actor, group, person, change)? else {
            return Ok(Commit::unaudited(false, Unaudited::NothingChanged));
        };
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(true, proof))
    })
    .await
}

/// Changes who is in a group within a change that records it; none when nothing changed.
///
/// # Errors
/// As [`change_membership`].
pub(crate) fn change_in(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    actor: Actor,
    group: GroupId,
    person: UserId,
    change: MembershipChange,
) -> Result<Option<(Group, User, AuditEvent)>, DirectoryError> {
    let group = scope.groups().find(group)?.ok_or(DirectoryError::NotFound)?;
    if let Err(refusal) = require_manager(scope, actor, &group, change, runtime.now()) {
        let known = may_know_of(scope, actor, &group)?;
        return Err(if known { refusal } else { DirectoryError::NotFound });
    }
    let person = scope.users().find(person)?.ok_or(DirectoryError::NotFound)?;
    let changed = match change {
        MembershipChange::Add => scope.groups().add_member(group.id, person.id, runtime.now())?,
        MembershipChange::Remove => remove(scope, &group, person.id)?,
    };
    if !changed {
        return Ok(None);
    }
    let held = scope.permissions().list_of_group(group.id)?;
    let stamp = ItemStamp { at: runtime.now(), by: acting_person(actor) };
    log_access_changes(scope, &held, stamp)?;
    let done = membership_event(event(runtime, actor, operation(&group, change)), &group, person.id);
    Ok(Some((group, person, done)))
}

/// Administrators manage every group; who may open a site as its owner now manages the site's groups; a program manages
/// those it may know of.
fn require_manager(
    scope: &mut Scope<'_, Writing>,
    actor: Actor,
    group: &Group,
    change: MembershipChange,
    now: Timestamp,
) -> Result<(), DirectoryError> {
    if let (Some(site), Some(person)) = (group.site, acting_person(actor))
        && let Some(person) = scope.users().find(person)?
    {
        // The request's token proved the account that the person is bound to.
        let home = person.home.unwrap_or(HomeAccount { tenant: person.tenant, user: person.id });
        // Which road the request came by matters for files, not for who is in a group.
        let road = Road::Page;
        let caller = Caller { tenant: person.tenant, user: person.id, kind: person.kind, home, road };
        let open = site_access(scope, &caller, now, site)?.filter(|open| open.given == Some(Role::Owner));
        if let Some(open) = open {
            // Out of a group somebody is taken always; into one of a locked site nobody is put.
            return match change {
                MembershipChange::Add => Ok(may_change_at(open.gate.lock).into_result()?),
                MembershipChange::Remove => Ok(()),
            };
        }
    }
    if matches!(actor, Actor::Application(_)) && !may_know_of(scope, actor, group)? {
        return Err(DirectoryError::NotFound);
    }
    require(scope, actor, Administration::ManageGroups)
}

fn remove(scope: &mut Scope<'_, Writing>, group: &Group, person: UserId) -> Result<bool, DirectoryError> {
    if group.kind == GroupKind::SiteOwners {
        let members = scope.groups().list_members(group.id)?;
        let (leaving, staying): (Vec<_>, Vec<_>) = members.iter().partition(|member| member.id == person);
        let is_member = |owner: &&User| owner.kind == UserKind::Member;
        // A guest can be shut out at any time, so that a site must keep an owner of the organization itself.
        let loses_last = leaving.iter().any(is_member) && !staying.iter().any(is_member);
        if loses_last || staying.is_empty() {
            return Err(Reason::LastOwner.into());
        }
    }
    Ok(scope.groups().remove_member(group.id, person)?)
}

fn operation(group: &Group, change: MembershipChange) -> &'static str {
    match (group.site.is_some(), change) {
        (true, MembershipChange::Add) => "AddedToGroup",
        (true, MembershipChange::Remove) => "RemovedFromGroup",
        (false, MembershipChange::Add) => "Add member to group",
        (false, MembershipChange::Remove) => "Remove member from group",
    }
}

fn membership_event(event: AuditEvent, group: &Group, person: UserId) -> AuditEvent {
    let event = event.target(person).detail("Group", group.id.to_string());
    match group.site {
        Some(site) => event.site(site),
        None => event,
    }
}
