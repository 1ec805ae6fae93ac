//! What a person may see and do in a drive, and at items of it.

use std::collections::{BTreeMap, BTreeSet};

use directory::{Grants, closed_by_gate, level_of, open_facts, person_standing};
use model::{Caller, Drive, DriveId, ItemId, Role, SharingLevel, Site, SiteGate, Timestamp};
use policy::{Reason, may_open};
use storage::{Held, Scope, StorageError};

use super::rights::Rights;

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
    /// What the site as a whole lets happen (2.11).
    pub gate: SiteGate,
    rights: Rights,
}

impl DriveAccess {
    /// Opens one item, and what is beneath it and has no permissions of its own, to whoever uses a link that was judged.
    pub(crate) fn by_link<M>(
        scope: &mut Scope<'_, M>,
        drive: Drive,
        site: Site,
        (level, gate): (SharingLevel, SiteGate),
        at: (ItemId, Role),
    ) -> Result<Self, StorageError> {
        let items = BTreeMap::from([((drive.id, at.0), at.1)]);
        let grants = Grants { items, ..Grants::default() };
        let rights = Rights::of(&grants, &drive, scope.inheritance().list_broken(drive.id)?, gate);
        Ok(Self { drive, site, level, gate, rights })
    }

    /// Returns the role at the drive's root; none when only parts are open.
    #[must_use]
    pub fn root_role(&self) -> Option<Role> {
        self.rights.along(&[self.drive.root])
    }

    /// Returns the best role the person has anywhere in the drive.
    #[must_use]
    pub fn best_role(&self) -> Option<Role> {
        self.rights.best_item().max(self.root_role())
    }

    /// Returns which parts the person may see.
    #[must_use]
    pub fn roots(&self) -> Roots {
        if self.root_role().is_some() {
            Roots::Drive
        } else {
            Roots::Items(self.rights.items().keys().copied().collect())
        }
    }

    /// Returns the role at an item, given the item and all folders above it up to the root.
    #[must_use]
    pub fn role_along(&self, chain: &[ItemId]) -> Option<Role> {
        self.rights.along(chain)
    }

    /// Returns the role that was given at an item, whatever the site's lock leaves of it: who has access is decided by it.
    #[must_use]
    pub fn given_along(&self, chain: &[ItemId]) -> Option<Role> {
        self.rights.given_along(chain)
    }

    /// Returns the role at an item in a folder at which the role is known.
    #[must_use]
    pub fn role_below(&self, parent: Role, child: ItemId) -> Option<Role> {
        self.rights.below(parent, child)
    }

    /// Returns the items with permissions of their own that are hidden from the person, wherever in the drive they are.
    #[must_use]
    pub fn hidden(&self) -> BTreeSet<ItemId> {
        self.rights.broken_below(Role::Read)
    }

    /// Returns the items with permissions of their own that the person may not change.
    #[must_use]
    pub fn unchangeable(&self) -> BTreeSet<ItemId> {
        self.rights.broken_below(Role::Write)
    }

    /// Returns what the person may do at an item, given the item and all folders above it up to the root.
    #[must_use]
    pub fn access_along(&self, chain: &[ItemId]) -> Option<Access> {
        self.role_along(chain).map(|role| Access { role, roots: self.roots() })
    }
}

/// Decides as [`drive_access`], and tells who is kept out by nothing but the site's gate what it is.
///
/// # Errors
/// A storage error.
pub(crate) fn open_drive<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    drive: DriveId,
) -> Result<Result<DriveAccess, Option<Reason>>, StorageError> {
    if caller.tenant != scope.tenant() {
        return Ok(Err(None));
    }
    let Some((drive, found)) = scope.sites().find_drive_with_person(drive, caller.user)? else {
        return Ok(Err(None));
    };
    let held = scope.permissions().list_held_by(caller.user, Some(found.site.id), Held::Now)?;
    let grants = Grants::of(&held, found.stay, now);
    let gate = found.gate;
    let rights = Rights::of(&grants, &drive, scope.inheritance().list_broken(drive.id)?, gate);
    let open = DriveAccess { level: level_of(&found), gate, site: found.site.clone(), drive, rights };
    let best = open.best_role();
    let domains = person_standing(scope, &found)?;
    let facts = open_facts(&found, (caller.home, caller.road), best, &grants, domains);
    if best.is_none() || !may_open(&facts).allows() {
        return Ok(Err(closed_by_gate(&facts)));
    }
    Ok(Ok(open))
}

/// Decides what a person may do in a drive: three queries, and one more for a guest where domains are listed. None means the drive is hidden from them.
///
/// # Errors
/// A storage error.
pub fn drive_access<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    drive: DriveId,
) -> Result<Option<DriveAccess>, StorageError> {
    Ok(open_drive(scope, caller, now, drive)?.ok())
}

/// Decides what a person may do at an item of a drive, in four queries. None means hidden; an item of another drive
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
