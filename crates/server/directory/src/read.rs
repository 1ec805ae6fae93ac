//! Reading the directory. Members see people and groups; a guest sees their own object alone.

use model::{Actor, DirectoryRole, Group, GroupId, User, UserId};
use policy::{Administration, may_administer};
use storage::{Call, Scope};

use crate::authority::require;
use crate::group_sight::may_know_of;
use crate::{DirectoryError, authority_of};

/// A person with what the directory keeps beside the object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonDetails {
    /// The object.
    pub user: User,
    /// Every address they are known by, in lower case.
    pub addresses: Vec<String>,
    /// Administrative roles.
    pub roles: Vec<DirectoryRole>,
}

/// How a person is named by a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonName {
    /// By id.
    Id(UserId),
    /// By sign-in name.
    PrincipalName(String),
}

/// Finds a person; none when there is none or the caller may not see them.
///
/// # Errors
/// A storage error.
pub async fn find_person(call: &Call, name: PersonName) -> Result<Option<PersonDetails>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        let found = match name {
            PersonName::Id(id) => scope.users().find(id)?,
            PersonName::PrincipalName(name) => scope.users().find_by_principal_name(&name)?,
        };
        let Some(user) = found else { return Ok(None) };
        let reads = may_administer(&authority_of(scope, actor)?, Administration::ReadDirectory).allows();
        if !reads && actor != Actor::Person(user.id) {
            return Ok(None);
        }
        details(scope, user).map(Some)
    })
    .await
}

/// Lists people by sign-in name, after the given one.
///
/// # Errors
/// [`DirectoryError::Refused`] to a guest, and to a program without the permission.
pub async fn list_people(call: &Call, after: Option<String>, most: i64) -> Result<Vec<User>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ReadDirectory)?;
        Ok(scope.users().list(after.as_deref(), most)?)
    })
    .await
}

/// Lists the groups that the caller may know of, by name.
///
/// # Errors
/// [`DirectoryError::Refused`] to a guest, and to a program without the permission.
pub async fn list_groups(call: &Call) -> Result<Vec<Group>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ReadGroups)?;
        let mut known = Vec::new();
        for group in scope.groups().list()? {
            if may_know_of(scope, actor, &group)? {
                known.push(group);
            }
        }
        Ok(known)
    })
    .await
}

/// Finds a group with its members; none when there is none or the caller may not see it.
///
/// # Errors
/// A storage error.
pub async fn find_group(call: &Call, group: GroupId) -> Result<Option<(Group, Vec<User>)>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        let Some(group) = scope.groups().find(group)? else { return Ok(None) };
        if !may_know_of(scope, actor, &group)? {
            return Ok(None);
        }
        let members = scope.groups().list_members(group.id)?;
        Ok(Some((group, members)))
    })
    .await
}

fn details<M>(scope: &mut Scope<'_, M>, user: User) -> Result<PersonDetails, DirectoryError> {
    let addresses = scope.users().list_addresses(user.id)?;
    let roles = scope.roles().list_of(user.id)?;
    Ok(PersonDetails { user, addresses, roles })
}
