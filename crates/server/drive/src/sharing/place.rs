//! Place: what is shared — a site, or an item of a library — and how the caller stands to it.

use model::{Caller, DriveId, ItemId, LockState, PermissionScope, Role, SharingLevel, SiteId, Timestamp};
use storage::{Scope, StorageError};

use super::overview::manages_access;
use crate::access::{drive_access, site_access};
use crate::sites::WebAddress;

/// What is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A site.
    Site(SiteId),
    /// A library (its root), folder or file.
    Item {
        /// The library.
        drive: DriveId,
        /// The item.
        item: ItemId,
    },
}

/// Whether what is given at the site counts at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfSite {
    /// It does.
    Counts,
    /// Inheritance is broken at the place or at a folder above it.
    CutOff,
}

/// A place that is open to the caller.
pub(crate) struct OpenPlace {
    pub(crate) scope: PermissionScope,
    /// The role the caller was given there, whatever the site's lock leaves of it.
    pub(crate) role: Role,
    /// The site's lock: while there is one, nobody gets more access.
    pub(crate) lock: LockState,
    /// The sharing level in effect.
    pub(crate) level: SharingLevel,
    /// Name shown to people.
    pub(crate) name: String,
    /// Where it opens in the browser.
    pub(crate) address: WebAddress,
    /// The item and the folders above it whose permissions count here; empty for a site.
    pub(crate) chain: Vec<ItemId>,
    /// Whether the site's permissions count here.
    pub(super) of_site: OfSite,
}

impl OpenPlace {
    /// Returns whether the caller sees everybody who has access here: owners do, and members who edit.
    pub(crate) fn is_managed_by(&self, caller: &Caller) -> bool {
        manages_access(self.role, caller.kind)
    }
}

impl Place {
    /// Opens the place for the caller; none when it is hidden, does not exist or lies in the recycle bin.
    pub(crate) fn open<M>(
        self,
        scope: &mut Scope<'_, M>,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Option<OpenPlace>, StorageError> {
        match self {
            Self::Site(site) => open_site(scope, caller, now, site),
            Self::Item { drive, item } => open_item(scope, caller, now, drive, item),
        }
    }
}

fn open_site<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    site: SiteId,
) -> Result<Option<OpenPlace>, StorageError> {
    let Some(open) = site_access(scope, caller, now, site)? else { return Ok(None) };
    let Some(role) = open.given else { return Ok(None) };
    let domain = scope.tenants().load()?.initial_domain;
    Ok(Some(OpenPlace {
        scope: PermissionScope::Site(site),
        role,
        lock: open.gate.lock,
        level: open.level,
        address: WebAddress { domain, site: open.site.name, item: None },
        name: open.site.display_name,
        chain: Vec::new(),
        of_site: OfSite::Counts,
    }))
}

fn open_item<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    drive: DriveId,
    item: ItemId,
) -> Result<Option<OpenPlace>, StorageError> {
    let Some(open) = drive_access(scope, caller, now, drive)? else { return Ok(None) };
    let Some(found) = scope.items().find(drive, item)? else { return Ok(None) };
    let mut chain = scope.permissions().list_chains(drive, &[item])?.remove(&item).unwrap_or_default();
    let Some(role) = open.given_along(&chain) else { return Ok(None) };
    let broken = scope.inheritance().list_broken(drive)?;
    let cut = chain.iter().position(|folder| broken.contains(folder));
    if let Some(cut) = cut {
        chain.truncate(cut + 1);
    }
    let domain = scope.tenants().load()?.initial_domain;
    let name = if item == open.drive.root {
        format!("{} - {}", open.site.display_name, open.drive.name)
    } else {
        found.name
    };
    Ok(Some(OpenPlace {
        scope: PermissionScope::Item { site: open.site.id, drive, item },
        role,
        lock: open.gate.lock,
        level: open.level,
        name,
        address: WebAddress { domain, site: open.site.name, item: Some((drive, item)) },
        chain,
        of_site: if cut.is_some() { OfSite::CutOff } else { OfSite::Counts },
    }))
}
