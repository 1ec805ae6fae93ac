//! Versions, the recycle bin and search by name, on both databases.

use model::{
    BinKey, BinStage, DriveId, Item, ItemContent, ItemId, ItemKind, ItemName, ItemPlace, ItemStamp, SiteId,
    Timestamp, UserId,
};
use storage::{
    BinQuery, Call, ChangeStamp, DriveChanges, NameSearch, NewDrive, NewItem, Operator, SearchPlace,
    StorageError, Store, StoredContent,
};

use crate::databases::{on_both_databases, tenant, with_tenant, write};

const DRIVE: DriveId = DriveId::from_uuid(uuid::Uuid::from_u128(1));
const ROOT: ItemId = ItemId::from_uuid(uuid::Uuid::from_u128(1_000));

fn day(day: i64) -> Timestamp {
    Timestamp::from_second(day * 86_400).expect("a time")
}

fn person() -> UserId {
    UserId::from_random([8; 16])
}

fn by(at: Timestamp) -> ChangeStamp {
    ChangeStamp { stamp: ItemStamp { at, by: Some(person()) }, operation: None }
}

fn content(seed: u8) -> ItemContent {
    ItemContent { id: [seed; 32], size: 10, quick_xor: [seed; 20] }
}

async fn with_drive(store: &Store) -> Call {
    let call = with_tenant(store, &tenant("Contoso", 1)).await;
    write(&call, |scope| {
        for seed in 0..=20 {
            let (id, quick_xor) = ([seed; 32], [seed; 20]);
            scope.contents().create(
                &StoredContent { id, size: 10, quick_xor, manifest: vec![seed] },
                &[],
                day(0),
            )?;
        }
        scope.drives().create(&NewDrive {
            id: DRIVE,
            site: SiteId::from_random([5; 16]),
            name: "Documents".to_owned(),
            root: ROOT,
            epoch: "first".to_owned(),
            quota: None,
            stamp: ItemStamp { at: day(0), by: None },
        })
    })
    .await
    .expect("makes a drive");
    call
}

async fn change<T: Send + 'static>(
    call: &Call,
    work: impl FnOnce(&mut DriveChanges<'_>) -> Result<T, StorageError> + Send + 'static,
) -> T {
    let done = write(call, |scope| scope.change_drive(DRIVE, work)).await;
    done.expect("changes").expect("the drive")
}

fn new(seed: u128, parent: ItemId, name: &str, kind: ItemKind) -> NewItem {
    NewItem {
        id: ItemId::from_uuid(uuid::Uuid::from_u128(1_000 + seed)),
        parent,
        name: ItemName::parse(name, kind, ItemPlace::Folder).expect("a name"),
        kind,
        content: (kind == ItemKind::File).then(|| content(0)),
        file_created: day(0),
        file_modified: day(0),
    }
}

/// A file that was written `times` times after it was made, a day each.
async fn written(call: &Call, seed: u128, parent: ItemId, times: u8) -> Item {
    change(call, move |changes| {
        let name = format!("f{seed}.txt");
        let mut item = changes.create_item(new(seed, parent, &name, ItemKind::File), &by(day(0)))?;
        for time in 1..=times {
            let at = day(i64::from(time));
            item = changes.replace_content(item, content(time), at, &by(at))?;
        }
        Ok(item)
    })
    .await
}

async fn numbers(call: &Call, item: ItemId) -> Vec<i64> {
    let listed = call.read(move |scope| scope.item_versions().list(item, i64::MAX, 1_000)).await;
    let listed: Result<Vec<_>, StorageError> = listed;
    listed.expect("lists").into_iter().map(|version| version.number).collect()
}

async fn used(call: &Call) -> u64 {
    let drive: Result<_, StorageError> = call.read(|scope| scope.drives().find(DRIVE)).await;
    drive.expect("reads").expect("the drive").used
}

async fn listed(call: &Call, stage: BinStage, own: bool, most: i64) -> Vec<BinKey> {
    let (whole, mine) = if own { (vec![], vec![DRIVE]) } else { (vec![DRIVE], vec![]) };
    let mut wanted = BinQuery { stage, whole, own: (person(), mine), after: None, most };
    let mut keys = Vec::new();
    loop {
        let query = wanted.clone();
        let page: Result<Vec<_>, StorageError> =
            call.read(move |scope| scope.recycle_bin().list(&query)).await;
        let page = page.expect("lists");
        let Some(last) = page.last() else { return keys };
        wanted.after = Some((last.deleted.at, last.key));
        keys.extend(page.iter().map(|entry| entry.key));
    }
}

on_both_databases! {
    async fn a_replaced_content_is_a_version_with_its_time_and_writer(store: Store) {
        let call = with_drive(&store).await;
        let item = written(&call, 1, ROOT, 3).await;
        assert_eq!((item.content_version, item.written.map(|written| written.at)), (4, Some(day(3))));
        assert_eq!(numbers(&call, item.id).await, [3, 2, 1]);
        let found: Result<_, StorageError> =
            call.read(move |scope| scope.item_versions().find(item.id, 2)).await;
        let found = found.expect("reads").expect("the version");
        assert_eq!((found.content, found.file_modified), (content(1), day(1)));
        assert_eq!(found.written, ItemStamp { at: day(1), by: Some(person()) });
        assert_eq!(used(&call).await, 40, "versions count");
        // The same bytes once more are no version.
        let again = change(&call, move |changes| changes.replace_content(item, content(3), day(9), &by(day(9))));
        assert_eq!(again.await.content_version, 5);
        assert_eq!((used(&call).await, numbers(&call, ItemId::from_uuid(uuid::Uuid::from_u128(1_001))).await.len()), (40, 3));
    }

    async fn the_oldest_versions_go_when_there_are_more_than_the_limit(store: Store) {
        let call = with_drive(&store).await;
        write(&call, |scope| scope.drives().update_version_limit(DRIVE, 3)).await.expect("sets");
        let item = written(&call, 1, ROOT, 9).await;
        assert_eq!(numbers(&call, item.id).await, [9, 8], "two and the present one");
        assert_eq!(used(&call).await, 30);
        write(&call, |scope| scope.drives().update_version_limit(DRIVE, 0)).await.expect("sets");
        let id = item.id;
        change(&call, move |changes| changes.replace_content(item, content(20), day(20), &by(day(20)))).await;
        assert_eq!(numbers(&call, id).await, [0_i64; 0], "the present content is never trimmed");
        assert_eq!(used(&call).await, 10);
    }

    async fn a_deleted_version_waits_in_the_bin_and_comes_back(store: Store) {
        let call = with_drive(&store).await;
        let item = written(&call, 1, ROOT, 2).await;
        let id = item.id;
        let find = move |scope: &mut storage::Scope<'_, storage::Reading>| scope.item_versions().find(id, 1);
        let version = call.read(find).await.expect("reads").expect("the version");
        change(&call, move |changes| changes.delete_version(&version, &by(day(5)))).await;
        assert_eq!(numbers(&call, id).await, [2]);
        let key = BinKey { item: id, version: Some(1) };
        assert_eq!(listed(&call, BinStage::First, true, 5).await, [key]);
        change(&call, move |changes| changes.restore_version(&version)).await;
        assert_eq!((numbers(&call, id).await, used(&call).await), (vec![2, 1], 30));
        assert_eq!(listed(&call, BinStage::First, false, 5).await, []);
        change(&call, move |changes| {
            changes.delete_version(&version, &by(day(5)))?;
            changes.purge(key)
        })
        .await;
        assert_eq!((numbers(&call, id).await, used(&call).await), (vec![2], 20));
    }

    async fn the_bin_is_listed_by_stage_and_person_page_by_page(store: Store) {
        let call = with_drive(&store).await;
        let mut keys = Vec::new();
        for seed in 1..=5 {
            let item = written(&call, seed, ROOT, 0).await;
            keys.push(BinKey::of_item(item.id));
            // Three of them at the same moment.
            let stamp = by(day(if seed < 4 { 1 } else { 2 }));
            let stamp = if seed == 2 { ChangeStamp { stamp: ItemStamp { by: None, ..stamp.stamp }, ..stamp } } else { stamp };
            change(&call, move |changes| changes.delete_tree(item, &stamp)).await;
        }
        let expected = [keys[3], keys[4], keys[0], keys[1], keys[2]];
        for most in [1, 2, 10] {
            assert_eq!(listed(&call, BinStage::First, false, most).await, expected, "{most}");
        }
        assert_eq!(listed(&call, BinStage::First, true, 2).await, [keys[3], keys[4], keys[0], keys[2]]);
        let second = keys[4];
        write(&call, move |scope| scope.recycle_bin().move_to_second_stage(second, day(3))).await.expect("moves");
        assert_eq!(listed(&call, BinStage::Second, false, 2).await, [second]);
        assert_eq!(listed(&call, BinStage::First, false, 2).await, [keys[3], keys[0], keys[1], keys[2]]);
    }

    async fn a_purged_tree_leaves_tombstones_without_names_and_frees_its_bytes(store: Store) {
        let call = with_drive(&store).await;
        let folder = change(&call, |changes| {
            changes.create_item(new(50, ROOT, "secret", ItemKind::Folder), &by(day(0)))
        })
        .await;
        let (inside, kept) = (written(&call, 1, folder.id, 2).await, written(&call, 2, ROOT, 1).await);
        let (top, key) = (folder.clone(), BinKey::of_item(folder.id));
        change(&call, move |changes| changes.delete_tree(top, &by(day(5)))).await;
        let sizes: Result<_, StorageError> =
            call.read(move |scope| scope.recycle_bin().sizes(&[key.item])).await;
        assert_eq!(sizes.expect("reads").remove(&key.item), Some(10));
        for (before, count) in [(day(5), 0), (day(6), 1)] {
            let expired: Result<Vec<_>, StorageError> = Operator::new(store.clone())
                .read(move |cloud| cloud.list_expired_bin_entries(before, 10))
                .await;
            assert_eq!(expired.expect("lists").len(), count);
        }
        let sequence = |drive: Option<model::Drive>| drive.expect("the drive").sequence;
        let before: Result<_, StorageError> = call.read(|scope| scope.drives().find(DRIVE)).await;
        assert!(change(&call, move |changes| changes.purge(key)).await);
        assert!(!change(&call, move |changes| changes.purge(key)).await, "only once");
        let after: Result<_, StorageError> = call.read(|scope| scope.drives().find(DRIVE)).await;
        assert_eq!(sequence(before.expect("reads")), sequence(after.expect("reads")), "nothing more to tell");
        assert_eq!((used(&call).await, numbers(&call, inside.id).await), (20, vec![]));
        assert_eq!(numbers(&call, kept.id).await, [1]);
        let (folder, inside) = (folder.id, inside.id);
        let gone: Result<_, StorageError> =
            call.read(move |scope| scope.items().list_ever(DRIVE, &[folder, inside])).await;
        let gone = gone.expect("reads");
        assert_eq!(gone.len(), 2);
        assert!(gone.values().all(|item| item.deleted.is_some() && item.name.is_empty() && item.content.is_none()));
        let top = gone[&folder].clone();
        let name = ItemName::parse("x", ItemKind::Folder, ItemPlace::Folder).expect("a name");
        let back = change(&call, move |changes| changes.restore_tree(&top, ROOT, &name, &by(day(7)))).await;
        assert_eq!(back, None, "what was destroyed does not come back");
    }

    async fn names_are_found_by_their_parts_in_the_order_of_names(store: Store) {
        let call = with_drive(&store).await;
        let folder = change(&call, |changes| {
            changes.create_item(new(50, ROOT, "Plans 50%", ItemKind::Folder), &by(day(0)))
        })
        .await;
        written(&call, 1, folder.id, 0).await;
        written(&call, 2, ROOT, 0).await;
        let gone = written(&call, 3, folder.id, 0).await;
        change(&call, move |changes| changes.delete_tree(gone, &by(day(1)))).await;
        let whole = SearchPlace::Drive;
        let below = SearchPlace::Below(vec![folder.id]);
        for (place, words, expected) in [
            (&whole, vec![], vec!["f1.txt", "f2.txt", "Plans 50%"]),
            (&whole, vec!["txt"], vec!["f1.txt", "f2.txt"]),
            (&whole, vec!["2", "f"], vec!["f2.txt"]),
            (&whole, vec!["%"], vec!["Plans 50%"]),
            (&whole, vec!["f_"], vec![]),
            (&below, vec![], vec!["f1.txt", "Plans 50%"]),
            (&below, vec!["f"], vec!["f1.txt"]),
            (&SearchPlace::Below(vec![]), vec![], vec![]),
        ] {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let words = words.iter().map(|word| (*word).to_owned()).collect();
                let wanted = NameSearch { words, after: after.clone(), most: 1 };
                let place = place.clone();
                let page: Result<Vec<Item>, StorageError> =
                    call.read(move |scope| scope.items().search(DRIVE, &place, &wanted)).await;
                let page = page.expect("finds");
                let Some(item) = page.into_iter().next() else { break };
                after = Some((ItemName::key_of(&item.name), item.id));
                found.push(item.name);
            }
            assert_eq!(found, expected, "{place:?} {words:?}");
        }
    }
}
