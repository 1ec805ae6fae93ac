//! Watching: events become hints, the barrier waits for them, and what cannot be heard is not silent.

use std::collections::BTreeSet;

use engine::{LocalHint, LocalTree};
use runtime::Runtime;
use sync_core::{Motion, RelPath};

use super::fixture::Fixture;
use crate::DiskTree;
use crate::watch::drain;

async fn tree(fixture: &mut Fixture) -> DiskTree {
    fixture.let_go();
    let tree = DiskTree::new(Runtime::tokio(), fixture.options.clone(), fixture.identity.clone());
    assert_eq!(tree.hint().await, LocalHint::Everything);
    tree.scan().await.unwrap();
    tree.barrier().await.unwrap();
    tree.ready_hint();
    tree
}

/// Waits for everything that happened until now and returns the folders named.
async fn hinted(tree: &DiskTree) -> BTreeSet<String> {
    tree.barrier().await.unwrap();
    match tree.ready_hint() {
        Some(LocalHint::Folders(folders)) => folders.iter().map(|path| path.as_str().to_owned()).collect(),
        Some(LocalHint::Everything) => BTreeSet::from(["*".to_owned()]),
        None => BTreeSet::new(),
    }
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn the_barrier_waits_for_what_happened_before_it() {
    let mut fixture = Fixture::new();
    std::fs::create_dir(fixture.path.join("d")).unwrap();
    let tree = tree(&mut fixture).await;
    assert_eq!(hinted(&tree).await, set(&[]));
    fixture.write("d/a", "x");
    assert_eq!(hinted(&tree).await, set(&["d"]));
    fixture.write("b", "x");
    std::fs::remove_file(fixture.path.join("d/a")).unwrap();
    assert_eq!(hinted(&tree).await, set(&["", "d"]));
    assert_eq!(tree.watch_gap(), None);
}

#[tokio::test]
async fn a_hint_comes_without_asking() {
    let mut fixture = Fixture::new();
    let tree = tree(&mut fixture).await;
    let (hint, ()) = tokio::join!(tree.hint(), async { fixture.write("a", "x") });
    assert_eq!(hint, LocalHint::Folders(vec![RelPath::root()]));
}

#[tokio::test]
async fn new_folders_are_watched_to_the_bottom_however_fast_they_fill_and_move() {
    let mut fixture = Fixture::new();
    let tree = tree(&mut fixture).await;
    std::fs::create_dir_all(fixture.path.join("a/b/c")).unwrap();
    fixture.write("a/b/c/deep", "x");
    std::fs::rename(fixture.path.join("a"), fixture.path.join("z")).unwrap();
    assert!(hinted(&tree).await.is_superset(&set(&["", "z/b/c"])));
    fixture.write("z/b/c/deep", "y");
    assert_eq!(hinted(&tree).await, set(&["z/b/c"]));
    std::fs::rename(fixture.path.join("z/b"), fixture.path.join("b")).unwrap();
    assert!(hinted(&tree).await.is_superset(&set(&["", "z"])));
    fixture.write("b/c/deep", "z");
    assert_eq!(hinted(&tree).await, set(&["b/c"]));
}

#[tokio::test]
async fn a_folder_that_left_the_root_is_not_heard_any_more() {
    let mut fixture = Fixture::new();
    std::fs::create_dir(fixture.path.join("d")).unwrap();
    let tree = tree(&mut fixture).await;
    let outside = fixture.path.with_extension("outside");
    std::fs::rename(fixture.path.join("d"), &outside).unwrap();
    assert_eq!(hinted(&tree).await, set(&[""]));
    std::fs::write(outside.join("a"), "x").unwrap();
    assert_eq!(hinted(&tree).await, set(&[]));
    std::fs::rename(&outside, fixture.path.join("d")).unwrap();
    assert_eq!(hinted(&tree).await, set(&["", "d"]));
    fixture.write("d/a", "y");
    assert_eq!(hinted(&tree).await, set(&["d"]));
}

#[tokio::test]
async fn a_file_is_settled_at_once_when_its_writer_closes_it_or_it_is_moved_in() {
    let mut fixture = Fixture::new();
    let tree = tree(&mut fixture).await;
    let mut writer = std::fs::File::create(fixture.path.join("open")).unwrap();
    std::io::Write::write_all(&mut writer, b"x").unwrap();
    fixture.write("closed", "x");
    let outside = fixture.path.with_extension("outside");
    std::fs::write(&outside, "x").unwrap();
    std::fs::rename(&outside, fixture.path.join("moved")).unwrap();
    tree.barrier().await.unwrap();
    let motion = |scan: &engine::Scan, name: &str| {
        scan.entries.iter().find(|entry| entry.name == name).map(|entry| entry.motion)
    };
    let scan = tree.scan().await.unwrap();
    assert_eq!(motion(&scan, "open"), Some(Motion::Moving));
    assert_eq!(motion(&scan, "closed"), Some(Motion::Settled));
    assert_eq!(motion(&scan, "moved"), Some(Motion::Settled));
    drop(writer);
    tree.barrier().await.unwrap();
    assert_eq!(motion(&tree.scan().await.unwrap(), "open"), Some(Motion::Settled));
}

#[tokio::test]
async fn a_moving_file_is_looked_at_again_when_it_may_have_settled() {
    let mut fixture = Fixture::new();
    fixture.options.settle = std::time::Duration::from_millis(50);
    fixture.write("a", "x");
    fixture.let_go();
    let tree = DiskTree::new(Runtime::tokio(), fixture.options.clone(), fixture.identity.clone());
    assert_eq!(tree.hint().await, LocalHint::Everything);
    if tree.scan().await.unwrap().entries[0].motion == Motion::Moving {
        assert_eq!(tree.hint().await, LocalHint::Folders(vec![RelPath::root()]));
    }
}

#[test]
fn lost_events_mean_that_anything_may_have_changed() {
    let fixture = Fixture::new();
    let root = fixture.root();
    fixture.scan();
    root.watch.ready(root.runtime.elapsed());
    let limit: usize =
        std::fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap().trim().parse().unwrap();
    let (one, two) = (fixture.path.join("a"), fixture.path.join("b"));
    std::fs::write(&one, "x").unwrap();
    for _ in 0..=limit / 4 {
        std::fs::rename(&one, &two).unwrap();
        std::fs::rename(&two, &one).unwrap();
    }
    drain(&root);
    assert_eq!(root.watch.ready(root.runtime.elapsed()), Some(LocalHint::Everything));
}

#[test]
fn a_watch_that_cannot_hear_everything_says_so_and_looks_at_everything_now_and_then() {
    let fixture = Fixture::new();
    let root = fixture.root();
    fixture.scan();
    let start = root.runtime.elapsed();
    assert_eq!(root.watch.ready(start), Some(LocalHint::Everything));
    assert_eq!(root.watch.ready(start + std::time::Duration::from_secs(3600)), None);
    root.watch.pretend_gap("the limit of watched folders is reached");
    assert!(root.watch.gap().is_some());
    assert_eq!(root.watch.ready(start), None);
    let patience = root.watch.patience(start);
    assert!(patience <= std::time::Duration::from_secs(60));
    assert_eq!(root.watch.ready(start + patience), Some(LocalHint::Everything));
    // A scan that could watch all folders mends it.
    fixture.scan();
    assert_eq!(root.watch.gap(), None);
}
