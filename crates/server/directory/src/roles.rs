//! Giving an administrative role (A01).

use model::{DirectoryRole, UserId};
use policy::Administration;
use storage::{Call, Commit};

use crate::authority::require;
use crate::{DirectoryError, event, record};

/// Gives a person a role.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::NotFound`].
pub async fn assign_role(call: &Call, person: UserId, role: DirectoryRole) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if scope.users().find(person)?.is_none() {
            return Err(DirectoryError::NotFound);
        }
        scope.roles().create(person, role)?;
        let done = event(&runtime, actor, "Add member to role").target(person);
        let proof = record(scope, &runtime, &[done.detail("Role", format!("{role:?}"))])?;
        Ok(Commit::new((), proof))
    })
    .await
}
