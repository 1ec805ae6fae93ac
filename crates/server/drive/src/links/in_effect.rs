//! A link as it is worth now: an anyone link under the caps of the organization and the site (N-1, N-2). What is stored
//! stays as it was made, so that a cap that is loosened gives back what it took.

use model::{ItemKind, Link, LinkKind};
use policy::{anyone_link_caps, link_end, link_role};
use storage::{Scope, StorageError};

/// Returns a link with the role and end that are in effect.
pub(super) fn in_effect<M>(
    scope: &mut Scope<'_, M>,
    link: Link,
    opens: ItemKind,
) -> Result<Link, StorageError> {
    if link.kind != LinkKind::Anyone {
        return Ok(link);
    }
    let organization = scope.sharing_policies().load()?;
    let site = scope.sharing_policies().load_of_site(link.scope.site())?;
    let caps = anyone_link_caps(&organization, &site);
    Ok(Link {
        role: link_role(link.kind, link.role, opens, &caps),
        expires: link_end(link.kind, link.created, link.expires, &caps),
        ..link
    })
}
