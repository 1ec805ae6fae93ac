//! Leaving: a guest ends their own account in an organization (sharing-and-guests.md 4.8). It is deleted as an administrator
//! would delete it, and gone for good after the same time.

use model::{Actor, UserKind};
use storage::{Call, Commit};

use crate::{DirectoryError, acting_person, event, record};

/// Ends the acting guest's account in the context's organization. Every token of it is void at once.
///
/// # Errors
/// [`DirectoryError::NotFound`] when the actor is no guest here.
pub async fn leave_organization(call: &Call) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        let person = acting_person(actor).ok_or(DirectoryError::NotFound)?;
        let found = scope.users().find(person)?.filter(|person| person.kind == UserKind::Guest);
        let guest = found.ok_or(DirectoryError::NotFound)?;
        scope.users().delete(guest.id, runtime.now())?;
        let done = event(&runtime, Actor::Person(guest.id), "Leave organization").target(guest.id);
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}
