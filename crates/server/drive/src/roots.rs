//! Roots: what a sync root is called and belongs to, and the record of who was told about it.

use directory::Ticket;
use model::{Caller, DriveId, ItemId, ItemKind, Role, Timestamp};
use policy::{Opened, Reason, may_sync_what};
use runtime::Runtime;
use storage::{Call, Commit, StorageError, Unaudited};
use transfer::{ChunkKey, ItemRole, RootInfo};

use crate::access::Roots;
use crate::links::{LinkAddress, LinkError, redeem, shape_of};
use crate::sites::WebAddress;
use crate::{ItemError, Sight};

/// Describes a root to somebody who may open it, and records that they have it.
///
/// `origin` is the cloud's public origin, from which the root's address is made.
///
/// # Errors
/// [`ItemError::NotFound`] when it is hidden, [`ItemError::NoSync`] for a file (B04).
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
            syncable(seen.item.kind, Opened::SignedIn)?;
            let tenant = scope.tenants().load()?;
            let (site, drive) = (&sight.access().site, sight.drive());
            let whole = seen.item.id == drive.root;
            let address = WebAddress {
                domain: tenant.initial_domain.clone(),
                site: site.name.clone(),
                item: (!whole).then_some((drive.id, seen.item.id)),
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
                web_url: address.url(&origin),
            })
        })
        .await?;
    record_root(call, caller, drive, item, now).await?;
    Ok(info)
}

/// Decides whether an item can be a sync root by what it is and how it was opened.
fn syncable(kind: ItemKind, opened: Opened) -> Result<(), ItemError> {
    may_sync_what(shape_of(kind), opened).into_result().map_err(ItemError::NoSync)
}

/// Finds the drive and folder an address means. A site's address means its first library, or the one folder of it that
/// is open to the caller. A sharing link is opened by asking.
///
/// # Errors
/// [`ItemError::NotFound`] when it is of another organization or leads nowhere the caller may see,
/// [`ItemError::NoSync`] when what it opens cannot be synced (B04).
pub async fn resolve(
    call: &Call,
    caller: Caller,
    runtime: &Runtime,
    origin: &str,
    address: &str,
) -> Result<(DriveId, ItemId), ItemError> {
    if let Some(LinkAddress(ticket)) = LinkAddress::parse(origin, address.trim()) {
        return resolve_link(call, caller, ticket).await;
    }
    let address = WebAddress::parse(origin, address.trim()).ok_or(ItemError::NotFound)?;
    let now = runtime.now();
    call.read(move |scope| {
        if !scope.tenants().list_domains()?.contains(&address.domain) {
            return Err(ItemError::NotFound);
        }
        let site = scope.sites().find_by_name(&address.site)?.ok_or(ItemError::NotFound)?;
        if let Some((drive, item)) = address.item {
            let sight = Sight::open(scope, &caller, now, drive)?;
            sight.item(scope, item)?;
            return if sight.access().site.id == site.id {
                Ok((drive, item))
            } else {
                Err(ItemError::NotFound)
            };
        }
        let drives = scope.drives().list_of_site(site.id)?;
        let drive = drives.into_iter().next().ok_or(ItemError::NotFound)?;
        let sight = Sight::open(scope, &caller, now, drive.id)?;
        match sight.access().roots() {
            Roots::Drive => Ok((drive.id, drive.root)),
            Roots::Items(items) => {
                let (mut open, mut files) = (Vec::new(), false);
                for item in items {
                    match sight.item(scope, item) {
                        Ok(seen) if seen.above.is_empty() && seen.require_folder().is_ok() => open.push(item),
                        Ok(seen) => files |= seen.above.is_empty(),
                        Err(ItemError::NotFound) => {}
                        Err(error) => return Err(error),
                    }
                }
                match open.as_slice() {
                    [only] => Ok((drive.id, *only)),
                    [] if files => Err(ItemError::NoSync(Reason::SingleFile)),
                    _ => Err(ItemError::NotFound),
                }
            }
        }
    })
    .await
}

/// Opens a link and finds what it leads to. A link that needs no sign-in is used for the question alone.
async fn resolve_link(call: &Call, caller: Caller, ticket: Ticket) -> Result<(DriveId, ItemId), ItemError> {
    match redeem(call, caller, ticket, None).await {
        Ok(redeemed) => {
            syncable(redeemed.opens, redeemed.opened)?;
            Ok((redeemed.drive, redeemed.item))
        }
        // Whatever the password is: what it guards never syncs.
        Err(LinkError::Refused(Reason::LinkPassword)) => Err(ItemError::NoSync(Reason::SharedWithoutSignIn)),
        Err(LinkError::Refused(reason)) => Err(ItemError::NoSync(reason)),
        Err(LinkError::NotFound) => Err(ItemError::NotFound),
        Err(LinkError::Item(error)) => Err(error),
        Err(LinkError::Storage(error)) => Err(error.into()),
    }
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
