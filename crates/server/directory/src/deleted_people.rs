//! Deleted people: listed, and brought back with their permissions and groups. Their tokens of before stay void.

use model::{Address, User, UserId};
use policy::Administration;
use storage::{Call, Commit};

use crate::authority::require;
use crate::{DirectoryError, event, record};

/// Lists who was deleted, the last ones first.
///
/// # Errors
/// [`DirectoryError::Refused`] to whoever may not manage people.
pub async fn list_deleted_people(call: &Call, most: i64) -> Result<Vec<User>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageGuests)?;
        Ok(scope.users().list_deleted(most)?)
    })
    .await
}

/// Finds somebody who was deleted.
///
/// # Errors
/// As [`list_deleted_people`].
pub async fn find_deleted_person(call: &Call, person: UserId) -> Result<Option<User>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageGuests)?;
        let found = scope.users().find_even_deleted(person)?;
        Ok(found.filter(|person| person.deleted.is_some()))
    })
    .await
}

/// Brings somebody back under the address they had; further aliases were freed and are added anew.
///
/// # Errors
/// [`DirectoryError::Refused`], [`DirectoryError::NotFound`], or [`DirectoryError::Taken`] when their name, address or
/// home account belongs to somebody else by now.
pub async fn restore_person(call: &Call, person: UserId) -> Result<User, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageGuests)?;
        let found = scope.users().find_even_deleted(person)?;
        let found = found.filter(|person| person.deleted.is_some()).ok_or(DirectoryError::NotFound)?;
        let taken_name = scope.users().find_by_principal_name(&found.principal_name)?.is_some();
        let taken_home = match found.home {
            Some(home) => scope.users().find_by_home(home)?.is_some(),
            None => false,
        };
        // A guest's sign-in name is made up; their address is where mail goes.
        let address = found.mail.as_deref().unwrap_or(&found.principal_name).parse::<Address>()?;
        let taken_address = scope.users().find_by_address(&address)?.is_some();
        if taken_name || taken_home || taken_address {
            return Err(DirectoryError::Taken);
        }
        scope.users().restore(person, &address)?;
        let proof = record(scope, &runtime, &[event(&runtime, actor, "Restore user").target(person)])?;
        Ok(Commit::new(User { deleted: None, ..found }, proof))
    })
    .await
}
