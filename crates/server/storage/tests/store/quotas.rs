//! Quotas of libraries and of the organization, also when two libraries are written to at once.

use model::{DriveId, ItemContent, ItemId, ItemKind, ItemName, ItemPlace, ItemStamp, SiteId, Timestamp};
use storage::{Call, ChangeStamp, NewDrive, NewItem, StorageError, Store, StoredContent, TenantQuota};

use crate::databases::{on_both_databases, tenant, with_tenant, write};

const SIZE: u64 = 10;

fn now() -> Timestamp {
    "2026-01-02T03:04:05.000006Z".parse().expect("a time")
}

fn stamp() -> ItemStamp {
    ItemStamp { at: now(), by: None }
}

fn drive(seed: u8) -> DriveId {
    DriveId::from_random([seed; 16])
}

fn root(seed: u8) -> ItemId {
    ItemId::from_random([100 + seed; 16])
}

/// Two libraries, and a content of ten bytes.
async fn with_libraries(store: &Store) -> Call {
    let call = with_tenant(store, &tenant("Contoso", 1)).await;
    write(&call, |scope| {
        for seed in [1, 2] {
            scope.drives().create(&NewDrive {
                id: drive(seed),
                site: SiteId::from_random([seed; 16]),
                name: "Documents".to_owned(),
                root: root(seed),
                epoch: "first".to_owned(),
                quota: None,
                stamp: stamp(),
            })?;
        }
        let content = StoredContent { id: [3; 32], size: SIZE, quick_xor: [4; 20], manifest: Vec::new() };
        scope.contents().create(&content, &[], now())
    })
    .await
    .expect("makes libraries");
    call
}

/// Stores one file if it fits, as the product does: asked and written in one transaction.
async fn store_one(call: &Call, library: u8, name: String) -> bool {
    let stored = write(call, move |scope| {
        scope.change_drive(drive(library), |changes| -> Result<bool, StorageError> {
            if changes.room()?.is_some_and(|room| room < SIZE) {
                return Ok(false);
            }
            let new = NewItem {
                id: ItemId::from_random(id_bytes(&name, library)),
                parent: root(library),
                name: ItemName::parse(&name, ItemKind::File, ItemPlace::Folder).expect("a name"),
                kind: ItemKind::File,
                content: Some(ItemContent { id: [3; 32], size: SIZE, quick_xor: [4; 20] }),
                file_created: now(),
                file_modified: now(),
            };
            changes.create_item(new, &ChangeStamp { stamp: stamp(), operation: None })?;
            Ok(true)
        })
    });
    stored.await.expect("judges").expect("the drive")
}

/// Sixteen bytes that differ for every name and library.
fn id_bytes(name: &str, library: u8) -> [u8; 16] {
    let mut bytes = [library; 16];
    for (place, byte) in bytes.iter_mut().zip(name.bytes()) {
        *place = byte ^ library;
    }
    bytes
}

on_both_databases! {
    async fn the_narrower_of_both_limits_says_how_much_fits(store: Store) {
        let call = with_libraries(&store).await;
        let room = || async {
            let found = call.read(|scope| -> Result<_, StorageError> {
                let drive = scope.drives().find(drive(1))?.expect("the drive");
                scope.quotas().room(&drive)
            });
            found.await.expect("reads")
        };
        assert_eq!(room().await, None);
        write(&call, |scope| scope.quotas().update_drive(drive(1), Some(30))).await.expect("sets");
        assert!(store_one(&call, 1, "a".to_owned()).await);
        assert_eq!(room().await, Some(20));
        assert!(store_one(&call, 2, "a".to_owned()).await);
        write(&call, |scope| scope.quotas().update_tenant(Some(25))).await.expect("sets");
        assert_eq!(room().await, Some(5), "what the other library holds counts");
        assert!(!store_one(&call, 1, "b".to_owned()).await);
        write(&call, |scope| scope.quotas().update_tenant(Some(5))).await.expect("sets");
        assert_eq!(room().await, Some(0));
        let whole = call.read(|scope| scope.quotas().load()).await.expect("reads");
        assert_eq!(whole, TenantQuota { quota: Some(5), used: 20 });
        write(&call, |scope| scope.quotas().update_tenant(None)).await.expect("sets");
        assert_eq!(room().await, Some(20));
    }

    async fn two_libraries_cannot_both_use_the_last_bytes(store: Store) {
        let call = with_libraries(&store).await;
        write(&call, |scope| scope.quotas().update_tenant(Some(5 * SIZE))).await.expect("sets");
        let writers = (0..20_u8).map(|number| store_one(&call, 1 + number % 2, format!("file {number}")));
        let stored = futures_util::future::join_all(writers).await;
        assert_eq!(stored.into_iter().filter(|stored| *stored).count(), 5);
        let whole = call.read(|scope| scope.quotas().load()).await.expect("reads");
        assert_eq!(whole.used, 5 * SIZE);
    }
}
