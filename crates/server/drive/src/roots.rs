//! Roots: what a sync root is called and belongs to, and the record of who was told about it.

use model::{Caller, DriveId, ItemId, Role, Timestamp};
use runtime::Runtime;
use storage::{Call, Commit, StorageError, Unaudited};
use transfer::{ChunkKey, ItemRole, RootInfo};

use crate::{ItemError, Sight};

/// Describes a root to somebody who may open it, and records that they have it.
///
/// `origin` is the cloud's public origin, from which the root's address is made.
///
/// # Errors
/// [`ItemError::NotFound`] when it is hidden, [`ItemError::NotAFolder`] for a file.
pub async fn load_root(
    call: &Call,
    caller: Caller,
    runtime: &Runtime,
    origin: String,
    drive: DriveId,
    item: ItemId,
) -> Result<RootInfo, ItemError> {
    let now = runtime.now();
    let info = call
        .read(move |scope| -> Result<_, ItemError> {
            let sight = Sight::open(scope, &caller, now, drive)?;
            let seen = sight.item(scope, item)?;
            seen.require_folder()?;
            let tenant = scope.tenants().load()?;
            let (site, drive) = (&sight.access().site, sight.drive());
            let whole = seen.item.id == drive.root;
            let place = format!("{origin}/{}", tenant.initial_domain);
            let web_url = if whole {
                format!("{place}/sites/{}", site.name)
            } else {
                format!("{place}/items/{}/{}", drive.id, seen.item.id)
            };
            Ok(RootInfo {
                tenant: tenant.id.to_string(),
                organization: tenant.display_name,
                initial_domain: tenant.initial_domain,
                site: site.display_name.clone(),
                library: drive.name.clone(),
                folder: (!whole).then(|| seen.item.name.clone()),
                drive: drive.id.to_string(),
                item: seen.item.id.to_string(),
                chunk_key: ChunkKey::from_bytes(tenant.chunk_key),
                epoch: drive.epoch.clone(),
                role: if seen.role >= Role::Write { ItemRole::Write } else { ItemRole::Read },
                web_url,
            })
        })
        .await?;
    record_root(call, caller, drive, item, now).await?;
    Ok(info)
}

/// Finds the drive and folder an address means: a site, a library by its site, or a shared folder.
///
/// # Errors
/// [`ItemError::NotFound`] when it is of another organization or leads nowhere the caller may see.
pub async fn resolve(
    call: &Call,
    caller: Caller,
    runtime: &Runtime,
    origin: String,
    address: String,
) -> Result<(DriveId, ItemId), ItemError> {
    let now = runtime.now();
    call.read(move |scope| {
        let rest = address.trim().strip_prefix(&origin).ok_or(ItemError::NotFound)?;
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
        let (domain, kind, rest) = match parts.as_slice() {
            [domain, kind, rest @ ..] => (*domain, *kind, rest),
            _ => return Err(ItemError::NotFound),
        };
        if !scope.tenants().list_domains()?.iter().any(|own| own.eq_ignore_ascii_case(domain)) {
            return Err(ItemError::NotFound);
        }
        let (drive, item) = match (kind, rest) {
            ("sites", [name, ..]) => {
                let site = scope.sites().find_by_name(name)?.ok_or(ItemError::NotFound)?;
                let drives = scope.drives().list_of_site(site.id)?;
                let drive = drives.into_iter().next().ok_or(ItemError::NotFound)?;
                (drive.id, drive.root)
            }
            ("items", [drive, item]) => {
                let drive = drive.parse().map_err(|_| ItemError::NotFound)?;
                (drive, item.parse().map_err(|_| ItemError::NotFound)?)
            }
            _ => return Err(ItemError::NotFound),
        };
        Sight::open(scope, &caller, now, drive)?.item(scope, item)?;
        Ok((drive, item))
    })
    .await
}

/// Records that a person was told about a root.
pub(crate) async fn record_root(
    call: &Call,
    caller: Caller,
    drive: DriveId,
    item: ItemId,
    now: Timestamp,
) -> Result<(), ItemError> {
    call.write(move |scope| -> Result<_, StorageError> {
        scope.sync_roots().record(drive, item, caller.home, caller.user, now)?;
        Ok(Commit::unaudited((), Unaudited::Housekeeping))
    })
    .await?;
    Ok(())
}
