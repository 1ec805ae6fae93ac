//! Who has access to a place, and how. People in charge see everybody; others see what applies to them.

use std::collections::BTreeSet;

use model::{Caller, Group, Permission, PermissionId, PermissionScope, Principal, Timestamp, User};
use storage::{Call, Held, Scope, StorageError};

use super::place::{OfSite, OpenPlace};
use super::{Place, SharingError};

/// Who holds a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A person.
    Person(User),
    /// A group.
    Group(Group),
}

impl Holder {
    /// Returns whom the permission is given to.
    #[must_use]
    pub fn principal(&self) -> Principal {
        match self {
            Self::Person(person) => Principal::User(person.id),
            Self::Group(group) => Principal::Group(group.id),
        }
    }
}

/// A permission with its holder, seen from a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionView {
    /// The permission.
    pub permission: Permission,
    /// Who holds it.
    pub holder: Holder,
    /// Whether it was given further up: at a folder above or at the site.
    pub inherited: bool,
}

/// Lists the permissions that open a place: its own, those of the folders above it, and the site's, up to where
/// inheritance is broken.
///
/// # Errors
/// [`SharingError::NotFound`] when the place is hidden from the caller.
pub async fn list_permissions(
    call: &Call,
    caller: Caller,
    place: Place,
) -> Result<Vec<PermissionView>, SharingError> {
    let now = call.store().runtime().now();
    call.read(move |scope| Ok(views(scope, &caller, now, place)?.1)).await
}

/// Finds one permission of a place; none when the caller may not see it.
///
/// # Errors
/// [`SharingError::NotFound`] when the place is hidden from the caller.
pub async fn find_permission(
    call: &Call,
    caller: Caller,
    place: Place,
    permission: PermissionId,
) -> Result<Option<PermissionView>, SharingError> {
    let listed = list_permissions(call, caller, place).await?;
    Ok(listed.into_iter().find(|view| view.permission.id == permission))
}

/// Opens a place and lists what the caller may see of its permissions.
pub(super) fn views<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    place: Place,
) -> Result<(OpenPlace, Vec<PermissionView>), SharingError> {
    let open = place.open(scope, caller, now)?.ok_or(SharingError::NotFound)?;
    let site = open.scope.site();
    let mut found = given(scope, &open)?;
    // What somebody got by opening a link is shown with the link.
    found.retain(|permission| permission.link.is_none());
    if !open.is_managed_by(caller) {
        let held = scope.permissions().list_held_by(caller.user, Some(site), Held::Now)?;
        let held: BTreeSet<PermissionId> = held.iter().map(|permission| permission.id).collect();
        found.retain(|permission| held.contains(&permission.id));
    }
    let mut views = Vec::with_capacity(found.len());
    for permission in found {
        let inherited = permission.scope != open.scope;
        // A holder who was deleted holds nothing.
        if let Some(holder) = holder(scope, permission.principal)? {
            views.push(PermissionView { permission, holder, inherited });
        }
    }
    views.sort_by_key(|view| (view.inherited, place_order(&view.permission), view.permission.id));
    Ok((open, views))
}

/// Lists the permissions that count at a place, whoever holds them.
pub(super) fn given<M>(scope: &mut Scope<'_, M>, open: &OpenPlace) -> Result<Vec<Permission>, StorageError> {
    let mut given = match open.of_site {
        OfSite::Counts => scope.permissions().list_of_site(open.scope.site())?,
        OfSite::CutOff => Vec::new(),
    };
    given.extend(scope.permissions().list_of_items(&open.chain)?);
    Ok(given)
}

fn place_order(permission: &Permission) -> bool {
    matches!(permission.scope, PermissionScope::Site(_))
}

fn holder<M>(scope: &mut Scope<'_, M>, principal: Principal) -> Result<Option<Holder>, StorageError> {
    match principal {
        Principal::User(user) => Ok(scope.users().find(user)?.map(Holder::Person)),
        Principal::Group(group) => Ok(scope.groups().find(group)?.map(Holder::Group)),
    }
}
