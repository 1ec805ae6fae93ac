//! Adding an alias: one more address by which a member is known (A11).

use model::{Address, UserId, UserKind};
use policy::Administration;
use storage::{Call, Commit};

use crate::authority::require;
use crate::{DirectoryError, event, record};

/// Makes a member known by one more address of the organization's domains.
///
/// # Errors
/// [`DirectoryError::Refused`], [`DirectoryError::ForeignDomain`], [`DirectoryError::Taken`], or
/// [`DirectoryError::NotFound`].
pub async fn add_alias(call: &Call, member: UserId, alias: Address) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let person = scope.users().find(member)?.filter(|person| person.kind == UserKind::Member);
        let person = person.ok_or(DirectoryError::NotFound)?;
        if !scope.tenants().list_domains()?.contains(&alias.domain()) {
            return Err(DirectoryError::ForeignDomain);
        }
        scope.users().add_address(person.id, &alias).map_err(DirectoryError::taken)?;
        let done = event(&runtime, actor, "Update user").target(member).detail("Change", "AddressAdded");
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}
