//! Delta: whoever applies the pages has the truth, whatever happened between them, and nothing of the rest.
#![expect(clippy::panic, reason = "what tests share fails by panicking too")]

use std::collections::BTreeMap;

use drive::ItemError;
use drive::delta::DeltaStart;
use model::{Caller, Role};
use proptest::prelude::*;
use transfer::{DeltaEntry, ItemRole, OperationChange, Outcome, RemoteItem, RemovalReason};

use crate::cloud::Cloud;

/// What a client holds: the items it was told of. It fails when an entry cannot be applied in its order.
#[derive(Default)]
struct Mirror {
    items: BTreeMap<String, RemoteItem>,
    cursor: Option<String>,
}

impl Mirror {
    fn apply(&mut self, scope: &str, entries: Vec<DeltaEntry>) {
        for entry in entries {
            match entry {
                DeltaEntry::Item(item) => {
                    match &item.parent {
                        Some(parent) => assert!(self.items.contains_key(parent), "no parent for {item:?}"),
                        None => assert_eq!(item.id, scope),
                    }
                    self.items.insert(item.id.clone(), item);
                }
                DeltaEntry::Removed { id, .. } => self.remove(&id),
            }
        }
    }

    fn remove(&mut self, id: &str) {
        self.items.remove(id);
        let below: Vec<String> = self
            .items
            .values()
            .filter(|item| item.parent.as_deref() == Some(id))
            .map(|item| item.id.clone())
            .collect();
        below.iter().for_each(|below| self.remove(below));
    }

    /// Reads one page; returns whether there are more.
    async fn read(&mut self, cloud: &Cloud, caller: Caller, scope: &str, limit: usize) -> bool {
        let start = self.cursor.clone().map_or(DeltaStart::Nothing, DeltaStart::Cursor);
        let page = cloud.delta(caller, scope, start, limit).await.expect("reads");
        self.apply(scope, page.entries);
        self.cursor = Some(page.cursor);
        page.more
    }

    async fn catch_up(&mut self, cloud: &Cloud, caller: Caller, scope: &str, limit: usize) {
        for _ in 0..1_000 {
            if !self.read(cloud, caller, scope, limit).await {
                return;
            }
        }
        panic!("the feed does not end");
    }

    /// Places and names as a comparable tree.
    fn tree(&self) -> BTreeMap<String, (Option<String>, String, String)> {
        let row = |item: &RemoteItem| (item.parent.clone(), item.name.clone(), item.e_tag.clone());
        self.items.values().map(|item| (item.id.clone(), row(item))).collect()
    }
}

async fn fresh(cloud: &Cloud, caller: Caller, scope: &str) -> Mirror {
    let mut mirror = Mirror::default();
    mirror.catch_up(cloud, caller, scope, 2_000).await;
    mirror
}

#[tokio::test]
async fn r_d05_a_scope_hears_of_items_that_move_in_and_out_with_all_they_hold() {
    let cloud = Cloud::new().await;
    let outside = cloud.folder(&cloud.root(), "outside").await;
    let shared = cloud.folder(&outside.id, "shared").await;
    let coming = cloud.folder(&outside.id, "coming").await;
    let inner = cloud.folder(&coming.id, "inner").await;
    cloud.file(&inner.id, "deep.txt", b"deep").await;
    let going = cloud.folder(&shared.id, "going").await;
    cloud.file(&going.id, "leaf.txt", b"leaf").await;
    let guest = cloud.guest("gus").await;
    cloud.share(&shared.id, guest, Role::Write).await;
    let mut mirror = fresh(&cloud, guest, &shared.id).await;
    assert_eq!(mirror.items.len(), 3);
    assert_eq!(mirror.items[&shared.id].parent, None, "nothing above the share is told");
    let coming = cloud.rename(&coming, &shared.id, "arrived").await;
    cloud.rename(&going, &outside.id, "gone").await;
    mirror.catch_up(&cloud, guest, &shared.id, 2_000).await;
    assert_eq!(mirror.tree(), fresh(&cloud, guest, &shared.id).await.tree());
    assert_eq!(mirror.items.len(), 4);
    assert_eq!(mirror.items[&coming.id].name, "arrived");
    cloud.folder(&outside.id, "unseen").await;
    let start = DeltaStart::Cursor(mirror.cursor.clone().expect("a cursor"));
    let page = cloud.delta(guest, &shared.id, start, 100).await.expect("reads");
    assert!(page.entries.is_empty(), "what happens outside is not told: {:?}", page.entries);
}

#[tokio::test]
async fn removals_say_why() {
    let cloud = Cloud::new().await;
    let shared = cloud.folder(&cloud.root(), "shared").await;
    let (a, b) = (cloud.file(&shared.id, "a", b"a").await, cloud.file(&shared.id, "b", b"b").await);
    let page = cloud.delta(cloud.owner, &shared.id, DeltaStart::Now, 100).await.expect("reads");
    assert!(page.entries.is_empty() && !page.more);
    cloud.delete(&a).await;
    cloud.rename(&b, &cloud.root(), "b").await;
    let page =
        cloud.delta(cloud.owner, &shared.id, DeltaStart::Cursor(page.cursor), 100).await.expect("reads");
    let reasons: Vec<RemovalReason> = page
        .entries
        .iter()
        .filter_map(|entry| match entry {
            DeltaEntry::Removed { reason, .. } => Some(*reason),
            DeltaEntry::Item(_) => None,
        })
        .collect();
    assert_eq!(reasons, [RemovalReason::Deleted, RemovalReason::MovedOut]);
}

#[tokio::test]
async fn a_cursor_serves_only_its_person_place_and_epoch() {
    let cloud = Cloud::new().await;
    let folder = cloud.folder(&cloud.root(), "f").await;
    let guest = cloud.guest("gus").await;
    cloud.share(&folder.id, guest, Role::Read).await;
    let cursor = cloud.delta(cloud.owner, &folder.id, DeltaStart::Now, 9).await.expect("reads").cursor;
    let start = || DeltaStart::Cursor(cursor.clone());
    let resync = |page: Result<_, ItemError>| matches!(page, Err(ItemError::Resync));
    assert!(resync(cloud.delta(guest, &folder.id, start(), 9).await));
    assert!(resync(cloud.delta(cloud.owner, &cloud.root(), start(), 9).await));
    for text in ["", "x", "AAAA", &cursor[..cursor.len() - 4], &format!("{cursor}A")] {
        let start = DeltaStart::Cursor(text.to_owned());
        assert!(resync(cloud.delta(cloud.owner, &folder.id, start, 9).await), "{text}");
    }
    assert!(cloud.delta(cloud.owner, &folder.id, start(), 9).await.is_ok());
    let drive = cloud.drive.id;
    cloud
        .call(cloud.owner)
        .write(move |scope| -> Result<_, storage::StorageError> {
            scope.drives().update_epoch(drive, "another")?;
            Ok(storage::Commit::unaudited((), storage::Unaudited::Housekeeping))
        })
        .await
        .expect("restores");
    let old = cloud.delta(cloud.owner, &folder.id, start(), 9).await;
    assert!(matches!(old, Err(ItemError::EpochChanged)));
}

#[tokio::test]
async fn losing_access_hides_the_feed_and_never_looks_like_deletion() {
    let cloud = Cloud::new().await;
    let folder = cloud.folder(&cloud.root(), "f").await;
    cloud.file(&folder.id, "a", b"a").await;
    let guest = cloud.guest("gus").await;
    let permission = cloud.share(&folder.id, guest, Role::Write).await;
    let mirror = fresh(&cloud, guest, &folder.id).await;
    assert!(mirror.items.values().all(|item| item.role == ItemRole::Write));
    cloud.revoke(permission).await;
    let start = DeltaStart::Cursor(mirror.cursor.expect("a cursor"));
    assert!(matches!(cloud.delta(guest, &folder.id, start, 9).await, Err(ItemError::NotFound)));
}

#[tokio::test]
async fn a_changed_role_is_told_for_everything_below() {
    let cloud = Cloud::new().await;
    let folder = cloud.folder(&cloud.root(), "f").await;
    let inner = cloud.folder(&folder.id, "inner").await;
    cloud.file(&inner.id, "a", b"a").await;
    let guest = cloud.guest("gus").await;
    let permission = cloud.share(&folder.id, guest, Role::Write).await;
    let mut mirror = fresh(&cloud, guest, &folder.id).await;
    cloud.revoke(permission).await;
    cloud.share(&folder.id, guest, Role::Read).await;
    mirror.catch_up(&cloud, guest, &folder.id, 2_000).await;
    assert!(mirror.items.values().all(|item| item.role == ItemRole::Read));
    cloud.share(&inner.id, guest, Role::Write).await;
    mirror.catch_up(&cloud, guest, &folder.id, 2_000).await;
    let writable = mirror.items.values().filter(|item| item.role == ItemRole::Write).count();
    assert_eq!(writable, 2, "the inner folder and its file");
}

/// One step of a random story; numbers choose among what exists.
#[derive(Debug, Clone)]
enum Step {
    Folder(usize),
    File(usize),
    Move(usize, usize),
    Delete(usize),
    Restore(usize, usize),
    ReadPage,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => any::<usize>().prop_map(Step::Folder),
        3 => any::<usize>().prop_map(Step::File),
        4 => any::<(usize, usize)>().prop_map(|(item, to)| Step::Move(item, to)),
        2 => any::<usize>().prop_map(Step::Delete),
        1 => any::<(usize, usize)>().prop_map(|(item, to)| Step::Restore(item, to)),
        4 => Just(Step::ReadPage),
    ]
}

/// Tells a random story; readers of the whole drive and of a folder read a page now and then.
async fn tell(steps: Vec<Step>, limit: usize) {
    let cloud = Cloud::new().await;
    let shared = cloud.folder(&cloud.root(), "shared").await;
    let root = cloud.root();
    let mut folders = vec![root.clone(), shared.id.clone()];
    let mut items = Vec::new();
    let mut readers = [(root.clone(), Mirror::default()), (shared.id.clone(), Mirror::default())];
    for (number, step) in steps.into_iter().enumerate() {
        let name = format!("n{number}");
        let now = fresh(&cloud, cloud.owner, &root).await;
        match step {
            Step::Folder(at) => {
                let parent = folders[at % folders.len()].clone();
                let made = cloud.apply(cloud.owner, OperationChange::CreateFolder { parent, name }).await;
                if let Outcome::Done { item } = made {
                    folders.push(item.id.clone());
                    items.push(item.id);
                }
            }
            Step::File(at) => {
                let parent = folders[at % folders.len()].clone();
                if now.items.contains_key(&parent) {
                    items.push(cloud.file(&parent, &name, name.as_bytes()).await.id);
                }
            }
            Step::Move(item, to) if !items.is_empty() => {
                let Some(item) = now.items.get(&items[item % items.len()]) else { continue };
                let parent = folders[to % folders.len()].clone();
                let (item, if_match) = (item.id.clone(), item.e_tag.clone());
                let _either =
                    cloud.apply(cloud.owner, OperationChange::Move { item, parent, name, if_match }).await;
            }
            Step::Delete(item) if !items.is_empty() => {
                let item = crate::cloud::id(&items[item % items.len()]);
                let request = cloud.request(cloud.owner);
                let _either = drive::edit(&cloud.call(cloud.owner), request, move |editor| {
                    use drive::items::{Condition, DeletionReach};
                    editor.delete(item, DeletionReach::Tree, &Condition::None)
                })
                .await;
            }
            Step::Restore(item, to) if !items.is_empty() => {
                let (item, parent) = (items[item % items.len()].clone(), folders[to % folders.len()].clone());
                let _either = cloud.apply(cloud.owner, OperationChange::Restore { item, parent, name }).await;
            }
            Step::ReadPage => {
                for (scope, mirror) in &mut readers {
                    mirror.read(&cloud, cloud.owner, scope, limit).await;
                }
            }
            _ => {}
        }
    }
    for (scope, mirror) in &mut readers {
        mirror.catch_up(&cloud, cloud.owner, scope, limit).await;
        assert_eq!(mirror.tree(), fresh(&cloud, cloud.owner, scope).await.tree());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn readers_who_page_through_a_changing_drive_end_with_the_truth(
        steps in prop::collection::vec(step(), 1..40),
        limit in 1..6usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(tell(steps, limit));
    }
}
