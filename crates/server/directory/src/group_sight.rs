//! Which groups a person may know of. A site's groups carry the site's name, so that they are as hidden as the site.

use model::{Actor, Group};
use policy::{Administration, may_administer};
use storage::{Held, Scope, StorageError};

use crate::authority_of;

/// Returns whether the actor may know of a group: members know of security groups; a site's groups are known to those
/// who hold anything in the site, and to administrators of sites. A program needs the permissions for both.
pub(crate) fn may_know_of<M>(
    scope: &mut Scope<'_, M>,
    actor: Actor,
    group: &Group,
) -> Result<bool, StorageError> {
    let authority = authority_of(scope, actor)?;
    if !may_administer(&authority, Administration::ReadGroups).allows() {
        return Ok(false);
    }
    let Some(site) = group.site else { return Ok(true) };
    if may_administer(&authority, Administration::ListEverySite).allows() {
        return Ok(true);
    }
    let person = match actor {
        Actor::Person(person) => person,
        Actor::Application(_) => return Ok(false),
        Actor::Operator | Actor::System(_) => return Ok(true),
    };
    Ok(!scope.permissions().list_held_by(person, Some(site), Held::Now)?.is_empty())
}
