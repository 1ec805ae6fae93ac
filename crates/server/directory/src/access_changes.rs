//! Access changes: whoever syncs a drive learns that who may do what in it has changed.

use std::collections::BTreeSet;

use model::{DriveId, ItemId, ItemStamp, Permission, PermissionScope, SiteId};
use storage::{ChangeStamp, Scope, StorageError, Writing};

/// Logs a change of access at every place of these permissions, in the drives' sequences.
///
/// # Errors
/// A storage error.
pub fn log_access_changes(
    scope: &mut Scope<'_, Writing>,
    permissions: &[Permission],
    stamp: ItemStamp,
) -> Result<(), StorageError> {
    let mut places: BTreeSet<(DriveId, ItemId)> = BTreeSet::new();
    for permission in permissions {
        match permission.scope {
            PermissionScope::Item { drive, item, .. } => {
                places.insert((drive, item));
            }
            PermissionScope::Site(site) => {
                let drives = scope.drives().list_of_site(site)?;
                places.extend(drives.iter().map(|drive| (drive.id, drive.root)));
            }
        }
    }
    log_at(scope, places, stamp)
}

/// Logs that everybody's access to a site has changed, in the sequence of each of its drives: who syncs looks anew.
///
/// # Errors
/// A storage error.
pub fn log_site_change(
    scope: &mut Scope<'_, Writing>,
    site: SiteId,
    stamp: ItemStamp,
) -> Result<(), StorageError> {
    let drives = scope.drives().list_of_site(site)?;
    log_at(scope, drives.iter().map(|drive| (drive.id, drive.root)).collect(), stamp)
}

fn log_at(
    scope: &mut Scope<'_, Writing>,
    places: BTreeSet<(DriveId, ItemId)>,
    stamp: ItemStamp,
) -> Result<(), StorageError> {
    let by = ChangeStamp { stamp, operation: None };
    for (drive, item) in places {
        scope.change_drive(drive, |changes| changes.log_access(item, &by))?;
    }
    Ok(())
}
