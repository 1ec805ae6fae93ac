//! Blocking and allowing a person's sign-in to this organization; their object and permissions stay.

use model::UserId;
use policy::Administration;
use storage::{Call, Commit, SignIn};

use crate::authority::require;
use crate::{DirectoryError, event, record};

/// Allows or blocks a person's sign-in to this tenant.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::NotFound`].
pub async fn set_sign_in(call: &Call, person: UserId, sign_in: SignIn) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageGuests)?;
        if scope.users().find(person)?.is_none() {
            return Err(DirectoryError::NotFound);
        }
        scope.users().update_sign_in(person, sign_in, runtime.now())?;
        let operation = match sign_in {
            SignIn::Allowed => "Enable account",
            SignIn::Blocked => "Disable account",
        };
        let proof = record(scope, &runtime, &[event(&runtime, actor, operation).target(person)])?;
        Ok(Commit::new((), proof))
    })
    .await
}
