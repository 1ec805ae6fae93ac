//! Security groups as a provisioning service keeps them (X09): their name, and the members among their people. Guests in a
//! group are neither shown nor moved.

use std::collections::BTreeSet;

use model::{Group, GroupId, GroupKind, GroupRecord, ItemStamp, User, UserId, UserKind};
use runtime::Runtime;
use storage::{Call, Commit, Scope, StorageError, Writing};

use crate::error::check_text;
use crate::{DirectoryError, event, log_access_changes, record};

/// A group as a provisioning service sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionedGroup {
    /// The group.
    pub group: Group,
    /// The members of the organization in it.
    pub members: Vec<User>,
    /// What the service keeps of it.
    pub record: GroupRecord,
}

/// What a group shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedGroup {
    /// Its name.
    pub display_name: String,
    /// The service's own name for it.
    pub external_id: Option<String>,
    /// The members of the organization in it.
    pub members: BTreeSet<UserId>,
}

/// Lists the groups.
///
/// # Errors
/// A storage error.
pub async fn list_provisioned_groups(call: &Call) -> Result<Vec<ProvisionedGroup>, DirectoryError> {
    call.read(|scope| {
        let mut seen = Vec::new();
        for group in scope.groups().list()? {
            seen.extend(look(scope, group)?);
        }
        Ok(seen)
    })
    .await
}

/// Finds a group.
///
/// # Errors
/// A storage error.
pub async fn find_provisioned_group(
    call: &Call,
    group: GroupId,
) -> Result<Option<ProvisionedGroup>, DirectoryError> {
    call.read(move |scope| find(scope, group)).await
}

/// Makes a security group.
///
/// # Errors
/// [`DirectoryError::Text`], or [`DirectoryError::Member`] for somebody who is no member of the organization.
pub async fn provision_group(call: &Call, wanted: WantedGroup) -> Result<ProvisionedGroup, DirectoryError> {
    let (runtime, actor, tenant) = (call.store().runtime().clone(), call.actor(), call.tenant());
    call.write(move |scope| {
        let group = Group {
            id: GroupId::from_random(runtime.random()),
            tenant,
            kind: GroupKind::Security,
            display_name: check_text("the name", &wanted.display_name)?,
            site: None,
            created: runtime.now(),
        };
        scope.groups().create(&group)?;
        let id = group.id;
        let made = event(&runtime, actor, "Add group").detail("Group", id.to_string());
        let before = ProvisionedGroup { record: empty(&group), group, members: Vec::new() };
        move_members(scope, &runtime, &before, &wanted.members)?;
        keep_record(scope, &runtime, id, wanted.external_id)?;
        let proof = record(scope, &runtime, &[made])?;
        Ok(Commit::new(find(scope, id)?.ok_or(DirectoryError::NotFound)?, proof))
    })
    .await
}

/// Changes a group in one step: `change` is given what it is and says what it shall be.
///
/// # Errors
/// The error of `change`; [`DirectoryError::NotFound`]; otherwise as [`provision_group`].
pub async fn change_provisioned_group<E>(
    call: &Call,
    group: GroupId,
    change: impl FnOnce(&ProvisionedGroup) -> Result<WantedGroup, E> + Send + 'static,
) -> Result<ProvisionedGroup, E>
where
    E: From<DirectoryError> + From<StorageError> + Send + 'static,
{
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        let before = find(scope, group)?.ok_or(DirectoryError::NotFound)?;
        let wanted = change(&before)?;
        let display_name = check_text("the name", &wanted.display_name)?;
        if display_name != before.group.display_name {
            scope.groups().rename(group, &display_name)?;
        }
        let moved = move_members(scope, &runtime, &before, &wanted.members)?;
        keep_record(scope, &runtime, group, wanted.external_id)?;
        let mut done = vec![event(&runtime, actor, "Update group").detail("Group", group.to_string())];
        for (person, operation) in moved {
            done.push(event(&runtime, actor, operation).target(person).detail("Group", group.to_string()));
        }
        let proof = record(scope, &runtime, &done)?;
        Ok(Commit::new(find(scope, group)?.ok_or(DirectoryError::NotFound)?, proof))
    })
    .await
}

/// Takes the members of the organization out of a group and hides it from provisioning. The group itself stays, because
/// policies and permissions may name it; it gives nothing to anybody but guests who were put in by hand.
///
/// # Errors
/// [`DirectoryError::NotFound`].
pub async fn deprovision_group(call: &Call, group: GroupId) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        let before = find(scope, group)?.ok_or(DirectoryError::NotFound)?;
        move_members(scope, &runtime, &before, &BTreeSet::new())?;
        let now = runtime.now();
        let gone = GroupRecord { modified: now, deleted: Some(now), ..before.record };
        scope.provisioning().put_group(&gone)?;
        let done = event(&runtime, actor, "Delete group").detail("Group", group.to_string());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}

/// Moves members in and out, and has everybody who syncs look anew at what the group gives. Returns who moved.
fn move_members(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    before: &ProvisionedGroup,
    wanted: &BTreeSet<UserId>,
) -> Result<Vec<(UserId, &'static str)>, DirectoryError> {
    let (group, now) = (before.group.id, runtime.now());
    let present: BTreeSet<UserId> = before.members.iter().map(|user| user.id).collect();
    let mut moved = Vec::new();
    for person in wanted.difference(&present) {
        let member = scope.users().find(*person)?.is_some_and(|user| user.kind == UserKind::Member);
        if !member {
            return Err(DirectoryError::Member);
        }
        scope.groups().add_member(group, *person, now)?;
        moved.push((*person, "Add member to group"));
    }
    for person in present.difference(wanted) {
        scope.groups().remove_member(group, *person)?;
        moved.push((*person, "Remove member from group"));
    }
    if !moved.is_empty() {
        let held = scope.permissions().list_of_group(group)?;
        log_access_changes(scope, &held, ItemStamp { at: now, by: None })?;
    }
    Ok(moved)
}

fn keep_record(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    group: GroupId,
    external_id: Option<String>,
) -> Result<(), DirectoryError> {
    let fits = |text: &String| text.chars().count() <= 256 && !text.chars().any(char::is_control);
    if external_id.as_ref().is_some_and(|text| !fits(text)) {
        return Err(DirectoryError::Text("externalId"));
    }
    let record = GroupRecord { group, external_id, modified: runtime.now(), deleted: None };
    Ok(scope.provisioning().put_group(&record)?)
}

fn find<M>(scope: &mut Scope<'_, M>, group: GroupId) -> Result<Option<ProvisionedGroup>, DirectoryError> {
    match scope.groups().find(group)? {
        Some(group) => look(scope, group),
        None => Ok(None),
    }
}

fn look<M>(scope: &mut Scope<'_, M>, group: Group) -> Result<Option<ProvisionedGroup>, DirectoryError> {
    if group.kind != GroupKind::Security {
        return Ok(None);
    }
    let record = scope.provisioning().find_group(group.id)?.unwrap_or_else(|| empty(&group));
    if record.deleted.is_some() {
        return Ok(None);
    }
    let mut members = scope.groups().list_members(group.id)?;
    members.retain(|user| user.kind == UserKind::Member);
    Ok(Some(ProvisionedGroup { group, members, record }))
}

fn empty(group: &Group) -> GroupRecord {
    GroupRecord { group: group.id, external_id: None, modified: group.created, deleted: None }
}
