//! The recycle bin: who sees what in which stage, what comes back where, and what is destroyed when.

use drive::delta::DeltaStart;
use drive::items::Condition;
use drive::recycle_bin::{BinAction, BinRequest, BinView, change_bin, list_bin, purge_expired};
use drive::{ItemError, edit};
use model::{BinKey, BinStage, Caller, ItemStamp, Role, Timestamp};
use storage::{ChangeStamp, Commit, Operator, StorageError, Unaudited};
use transfer::{DeltaEntry, OperationChange, Outcome, RemoteItem};

use crate::cloud::{Cloud, id};

impl Cloud {
    async fn bin(&self, caller: Caller, stage: BinStage) -> Result<Vec<BinView>, ItemError> {
        let request = BinRequest { caller, site: self.site.id, stage, after: None, most: 100 };
        Ok(list_bin(&self.call(caller), request).await?.entries)
    }

    async fn names(&self, caller: Caller, stage: BinStage) -> Vec<String> {
        self.bin(caller, stage).await.expect("lists").into_iter().map(|view| view.name).collect()
    }

    async fn act(&self, caller: Caller, item: &str, action: BinAction) -> Result<(), ItemError> {
        let key = BinKey::of_item(id(item));
        let done = change_bin(&self.call(caller), caller, self.site.id, vec![key], action).await;
        done.expect("answers").remove(0).1
    }

    async fn delete_as(&self, caller: Caller, item: &RemoteItem) {
        let delete = OperationChange::Delete { item: item.id.clone(), if_match: item.e_tag.clone() };
        assert!(matches!(self.apply(caller, delete).await, Outcome::Done { .. }));
    }

    /// Deletes a folder with everything in it, at a time.
    async fn delete_tree(&self, item: &str, at: Timestamp) {
        let (drive, item) = (self.drive.id, id(item));
        let by = ChangeStamp { stamp: ItemStamp { at, by: Some(self.owner.user) }, operation: None };
        self.call(self.owner)
            .write(move |scope| -> Result<_, StorageError> {
                let found = scope.items().find(drive, item)?.expect("the item");
                scope.change_drive(drive, |changes| changes.delete_tree(found, &by))?;
                Ok(Commit::unaudited((), Unaudited::Housekeeping))
            })
            .await
            .expect("deletes");
    }

    async fn paths(&self) -> Vec<String> {
        let page = self.delta(self.owner, &self.root(), DeltaStart::Nothing, 1_000).await.expect("reads");
        let live = page.entries.into_iter().filter_map(|entry| match entry {
            DeltaEntry::Item(item) => Some(item.name),
            DeltaEntry::Removed { .. } => None,
        });
        live.collect()
    }
}

#[tokio::test]
async fn r_x10_the_first_stage_is_the_deleters_and_the_owners_and_the_second_the_owners_alone() {
    let cloud = Cloud::new().await;
    let shared = cloud.folder(&cloud.root(), "shared").await;
    let (mine, theirs) =
        (cloud.file(&shared.id, "mine.txt", b"1").await, cloud.file(&shared.id, "theirs.txt", b"2").await);
    let beside = cloud.file(&cloud.root(), "beside.txt", b"3").await;
    let (guest, other) = (cloud.guest("gus").await, cloud.guest("otto").await);
    cloud.share(&shared.id, guest, Role::Write).await;
    cloud.delete_as(guest, &mine).await;
    cloud.delete(&theirs).await;
    cloud.delete(&beside).await;
    assert_eq!(cloud.names(guest, BinStage::First).await, ["mine.txt"]);
    let all = cloud.bin(cloud.owner, BinStage::First).await.expect("lists");
    let told: Vec<(&str, String, u64)> =
        all.iter().map(|view| (view.name.as_str(), view.location.join("/"), view.size)).collect();
    assert_eq!(told.len(), 3);
    assert!(told.contains(&("theirs.txt", "Documents/shared".to_owned(), 1)), "{told:?}");
    let own = cloud.bin(guest, BinStage::First).await.expect("lists");
    assert_eq!(own[0].location, ["Documents", "shared"]);
    assert_eq!(own[0].deleted_by.as_ref().map(|by| by.id), Some(guest.user));
    assert!(matches!(cloud.bin(other, BinStage::First).await, Err(ItemError::NotFound)));
    for hidden in [&theirs.id, &beside.id] {
        for action in [BinAction::Restore, BinAction::Delete] {
            assert!(matches!(cloud.act(guest, hidden, action).await, Err(ItemError::NotFound)));
        }
    }
    cloud.act(guest, &mine.id, BinAction::Delete).await.expect("goes on");
    assert_eq!(cloud.names(guest, BinStage::First).await, [""; 0]);
    assert_eq!(cloud.names(guest, BinStage::Second).await, [""; 0]);
    assert!(matches!(cloud.act(guest, &mine.id, BinAction::Restore).await, Err(ItemError::NotFound)));
    // Not by the item's own id either.
    let back =
        OperationChange::Restore { item: mine.id.clone(), parent: shared.id.clone(), name: "x".to_owned() };
    assert_eq!(cloud.refused(guest, back).await.status, 404);
    assert_eq!(cloud.names(cloud.owner, BinStage::Second).await, ["mine.txt"]);
    cloud.act(cloud.owner, &mine.id, BinAction::Restore).await.expect("restores");
    let permission = cloud.share(&shared.id, other, Role::Write).await;
    cloud.delete_as(other, &cloud.file(&shared.id, "late.txt", b"4").await).await;
    cloud.revoke(permission).await;
    assert!(matches!(cloud.bin(other, BinStage::First).await, Err(ItemError::NotFound)), "access ended");
}

#[tokio::test]
async fn r_x10_a_restored_folder_has_all_it_held_its_permissions_and_a_free_name() {
    let cloud = Cloud::new().await;
    let folder = cloud.folder(&cloud.root(), "plans").await;
    let inner = cloud.folder(&folder.id, "inner").await;
    let file = cloud.file(&inner.id, "a.txt", b"one").await;
    let guest = cloud.guest("gus").await;
    cloud.share(&folder.id, guest, Role::Read).await;
    cloud.delete_tree(&folder.id, cloud.runtime.now()).await;
    assert!(cloud.delta(guest, &folder.id, DeltaStart::Nothing, 10).await.is_err());
    let taken = cloud.folder(&cloud.root(), "PLANS").await;
    cloud.act(cloud.owner, &folder.id, BinAction::Restore).await.expect("restores");
    let page = cloud.delta(guest, &folder.id, DeltaStart::Nothing, 10).await.expect("open again");
    let ids: Vec<String> = page
        .entries
        .iter()
        .filter_map(|entry| match entry {
            DeltaEntry::Item(item) => Some(item.id.clone()),
            DeltaEntry::Removed { .. } => None,
        })
        .collect();
    assert_eq!(ids, [folder.id.clone(), inner.id, file.id]);
    let names = cloud.paths().await;
    assert!(names.contains(&"plans 1".to_owned()) && names.contains(&taken.name), "{names:?}");
    assert!(cloud.names(cloud.owner, BinStage::First).await.is_empty());
}

#[tokio::test]
async fn what_lost_its_folder_goes_to_the_nearest_one_above() {
    let cloud = Cloud::new().await;
    let outer = cloud.folder(&cloud.root(), "outer").await;
    let inner = cloud.folder(&outer.id, "inner").await;
    let file = cloud.file(&inner.id, "a.txt", b"one").await;
    cloud.delete(&file).await;
    cloud.delete(&inner).await;
    cloud.act(cloud.owner, &file.id, BinAction::Restore).await.expect("restores");
    let page = cloud.delta(cloud.owner, &outer.id, DeltaStart::Nothing, 10).await.expect("reads");
    let told = page.entries.iter().any(|entry| {
        matches!(entry, DeltaEntry::Item(item) if item.id == file.id && item.parent.as_deref() == Some(outer.id.as_str()))
    });
    assert!(told, "{:?}", page.entries);
}

#[tokio::test]
async fn r_x10_the_bin_is_emptied_after_93_days_whatever_the_stage() {
    let cloud = Cloud::new().await;
    let days =
        |days: i64| Timestamp::from_second(cloud.runtime.now().as_second() - days * 86_400).expect("a time");
    let (old, second, young) = (
        cloud.folder(&cloud.root(), "old").await,
        cloud.folder(&cloud.root(), "second").await,
        cloud.folder(&cloud.root(), "young").await,
    );
    let inside = cloud.file(&old.id, "a.txt", b"one").await;
    let start = cloud.delta(cloud.owner, &cloud.root(), DeltaStart::Nothing, 100).await.expect("reads");
    cloud.delete_tree(&old.id, days(94)).await;
    cloud.delete_tree(&second.id, days(94)).await;
    cloud.delete_tree(&young.id, days(92)).await;
    cloud.act(cloud.owner, &second.id, BinAction::Delete).await.expect("goes on");
    let operator = Operator::new(cloud.store.clone());
    assert_eq!(purge_expired(&operator).await.expect("purges"), 2);
    assert_eq!(purge_expired(&operator).await.expect("purges"), 0);
    assert_eq!(cloud.names(cloud.owner, BinStage::First).await, ["young"]);
    assert!(cloud.names(cloud.owner, BinStage::Second).await.is_empty());
    assert!(matches!(cloud.act(cloud.owner, &old.id, BinAction::Restore).await, Err(ItemError::NotFound)));
    // Who was away all the time is told that it is gone.
    let page =
        cloud.delta(cloud.owner, &cloud.root(), DeltaStart::Cursor(start.cursor), 100).await.expect("reads");
    let gone: Vec<&str> = page
        .entries
        .iter()
        .filter_map(|entry| match entry {
            DeltaEntry::Removed { id, .. } => Some(id.as_str()),
            DeltaEntry::Item(_) => None,
        })
        .collect();
    assert_eq!(gone.len(), 4);
    assert!([&inside.id, &old.id, &second.id, &young.id].iter().all(|id| gone.contains(&id.as_str())));
}

#[tokio::test]
async fn owners_alone_delete_past_the_bin() {
    let cloud = Cloud::new().await;
    let folder = cloud.folder(&cloud.root(), "shared").await;
    let file = cloud.file(&folder.id, "a.txt", b"one").await;
    let guest = cloud.guest("gus").await;
    cloud.share(&folder.id, guest, Role::Write).await;
    let destroy = |caller: Caller, item: &str| {
        let (item, call, request) = (id(item), cloud.call(caller), cloud.request(caller));
        async move { edit(&call, request, move |editor| editor.delete_permanently(item, &Condition::None)).await }
    };
    assert!(matches!(destroy(guest, &file.id).await, Err(ItemError::OwnersOnly)));
    assert!(matches!(destroy(cloud.owner, &cloud.root()).await, Err(ItemError::Root)));
    let start = cloud.delta(cloud.owner, &cloud.root(), DeltaStart::Nothing, 100).await.expect("reads");
    destroy(cloud.owner, &folder.id).await.expect("destroys");
    assert!(cloud.names(cloud.owner, BinStage::First).await.is_empty());
    let page =
        cloud.delta(cloud.owner, &cloud.root(), DeltaStart::Cursor(start.cursor), 100).await.expect("reads");
    let gone = page.entries.iter().filter(|entry| matches!(entry, DeltaEntry::Removed { .. })).count();
    assert_eq!(gone, 2);
    assert!(matches!(destroy(cloud.owner, &file.id).await, Err(ItemError::NotFound)));
}
