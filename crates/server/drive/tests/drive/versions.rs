//! Versions: nothing that was replaced is lost, on whichever road it was.
#![expect(clippy::panic, reason = "what tests share fails by panicking too")]

use drive::delta::DeltaStart;
use drive::items::Condition;
use drive::reading::{ItemAddress, Reader};
use drive::versions::{VersionsPage, list_versions, open_version};
use drive::{ItemError, edit};
use model::{Caller, Role};
use transfer::{DeltaEntry, Outcome, PutTarget, RemoteItem};

use crate::cloud::{Cloud, id};

fn at(item: &str) -> ItemAddress {
    ItemAddress { start: Some(id(item)), path: Vec::new() }
}

impl Cloud {
    /// Writes other bytes the way a sync client does.
    async fn overwrite(&self, file: &RemoteItem, bytes: &[u8]) -> RemoteItem {
        let target = PutTarget::Existing { item: file.id.clone(), if_match: file.c_tag.clone() };
        let put = self.put(target, bytes).await;
        match self.apply_all(self.owner, vec![put]).await.expect("answers").remove(0) {
            Outcome::Done { item } => item,
            Outcome::Refused { error } => panic!("refused: {error:?}"),
        }
    }

    async fn versions(
        &self,
        caller: Caller,
        item: &str,
        before: Option<i64>,
        most: i64,
    ) -> Result<VersionsPage, ItemError> {
        let reader = Reader { caller, drive: self.drive.id, runtime: self.runtime.clone() };
        list_versions(&self.call(caller), reader, at(item), before, most).await
    }

    async fn numbers(&self, item: &str) -> Vec<i64> {
        let page = self.versions(self.owner, item, None, 100).await.expect("lists");
        page.versions.iter().map(|view| view.version.number).collect()
    }

    async fn restore_version(&self, caller: Caller, item: &str, number: i64) -> Result<(), ItemError> {
        let item = id(item);
        let request = self.request(caller);
        edit(&self.call(caller), request, move |editor| {
            editor.restore_version(item, number, &Condition::None).map(|_| ())
        })
        .await
    }
}

#[tokio::test]
async fn r_x10_every_overwrite_of_a_sync_client_keeps_what_was_there() {
    let cloud = Cloud::new().await;
    let file = cloud.file(&cloud.root(), "a.txt", b"one").await;
    let second = cloud.overwrite(&file, b"second").await;
    let renamed = cloud.rename(&second, &cloud.root(), "b.txt").await;
    let third = cloud.overwrite(&renamed, b"the third").await;
    let page = cloud.versions(cloud.owner, &file.id, None, 100).await.expect("lists");
    let told: Vec<(i64, u64)> =
        page.versions.iter().map(|view| (view.version.number, view.version.content.size)).collect();
    assert_eq!(told, [(3, 9), (2, 6), (1, 3)]);
    assert!(
        page.versions.iter().all(|view| view.written_by.as_ref().is_some_and(|by| by.id == cloud.owner.user))
    );
    let who = drive::contents::ContentCaller {
        caller: cloud.owner,
        drive: cloud.drive.id,
        runtime: cloud.runtime.clone(),
    };
    let open = open_version(&cloud.call(cloud.owner), &who, at(&file.id), 1).await.expect("opens");
    assert_eq!(open.reader.size(), 3);
    let first = cloud.versions(cloud.owner, &file.id, None, 2).await.expect("lists");
    assert_eq!((first.versions.len(), first.next), (2, Some(2)));
    let rest = cloud.versions(cloud.owner, &file.id, first.next, 2).await.expect("lists");
    assert_eq!((rest.versions[0].version.number, rest.versions.len(), rest.next), (1, 1, None));
    assert_eq!(third.id, file.id);
}

#[tokio::test]
async fn r_x10_restoring_a_version_makes_a_new_one_and_the_feed_tells_it() {
    let cloud = Cloud::new().await;
    let file = cloud.file(&cloud.root(), "a.txt", b"one").await;
    cloud.overwrite(&file, b"second").await;
    let start = cloud.delta(cloud.owner, &cloud.root(), DeltaStart::Nothing, 100).await.expect("reads");
    cloud.restore_version(cloud.owner, &file.id, 1).await.expect("restores");
    assert_eq!(cloud.numbers(&file.id).await, [3, 2, 1]);
    let news =
        cloud.delta(cloud.owner, &cloud.root(), DeltaStart::Cursor(start.cursor), 100).await.expect("reads");
    let told = news.entries.iter().find_map(|entry| match entry {
        DeltaEntry::Item(item) if item.id == file.id => Some(item.clone()),
        _ => None,
    });
    let told = told.expect("the file is told");
    assert_eq!(told.content, file.content, "its first bytes again");
    assert_ne!(told.c_tag, file.c_tag, "as a new content");
    // Once more changes nothing.
    cloud.restore_version(cloud.owner, &file.id, 1).await.expect("restores");
    cloud.restore_version(cloud.owner, &file.id, 3).await.expect("restores");
    assert_eq!(cloud.numbers(&file.id).await, [3, 2, 1]);
    let unknown = cloud.restore_version(cloud.owner, &file.id, 9).await;
    assert!(matches!(unknown, Err(ItemError::NotFound)));
    let folder = cloud.folder(&cloud.root(), "f").await;
    assert!(matches!(cloud.versions(cloud.owner, &folder.id, None, 1).await, Err(ItemError::NotAFile)));
}

#[tokio::test]
async fn readers_see_versions_and_change_none_and_others_see_nothing() {
    let cloud = Cloud::new().await;
    let folder = cloud.folder(&cloud.root(), "shared").await;
    let file = cloud.file(&folder.id, "a.txt", b"one").await;
    let beside = cloud.file(&cloud.root(), "b.txt", b"one").await;
    cloud.overwrite(&file, b"second").await;
    let guest = cloud.guest("gus").await;
    let read = cloud.share(&folder.id, guest, Role::Read).await;
    let page = cloud.versions(guest, &file.id, None, 100).await.expect("lists");
    assert_eq!((page.versions.len(), page.may_change()), (2, false));
    assert!(matches!(cloud.restore_version(guest, &file.id, 1).await, Err(ItemError::ReadOnly)));
    let delete = |number: i64| {
        let item = id(&file.id);
        let (call, request) = (cloud.call(guest), cloud.request(guest));
        async move { edit(&call, request, move |editor| editor.delete_version(item, number)).await }
    };
    assert!(matches!(delete(1).await, Err(ItemError::ReadOnly)));
    assert!(matches!(delete(7).await, Err(ItemError::NotFound)));
    assert!(matches!(cloud.versions(guest, &beside.id, None, 1).await, Err(ItemError::NotFound)));
    assert!(matches!(cloud.restore_version(guest, &beside.id, 1).await, Err(ItemError::NotFound)));
    cloud.revoke(read).await;
    cloud.share(&folder.id, guest, Role::Write).await;
    assert!(matches!(delete(2).await, Err(ItemError::PresentVersion)));
    delete(1).await.expect("deletes");
    assert_eq!(cloud.numbers(&file.id).await, [2]);
}
