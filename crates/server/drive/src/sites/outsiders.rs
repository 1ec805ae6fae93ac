//! Whether people from outside reach anything in a site, so that it can say so to everybody in it (B14).

use directory::widest_level;
use model::{LinkKind, Site, Timestamp};
use policy::{admits_anyone_links, effective_level};
use storage::{Scope, StorageError};

/// Returns whether a guest holds a permission in the site, or a link opens something of it to people from outside.
pub(crate) fn is_open_to_outsiders<M>(
    scope: &mut Scope<'_, M>,
    site: &Site,
    now: Timestamp,
) -> Result<bool, StorageError> {
    if scope.permissions().has_guest_in_site(site.id)? {
        return Ok(true);
    }
    let tenant = scope.tenants().load()?;
    let widest = widest_level(site, tenant.site_sharing, tenant.personal_sharing);
    let level = effective_level(widest, site.sharing);
    let kinds = scope.links().list_outward_kinds(site.id, now)?;
    Ok(kinds.iter().any(|kind| *kind != LinkKind::Anyone || admits_anyone_links(level)))
}
