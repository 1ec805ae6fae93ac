//! What a person may do at a site, and whether any part of it is open to them.

use model::{Caller, Role, SharingLevel, Site, SiteId, Timestamp};
use policy::may_open;
use storage::{Held, Scope, StorageError};

use super::facts::{Grants, level_of, open_facts};

/// What a person may do at a site. Exists only for somebody who may open the site or something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAccess {
    /// The site.
    pub site: Site,
    /// The sharing level in effect.
    pub level: SharingLevel,
    /// The role at the site itself; none when only a library, folder or file of it is open.
    pub role: Option<Role>,
}

/// Decides what a person may do at a site. None means it is hidden from them.
///
/// # Errors
/// A storage error.
pub fn site_access<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    site: SiteId,
) -> Result<Option<SiteAccess>, StorageError> {
    if caller.tenant != scope.tenant() {
        return Ok(None);
    }
    let Some(found) = scope.sites().find_with_person(site, caller.user)? else { return Ok(None) };
    let held = scope.permissions().list_held_by(caller.user, Some(site), Held::Now)?;
    let grants = Grants::of(&held, now);
    if !may_open(&open_facts(&found, caller.home, grants.best(), &grants)).allows() {
        return Ok(None);
    }
    Ok(Some(SiteAccess { level: level_of(&found), role: grants.site, site: found.site }))
}
