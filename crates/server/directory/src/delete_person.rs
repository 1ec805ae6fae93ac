//! Deleting a person softly: every token and session of theirs is void at once (A10, sharing-and-guests.md 4.8).

use model::{Actor, UserId};
use policy::{Administration, Reason};
use storage::{Call, Commit};

use crate::authority::require;
use crate::{DirectoryError, event, record};

/// Deletes a guest or member. Their permissions stay stored and stand for nothing.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::NotFound`]. Nobody deletes themselves.
pub async fn delete_person(call: &Call, person: UserId) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageGuests)?;
        if scope.users().find(person)?.is_none() {
            return Err(DirectoryError::NotFound);
        }
        if actor == Actor::Person(person) {
            return Err(Reason::RoleRequired.into());
        }
        scope.users().delete(person, runtime.now())?;
        let proof = record(scope, &runtime, &[event(&runtime, actor, "Delete user").target(person)])?;
        Ok(Commit::new((), proof))
    })
    .await
}
