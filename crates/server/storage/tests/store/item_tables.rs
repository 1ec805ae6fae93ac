//! Drives, items, their log, contents and uploads, on both databases.

use model::{
    DriveId, Item, ItemChangeKind, ItemContent, ItemId, ItemKind, ItemName, ItemPlace, ItemStamp, SiteId,
    Timestamp, UploadId, UserId,
};
use storage::{
    Call, ChangeStamp, ChildrenAfter, Commit, DriveChanges, Lease, NewDrive, NewItem, Operator, PartKind,
    StorageError, Store, StoredChunk, StoredContent, StoredOperation, StoredUpload, StoredUploadSession,
    Unaudited, UploadPart,
};

use crate::databases::{on_both_databases, tenant, with_tenant, write};

const DRIVE: DriveId = DriveId::from_uuid(uuid::Uuid::from_u128(1));
const ANN: UserId = UserId::from_uuid(uuid::Uuid::from_u128(7));
const BEN: UserId = UserId::from_uuid(uuid::Uuid::from_u128(8));

fn now() -> Timestamp {
    "2026-01-02T03:04:05.000006Z".parse().expect("a time")
}

fn item(seed: u128) -> ItemId {
    ItemId::from_uuid(uuid::Uuid::from_u128(1_000 + seed))
}

fn by(operation: &str) -> ChangeStamp {
    ChangeStamp { stamp: ItemStamp { at: now(), by: None }, operation: Some(operation.to_owned()) }
}

fn by_person(user: UserId, operation: &str) -> ChangeStamp {
    ChangeStamp { stamp: ItemStamp { at: now(), by: Some(user) }, ..by(operation) }
}

fn new(seed: u128, parent: ItemId, name: &str, kind: ItemKind) -> NewItem {
    let content = ItemContent { id: [3; 32], size: 10, quick_xor: [4; 20] };
    NewItem {
        id: item(seed),
        parent,
        name: ItemName::parse(name, kind, ItemPlace::Folder).expect("a name"),
        kind,
        content: (kind == ItemKind::File).then_some(content),
        file_created: now(),
        file_modified: now(),
    }
}

fn lease(chunk: u8, base: Option<ItemId>) -> Lease {
    Lease { chunk: [chunk; 32], base }
}

async fn with_drive(store: &Store) -> Call {
    let call = with_tenant(store, &tenant("Contoso", 1)).await;
    write(&call, |scope| {
        scope.drives().create(&NewDrive {
            id: DRIVE,
            site: SiteId::from_random([5; 16]),
            name: "Documents".to_owned(),
            root: item(0),
            epoch: "first".to_owned(),
            quota: Some(1_000),
            stamp: ItemStamp { at: now(), by: None },
        })?;
        let content = StoredContent { id: [3; 32], size: 10, quick_xor: [4; 20], manifest: Vec::new() };
        scope.contents().create(&content, &[], now())
    })
    .await
    .expect("makes a drive");
    call
}

async fn change<T: Send + 'static>(
    call: &Call,
    work: impl FnOnce(&mut DriveChanges<'_>) -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    write(call, |scope| scope.change_drive(DRIVE, work)).await.map(|done| done.expect("the drive"))
}

/// `a/b/c.txt` and `a/d.txt` under the root.
async fn with_tree(call: &Call) -> (Item, Item) {
    change(call, |changes| {
        let a = changes.create_item(new(1, item(0), "a", ItemKind::Folder), &by("t:1"))?;
        changes.create_item(new(2, a.id, "b", ItemKind::Folder), &by("t:2"))?;
        let c = changes.create_item(new(3, item(2), "c.txt", ItemKind::File), &by("t:3"))?;
        changes.create_item(new(4, a.id, "d.txt", ItemKind::File), &by("t:4"))?;
        Ok((a, c))
    })
    .await
    .expect("makes a tree")
}

on_both_databases! {
    async fn an_item_reads_back_as_it_was_written(store: Store) {
        let call = with_drive(&store).await;
        let (a, c) = with_tree(&call).await;
        let (found, child, chain, counts, drive) = call
            .read(move |scope| -> Result<_, StorageError> {
                Ok((
                    scope.items().find(DRIVE, c.id)?,
                    scope.items().find_child(item(2), &ItemName::key_of("C.TXT"))?,
                    scope.items().list_chain(DRIVE, c.id)?,
                    scope.items().count_children(&[item(0), a.id, item(2), item(3)])?,
                    scope.drives().find(DRIVE)?.expect("the drive"),
                ))
            })
            .await
            .expect("reads");
        assert_eq!(found.as_ref(), Some(&c));
        assert_eq!(child, Some(c));
        let ids: Vec<ItemId> = chain.iter().map(|item| item.id).collect();
        assert_eq!(ids, [item(3), item(2), item(1), item(0)]);
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(item(0), 1), (item(1), 2), (item(2), 1)]);
        assert_eq!((drive.sequence, drive.used), (4, 20));
        let longest = call.read(|scope| scope.items().longest_path_below(DRIVE, item(0))).await;
        assert_eq!(longest.expect("reads"), 10, "/a/b/c.txt");
    }

    async fn a_name_is_taken_once_per_folder_whatever_its_case(store: Store) {
        let call = with_drive(&store).await;
        with_tree(&call).await;
        let second = change(&call, |changes| {
            changes.create_item(new(9, item(0), "A", ItemKind::Folder), &by("t:9")).map(|_| ())
        });
        assert!(second.await.is_err_and(|error| error.is_duplicate()));
        let drive = call.read(|scope| scope.drives().find(DRIVE)).await.expect("reads").expect("the drive");
        assert_eq!(drive.sequence, 4, "what failed took no number");
    }

    async fn a_deleted_tree_keeps_its_places_and_comes_back_with_all_it_held(store: Store) {
        let call = with_drive(&store).await;
        let (a, c) = with_tree(&call).await;
        let gone = a.clone();
        change(&call, move |changes| changes.delete_tree(gone, &by("t:5"))).await.expect("deletes");
        let (below, deleted) = call
            .read(move |scope| -> Result<_, StorageError> {
                Ok((scope.items().list_below(DRIVE, item(0))?, scope.items().list_deleted_with(item(1))?))
            })
            .await
            .expect("reads");
        assert_eq!(below, []);
        let order: Vec<ItemId> = deleted.iter().map(|item| item.id).collect();
        assert_eq!((order.len(), order[0]), (4, item(1)));
        let position = |id: ItemId| order.iter().position(|known| *known == id);
        assert!(position(item(2)) < position(item(3)), "folders stand before what they held");
        let top = deleted[0].clone();
        let name = ItemName::parse("z", ItemKind::Folder, ItemPlace::Folder).expect("a name");
        let back = change(&call, move |changes| changes.restore_tree(&top, item(0), &name, &by("t:6"))).await;
        assert_eq!(back.expect("restores").map(|item| item.name), Some("z".to_owned()));
        let (found, log) = call
            .read(move |scope| -> Result<_, StorageError> {
                Ok((scope.items().find(DRIVE, c.id)?, scope.item_log().list_after(DRIVE, 4, 100)?))
            })
            .await
            .expect("reads");
        assert!(found.is_some_and(|item| item.deleted.is_none() && item.version == 3));
        let kinds: Vec<ItemChangeKind> = log.iter().map(|change| change.kind).collect();
        assert_eq!(kinds, [[ItemChangeKind::Deleted; 4], [ItemChangeKind::Restored; 4]].concat());
        let numbers: Vec<i64> = log.iter().map(|change| change.sequence).collect();
        assert_eq!(numbers, (5..13).collect::<Vec<_>>());
    }

    async fn children_come_in_pages_by_name_and_by_id(store: Store) {
        let call = with_drive(&store).await;
        change(&call, |changes| {
            for (seed, name) in (1..).zip(["C", "a", "B", "ä"]) {
                changes.create_item(new(seed, item(0), name, ItemKind::Folder), &by("t"))?;
            }
            Ok(())
        })
        .await
        .expect("makes folders");
        for by_name in [true, false] {
            let names = call
                .read(move |scope| -> Result<_, StorageError> {
                    let (mut names, mut last): (Vec<String>, Option<Item>) = (Vec::new(), None);
                    loop {
                        let key = last.as_ref().map(|item| ItemName::key_of(&item.name));
                        let after = match by_name {
                            true => ChildrenAfter::Name(key.as_deref()),
                            false => ChildrenAfter::Id(last.as_ref().map(|item| item.id)),
                        };
                        let page = scope.items().list_children(item(0), after, 3)?;
                        names.extend(page.iter().map(|item| item.name.clone()));
                        match page.into_iter().next_back() {
                            Some(item) => last = Some(item),
                            None => return Ok(names),
                        }
                    }
                })
                .await
                .expect("reads");
            let mut sorted = names.clone();
            sorted.sort();
            assert_eq!(sorted, ["B", "C", "a", "ä"], "{by_name}");
        }
    }

    async fn the_log_tells_where_an_item_was_first(store: Store) {
        let call = with_drive(&store).await;
        let (_, c) = with_tree(&call).await;
        change(&call, move |changes| {
            let name = ItemName::parse("c.txt", ItemKind::File, ItemPlace::Folder).expect("a name");
            let moved = changes.move_item(c, item(1), &name, &by("t:5"))?;
            changes.move_item(moved, item(0), &name, &by_person(ANN, "t:6"))
        })
        .await
        .expect("moves");
        let (before, after) = call
            .read(|scope| -> Result<_, StorageError> {
                let first = scope.item_log().find_first_displacement(item(3), 4)?;
                Ok((first, scope.item_log().find_first_displacement(item(3), 6)?))
            })
            .await
            .expect("reads");
        let before = before.expect("a move");
        assert_eq!((before.sequence, before.old_parent, before.new_parent), (5, Some(item(2)), Some(item(1))));
        assert_eq!(after, None);
        let between = call.read(|scope| scope.item_log().list_displacements(item(3), 4, 5)).await.expect("reads");
        assert_eq!(between.iter().map(|change| change.sequence).collect::<Vec<_>>(), [5]);
        let made = call
            .read(|scope| -> Result<_, StorageError> {
                let mut log = scope.item_log();
                let made_by = |(user, after)| log.list_made_by(item(3), user, after);
                [(ANN, 0), (ANN, 6), (BEN, 0)].into_iter().map(made_by).collect::<Result<Vec<_>, _>>()
            })
            .await
            .expect("reads");
        assert_eq!(made, [vec![6], vec![], vec![]]);
    }

    async fn changers_of_one_drive_wait_for_one_another(store: Store) {
        let call = with_drive(&store).await;
        let changes = (1..=20_u128).map(|seed| {
            let call = call.clone();
            async move {
                change(&call, move |changes| {
                    changes.create_item(new(seed, item(0), &format!("f{seed}"), ItemKind::Folder), &by("t"))
                })
                .await
            }
        });
        let made = futures_util::future::join_all(changes).await;
        let mut numbers: Vec<i64> = made.into_iter().map(|item| item.expect("makes").sequence).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    }

    async fn contents_chunks_uploads_and_answers_are_kept_per_tenant(store: Store) {
        let call = with_drive(&store).await;
        let other = with_tenant(&store, &tenant("Fabrikam", 2)).await;
        let chunk = |seed: u8, bytes: Option<Vec<u8>>| StoredChunk {
            id: [seed; 32],
            length: 5,
            quick_xor: [seed; 20],
            object: bytes.is_none().then(|| "object".to_owned()),
            bytes,
        };
        let content = StoredContent { id: [9; 32], size: 5, quick_xor: [1; 20], manifest: vec![1, 2, 3] };
        let upload = StoredUpload {
            id: UploadId::from_random([1; 16]),
            drive: DRIVE,
            user: UserId::from_random([2; 16]),
            manifest: vec![7],
            expires: now(),
            created: now(),
        };
        let answer = StoredOperation { digest: [5; 32], outcome: "{}".to_owned() };
        let (stored, offered, answered) = (content.clone(), upload.clone(), answer.clone());
        let (small, large) = (chunk(1, Some(b"bytes".to_vec())), chunk(2, None));
        write(&call, move |scope| {
            for chunk in [small.clone(), large, small] {
                scope.contents().create_chunk(chunk, now())?;
            }
            scope.contents().create(&stored, &[[1; 32]], now())?;
            scope.contents().create(&stored, &[[1; 32]], now())?;
            scope.uploads().create(&offered)?;
            scope.uploads().add_leases(offered.id, &[lease(1, None), lease(2, Some(item(1)))])?;
            scope.uploads().add_leases(offered.id, &[lease(2, None)])?;
            scope.drive_operations().create(offered.user, "d:1", &answered, now())
        })
        .await
        .expect("stores");
        for (call, known) in [(call.clone(), true), (other, false)] {
            let (user, id) = (upload.user, upload.id);
            let found = call
                .read(move |scope| -> Result<_, StorageError> {
                    Ok((
                        scope.contents().find(&[9; 32])?,
                        scope.contents().list_chunks(&[[1; 32], [2; 32], [3; 32]])?.len(),
                        scope.contents().find_chunk(&[1; 32])?.and_then(|chunk| chunk.bytes),
                        scope.uploads().find(id)?,
                        scope.uploads().list_leases(id)?,
                        scope.drive_operations().find(user, "d:1")?,
                    ))
                })
                .await
                .expect("reads");
            let expected = (
                Some(content.clone()),
                2,
                Some(b"bytes".to_vec()),
                Some(upload.clone()),
                vec![lease(1, None), lease(2, None)],
                Some(answer.clone()),
            );
            assert_eq!(found, if known { expected } else { (None, 0, None, None, Vec::new(), None) });
        }
        let (user, id) = (upload.user, upload.id);
        let again = write(&call, move |scope| scope.drive_operations().create(user, "d:1", &answer, now())).await;
        assert!(again.is_err_and(|error| error.is_duplicate()));
        write(&call, move |scope| scope.uploads().delete(id)).await.expect("deletes");
        assert_eq!(call.read(move |scope| scope.uploads().find(id)).await.expect("reads"), None);
    }

    async fn a_session_tells_how_far_it_is_and_ends_with_what_it_became(store: Store) {
        let call = with_drive(&store).await;
        let id = UploadId::from_random([8; 16]);
        let session = StoredUploadSession {
            id,
            drive: DRIVE,
            user: UserId::from_random([9; 16]),
            target: "{}".to_owned(),
            total: None,
            finished: None,
            expires: now(),
            created: now(),
        };
        let part = |kind, start, end| UploadPart { kind, start, end, hash: [1; 32] };
        let made = session.clone();
        write(&call, move |scope| {
            scope.upload_sessions().create(&made)?;
            scope.upload_sessions().add_part(id, &part(PartKind::Waiting, 0, 5))?;
            scope.upload_sessions().add_part(id, &part(PartKind::Cut, 0, 3))?;
            scope.upload_sessions().add_part(id, &part(PartKind::Cut, 0, 3))?;
            scope.upload_sessions().add_part(id, &part(PartKind::Waiting, 5, 7))?;
            scope.upload_sessions().update_total(id, 9)?;
            scope.upload_sessions().update_total(id, 11)
        })
        .await
        .expect("writes");
        let other = with_tenant(&store, &tenant("Fabrikam", 2)).await;
        assert_eq!(other.read(move |scope| scope.upload_sessions().find(id)).await.expect("reads"), None);
        let read = move |scope: &mut storage::Scope<'_, storage::Reading>| -> Result<_, StorageError> {
            Ok((
                scope.upload_sessions().find(id)?,
                scope.upload_sessions().cut_end(id)?,
                scope.upload_sessions().list_parts(id, PartKind::Waiting, 3)?.len(),
                scope.upload_sessions().list_parts(id, PartKind::Waiting, 5)?.len(),
            ))
        };
        let (found, cut, waiting, later) = call.read(read).await.expect("reads");
        assert_eq!(found, Some(StoredUploadSession { total: Some(9), ..session }), "the first length stays");
        assert_eq!((cut, waiting, later), (3, 2, 1));
        write(&call, move |scope| scope.upload_sessions().finish(id, item(3), true)).await.expect("writes");
        let (found, cut, waiting, _) = call.read(read).await.expect("reads");
        assert_eq!(found.expect("kept").finished, Some((item(3), true)));
        assert_eq!((cut, waiting), (0, 0), "its parts are forgotten");
        let later = now() + std::time::Duration::from_secs(1);
        Operator::new(store.clone())
            .write(move |cloud| -> Result<_, StorageError> {
                cloud.delete_expired_upload_sessions(later)?;
                Ok(Commit::unaudited((), Unaudited::Housekeeping))
            })
            .await
            .expect("cleans up");
        assert_eq!(call.read(read).await.expect("reads").0, None);
    }
}
