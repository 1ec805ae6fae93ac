//! Personal drives: the library of a site that belongs to one member. It is made when its person first asks for it, and is
//! a site for all rules of sharing, under the organization's level for personal drives (B05, B06).

use directory::{event, record};
use model::{
    Caller, Drive, Permission, PermissionId, PermissionScope, Principal, Role, SharingLevel, Site, SiteId,
    User, UserId, UserKind,
};
use runtime::Runtime;
use storage::{Call, Commit, Scope, StorageError, Unaudited, Writing};

use crate::access::drive_access;
use crate::sites::{FIRST_LIBRARY, add_library};

/// Own level of a new personal drive (L-12); what is in effect is never looser than the organization's.
const SHARING: SharingLevel = SharingLevel::Anyone;

/// Returns the caller's personal drive, made now if there was none; none for somebody who is not a member.
///
/// # Errors
/// A storage error.
pub async fn own_drive(call: &Call, caller: Caller) -> Result<Option<Drive>, StorageError> {
    if caller.kind != UserKind::Member {
        return Ok(None);
    }
    let known = call.read(move |scope| library_of(scope, caller.user)).await?;
    if known.is_some() {
        return Ok(known);
    }
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        // Two first requests may meet; the second finds what the first made.
        let known = library_of(scope, caller.user)?;
        let person = scope.users().find(caller.user)?.filter(|person| person.kind == UserKind::Member);
        let (None, Some(person)) = (&known, person) else {
            return Ok(Commit::unaudited(known, Unaudited::NothingChanged));
        };
        let library = create(scope, &runtime, &person)?;
        let done = event(&runtime, model::Actor::Person(person.id), "SiteCollectionCreated");
        let proof = record(scope, &runtime, &[done.site(library.site).target(person.id)])?;
        Ok(Commit::new(Some(library), proof))
    })
    .await
}

/// Finds somebody's personal drive; none when there is none yet or it is not open to the caller as a whole.
///
/// # Errors
/// A storage error.
pub async fn drive_of(call: &Call, caller: Caller, person: UserId) -> Result<Option<Drive>, StorageError> {
    if person == caller.user {
        return own_drive(call, caller).await;
    }
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let Some(drive) = library_of(scope, person)? else { return Ok(None) };
        let open = drive_access(scope, &caller, now, drive.id)?;
        Ok(open.filter(|open| open.root_role().is_some()).map(|open| open.drive))
    })
    .await
}

fn library_of<M>(scope: &mut Scope<'_, M>, person: UserId) -> Result<Option<Drive>, StorageError> {
    let Some(site) = scope.sites().find_personal(person)? else { return Ok(None) };
    Ok(scope.drives().list_of_site(site.id)?.into_iter().next())
}

fn create(scope: &mut Scope<'_, Writing>, runtime: &Runtime, person: &User) -> Result<Drive, StorageError> {
    let site = Site {
        id: SiteId::from_random(runtime.random()),
        tenant: person.tenant,
        // No name that people give to a site has this sign.
        name: format!("~{}", person.id),
        display_name: person.display_name.clone(),
        sharing: SHARING,
        created_by: Some(person.id),
        created: runtime.now(),
        deleted: None,
        personal_of: Some(person.id),
    };
    scope.sites().create(&site)?;
    scope.permissions().create(&Permission {
        id: PermissionId::from_random(runtime.random()),
        tenant: person.tenant,
        scope: PermissionScope::Site(site.id),
        principal: Principal::User(person.id),
        role: Role::Owner,
        link: None,
        created_by: Some(person.id),
        created: site.created,
        expires: None,
        revoked: None,
    })?;
    add_library(scope, runtime, &site, FIRST_LIBRARY)
}
