//! Copying on the server: whole folders in batches, by what the person may do at that moment, over interruptions.

use drive::copy::{Advance, CopyRequest, StartedCopy, advance_copy, load_copy, start_copy};
use drive::delta::DeltaStart;
use drive::reading::ItemAddress;
use drive::sites::{NewSite, create_site};
use drive::{ConflictBehavior, ItemError};
use model::{Caller, CopyId, CopyState, DriveId, Role};
use storage::Operator;
use transfer::{DeltaEntry, RemoteItem};

use crate::cloud::{Cloud, id};
use crate::inheritance::take_copy;

fn at(item: &str) -> ItemAddress {
    ItemAddress { start: Some(id(item)), path: Vec::new() }
}

impl Cloud {
    async fn copy(
        &self,
        caller: Caller,
        item: &str,
        to: (DriveId, &str),
        name: Option<&str>,
    ) -> Result<StartedCopy, ItemError> {
        let request = CopyRequest {
            caller,
            source_drive: self.drive.id,
            source: at(item),
            target: Some((to.0, at(to.1))),
            name: name.map(str::to_owned),
            conflict: ConflictBehavior::Fail,
        };
        start_copy(&self.call(caller), request).await
    }

    /// Ids of the copies that wait in the queue of jobs.
    async fn queued(&self) -> Vec<CopyId> {
        let now = self.runtime.now();
        let due = Operator::new(self.store.clone()).read(move |cloud| cloud.list_due_jobs(now, 100)).await;
        let due: Result<Vec<_>, storage::StorageError> = due;
        due.expect("reads").iter().filter_map(|job| job.payload.parse().ok()).collect()
    }

    async fn finish(&self, copy: CopyId) -> usize {
        for batches in 1.. {
            let advance = advance_copy(&self.store, self.drive.tenant, copy).await.expect("goes on");
            if advance == Advance::Over {
                return batches;
            }
        }
        0
    }

    async fn tree(&self, item: &str) -> Vec<RemoteItem> {
        let page = self.delta(self.owner, item, DeltaStart::Nothing, 5_000).await.expect("reads");
        let live = page.entries.into_iter().filter_map(|entry| match entry {
            DeltaEntry::Item(item) => Some(item),
            DeltaEntry::Removed { .. } => None,
        });
        live.collect()
    }
}

fn names(tree: &[RemoteItem]) -> Vec<&str> {
    let mut names: Vec<&str> = tree.iter().map(|item| item.name.as_str()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_file_is_copied_at_once_and_shares_its_content() {
    let cloud = Cloud::new().await;
    let folder = cloud.folder(&cloud.root(), "f").await;
    let file = cloud.file(&cloud.root(), "a.txt", b"one").await;
    let started =
        cloud.copy(cloud.owner, &file.id, (cloud.drive.id, &folder.id), None).await.expect("copies");
    let copy = load_copy(&cloud.store, started.monitor).await.expect("tells");
    assert_eq!((copy.state.clone(), copy.percentage()), (CopyState::Completed, 100.0));
    let tree = cloud.tree(&folder.id).await;
    assert_eq!((tree[1].id.clone(), &tree[1].content), (started.target.to_string(), &file.content));
    assert_eq!(tree[1].modified, file.modified);
    assert!(cloud.queued().await.is_empty());
    let again = cloud.copy(cloud.owner, &file.id, (cloud.drive.id, &folder.id), None).await;
    assert!(matches!(again, Err(ItemError::NameTaken(_))));
}

#[tokio::test]
async fn a_folder_is_copied_in_batches_to_another_library_and_a_lost_batch_is_done_once() {
    let cloud = Cloud::new().await;
    let new = NewSite { name: "eagle".to_owned(), display_name: "Eagle".to_owned() };
    let eagle = create_site(&cloud.call(cloud.owner), cloud.owner, new).await.expect("makes a site").library;
    let folder = cloud.folder(&cloud.root(), "big").await;
    let deep = cloud.folder(&folder.id, "deep").await;
    cloud.folder(&deep.id, "empty").await;
    let mut puts = Vec::new();
    for number in 0..450 {
        let parent = if number % 2 == 0 { &folder.id } else { &deep.id };
        let target = transfer::PutTarget::New { parent: parent.clone(), name: format!("f{number}.txt") };
        puts.push(cloud.put(target, b"same").await);
    }
    cloud.apply_all(cloud.owner, puts).await.expect("answers");
    let to = (eagle.id, eagle.root.to_string());
    let started = cloud.copy(cloud.owner, &folder.id, (to.0, &to.1), Some("copied")).await.expect("begins");
    let copy = load_copy(&cloud.store, started.monitor).await.expect("tells");
    assert_eq!((copy.state, copy.total, copy.done), (CopyState::Running, 453, 1));
    let queued = cloud.queued().await;
    assert_eq!(queued.len(), 1);
    // Two workers at once, one of which takes over what the other seems to have left.
    let (one, two) = (
        advance_copy(&cloud.store, cloud.drive.tenant, queued[0]),
        advance_copy(&cloud.store, cloud.drive.tenant, queued[0]),
    );
    let both = futures_util::future::join(one, two).await;
    assert_eq!((both.0.expect("goes on"), both.1.expect("goes on")), (Advance::More, Advance::More));
    let copy = load_copy(&cloud.store, started.monitor).await.expect("tells");
    assert!((1.0..100.0).contains(&copy.percentage()), "{}", copy.percentage());
    assert!(cloud.finish(queued[0]).await >= 1);
    assert_eq!(cloud.finish(queued[0]).await, 1, "once more changes nothing");
    let copy = load_copy(&cloud.store, started.monitor).await.expect("tells");
    assert_eq!((copy.state, copy.done), (CopyState::Completed, 453));
    let request = drive::delta::DeltaRequest {
        caller: cloud.owner,
        drive: eagle.id,
        item: started.target,
        start: DeltaStart::Nothing,
        limit: 5_000,
        runtime: cloud.runtime.clone(),
    };
    let sealer = drive::delta::CursorSealer::new(&[9; 32]);
    let page = drive::delta::read_delta(&cloud.call(cloud.owner), &sealer, request)
        .await
        .expect("reads")
        .into_page();
    let copied: Vec<RemoteItem> = page
        .entries
        .into_iter()
        .filter_map(|entry| match entry {
            DeltaEntry::Item(item) => Some(item),
            DeltaEntry::Removed { .. } => None,
        })
        .collect();
    let original = cloud.tree(&folder.id).await;
    assert_eq!(names(&copied[1..]), names(&original[1..]));
    assert_eq!(copied[0].name, "copied");
}

#[tokio::test]
async fn a_copy_stops_when_the_person_may_not_write_any_more_and_its_monitor_closes() {
    let cloud = Cloud::new().await;
    let source = cloud.folder(&cloud.root(), "source").await;
    cloud.file(&source.id, "a.txt", b"one").await;
    let (target, other) =
        (cloud.folder(&cloud.root(), "target").await, cloud.folder(&cloud.root(), "other").await);
    let guest = cloud.guest("gus").await;
    cloud.share(&source.id, guest, Role::Read).await;
    let to = (cloud.drive.id, target.id.as_str());
    assert!(matches!(cloud.copy(guest, &source.id, to, None).await, Err(ItemError::NotFound)));
    let read = cloud.share(&target.id, guest, Role::Read).await;
    assert!(matches!(cloud.copy(guest, &source.id, to, None).await, Err(ItemError::ReadOnly)));
    cloud.revoke(read).await;
    let write = cloud.share(&target.id, guest, Role::Write).await;
    assert!(matches!(cloud.copy(guest, &other.id, to, None).await, Err(ItemError::NotFound)));
    let started = cloud.copy(guest, &source.id, to, None).await.expect("begins");
    cloud.revoke(write).await;
    let read = cloud.share(&target.id, guest, Role::Read).await;
    let queued = cloud.queued().await;
    assert_eq!(cloud.finish(queued[0]).await, 1);
    let copy = load_copy(&cloud.store, started.monitor).await.expect("tells");
    assert!(
        matches!(copy.state, CopyState::Failed { ref code, .. } if code == "accessDenied"),
        "{:?}",
        copy.state
    );
    assert_eq!(names(&cloud.tree(&target.id).await), ["source", "target"], "nothing more was copied");
    cloud.revoke(read).await;
    assert!(matches!(load_copy(&cloud.store, started.monitor).await, Err(ItemError::NotFound)));
}

#[tokio::test]
async fn a_copy_refuses_circles_long_paths_and_the_root() {
    let cloud = Cloud::new().await;
    let outer = cloud.folder(&cloud.root(), "outer").await;
    let inner = cloud.folder(&outer.id, "inner").await;
    cloud.folder(&outer.id, &"x".repeat(200)).await;
    let far = cloud.folder(&cloud.root(), &"y".repeat(200)).await;
    for (item, to) in [(&outer.id, &outer.id), (&outer.id, &inner.id)] {
        let refused = cloud.copy(cloud.owner, item, (cloud.drive.id, to), Some("z")).await;
        assert!(matches!(refused, Err(ItemError::Cycle)));
    }
    let refused = cloud.copy(cloud.owner, &outer.id, (cloud.drive.id, &far.id), None).await;
    assert!(matches!(refused, Err(ItemError::PathTooLong(_))));
    let refused = cloud.copy(cloud.owner, &cloud.root(), (cloud.drive.id, &far.id), None).await;
    assert!(matches!(refused, Err(ItemError::Root)));
    assert!(cloud.queued().await.is_empty());
}

#[tokio::test]
async fn a_copy_takes_nothing_along_that_is_hidden_from_who_copies() {
    let cloud = Cloud::new().await;
    let shared = cloud.folder(&cloud.root(), "shared").await;
    let source = cloud.folder(&shared.id, "source").await;
    cloud.file(&source.id, "open.txt", b"open").await;
    let secret = cloud.folder(&source.id, "secret").await;
    cloud.file(&secret.id, "deep.txt", b"deep").await;
    let guest = cloud.guest("gus").await;
    cloud.share(&shared.id, guest, Role::Write).await;
    take_copy(&cloud, &secret.id, guest).await;
    let to = (cloud.drive.id, shared.id.as_str());
    let started = cloud.copy(guest, &source.id, to, Some("copy")).await.expect("begins");
    for queued in cloud.queued().await {
        cloud.finish(queued).await;
    }
    assert_eq!(names(&cloud.tree(&started.target.to_string()).await), ["copy", "open.txt"]);
}
