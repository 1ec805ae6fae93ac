//! What a person may see and do in a drive, and at items of it.

use std::collections::{BTreeMap, BTreeSet};

use model::{Caller, Drive, DriveId, ItemId, Role, SharingLevel, Site, Timestamp};
use policy::may_open;
use storage::{Held, Scope, StorageError};

use super::facts::{Grants, level_of, open_facts};

/// Which parts of a drive a person may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Roots {
    /// All of it.
    Drive,
    /// These items and what is beneath them. One may lie beneath another; one may be in the recycle bin.
    Items(BTreeSet<ItemId>),
}

/// What a person may do at an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The best role at the item.
    pub role: Role,
    /// Which parts of the item's drive the person may see.
    pub roots: Roots,
}

/// What a person may do in a drive. Exists only for somebody who may open the drive or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveAccess {
    /// The drive.
    pub drive: Drive,
    /// Its site.
    pub site: Site,
    /// The sharing level in effect.
    pub level: SharingLevel,
    whole: Option<Role>,
    items: BTreeMap<ItemId, Role>,
}

impl DriveAccess {
    /// Returns the role at the drive's root; none when only parts are open.
    #[must_use]
    pub fn root_role(&self) -> Option<Role> {
        self.whole
    }

    /// Returns the best role the person has anywhere in the drive.
    #[must_use]
    pub fn best_role(&self) -> Option<Role> {
        self.items.values().copied().max().max(self.whole)
    }

    /// Returns which parts the person may see.
    #[must_use]
    pub fn roots(&self) -> Roots {
        if self.whole.is_some() { Roots::Drive } else { Roots::Items(self.items.keys().copied().collect()) }
    }

    /// Returns the role at an item, given the item and all folders above it up to the root.
    #[must_use]
    pub fn role_along(&self, chain: &[ItemId]) -> Option<Role> {
        chain.iter().filter_map(|item| self.items.get(item)).copied().max().max(self.whole)
    }

    /// Returns what the person may do at an item, given the item and all folders above it up to the root.
    #[must_use]
    pub fn access_along(&self, chain: &[ItemId]) -> Option<Access> {
        self.role_along(chain).map(|role| Access { role, roots: self.roots() })
    }
}

/// Decides what a person may do in a drive: two queries. None means the drive is hidden from them.
///
/// # Errors
/// A storage error.
pub fn drive_access<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    drive: DriveId,
) -> Result<Option<DriveAccess>, StorageError> {
    if caller.tenant != scope.tenant() {
        return Ok(None);
    }
    let Some((drive, found)) = scope.sites().find_drive_with_person(drive, caller.user)? else {
        return Ok(None);
    };
    let held = scope.permissions().list_held_by(caller.user, Some(found.site.id), Held::Now)?;
    let grants = Grants::of(&held, now);
    let here = grants.items.iter().filter(|((of, _), _)| *of == drive.id);
    let mut items: BTreeMap<ItemId, Role> = here.map(|((_, item), role)| (*item, *role)).collect();
    let whole = items.remove(&drive.root).max(grants.site);
    let best = items.values().copied().max().max(whole);
    if !may_open(&open_facts(&found, caller.home, best, &grants)).allows() || best.is_none() {
        return Ok(None);
    }
    Ok(Some(DriveAccess { level: level_of(&found), site: found.site, drive, whole, items }))
}

/// Decides what a person may do at an item of a drive, in three queries. None means hidden; an item of another drive
/// is hidden too.
///
/// # Errors
/// A storage error.
pub fn item_access<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    drive: DriveId,
    item: ItemId,
) -> Result<Option<Access>, StorageError> {
    Ok(items_access(scope, caller, now, drive, &[item])?.remove(&item))
}

/// Decides for many items of one drive at once. What is missing in the answer is hidden.
///
/// # Errors
/// A storage error.
pub fn items_access<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    drive: DriveId,
    items: &[ItemId],
) -> Result<BTreeMap<ItemId, Access>, StorageError> {
    let Some(open) = drive_access(scope, caller, now, drive)? else { return Ok(BTreeMap::new()) };
    let chains = scope.permissions().list_chains(drive, items)?;
    let known = chains.iter().filter_map(|(item, chain)| Some((*item, open.access_along(chain)?)));
    Ok(known.collect())
}
