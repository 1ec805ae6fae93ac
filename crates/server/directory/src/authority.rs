//! Authority: what somebody is allowed by office, read with every decision.

use model::{Actor, UserKind};
use policy::{Administration, Authority, may_administer};
use storage::{Scope, StorageError};

use crate::DirectoryError;

/// Reads what an actor is allowed by office. Somebody the directory does not know, or has blocked, has no office, and a
/// program that was removed has no permission.
///
/// # Errors
/// A storage error.
pub fn authority_of<M>(scope: &mut Scope<'_, M>, actor: Actor) -> Result<Authority, StorageError> {
    let user = match actor {
        Actor::Person(user) => user,
        Actor::Application(application) => {
            let found = scope.applications().find(application)?;
            let permissions = found.map(|application| application.permissions).unwrap_or_default();
            return Ok(Authority::Application { permissions });
        }
        Actor::Operator | Actor::System(_) => return Ok(Authority::Operator),
    };
    match scope.users().find(user)?.filter(|person| person.enabled) {
        Some(person) => Ok(Authority::Person { kind: person.kind, roles: scope.roles().list_of(user)? }),
        None => Ok(Authority::Person { kind: UserKind::Guest, roles: Vec::new() }),
    }
}

/// Fails unless the actor's office allows it.
pub(crate) fn require<M>(
    scope: &mut Scope<'_, M>,
    actor: Actor,
    what: Administration,
) -> Result<(), DirectoryError> {
    Ok(may_administer(&authority_of(scope, actor)?, what).into_result()?)
}
