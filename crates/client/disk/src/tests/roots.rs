//! Roots: unmounted, replaced, unmarked, shared by two clients.

use engine::{LocalChange, LocalError, LocalTree};
use runtime::Runtime;

use super::fixture::Fixture;
use crate::DiskTree;
use crate::root::link;

fn is_unavailable<T>(result: Result<T, LocalError>) -> bool {
    matches!(result, Err(LocalError::Unavailable(_)))
}

#[tokio::test]
async fn an_unmounted_or_replaced_root_is_unavailable_and_nothing_is_done() {
    let mut fixture = Fixture::new();
    fixture.let_go();
    std::fs::write(fixture.path.join("a.txt"), "x").unwrap();
    let tree = DiskTree::new(Runtime::tokio(), fixture.options.clone(), fixture.identity.clone());
    let health = tree.health().await.unwrap();
    assert_eq!(tree.scan().await.unwrap().entries.len(), 1);

    // The medium is gone and its empty mount point is left.
    let away = fixture.path.with_extension("away");
    std::fs::rename(&fixture.path, &away).unwrap();
    std::fs::create_dir(&fixture.path).unwrap();
    assert!(is_unavailable(tree.scan().await));
    assert!(is_unavailable(tree.health().await));
    assert!(is_unavailable(tree.scan().await));
    assert!(is_unavailable(tree.parked_changes().await));
    let top = engine::LocalRef { path: sync_core::RelPath::root(), id: health.root };
    let change = LocalChange::MakeDir { parent: top, name: "new".to_owned() };
    assert!(is_unavailable(tree.apply(&[change]).await.remove(0)));
    assert_eq!(std::fs::read_dir(&fixture.path).unwrap().count(), 0);

    // It comes back.
    std::fs::remove_dir(&fixture.path).unwrap();
    std::fs::rename(&away, &fixture.path).unwrap();
    assert_eq!(tree.health().await.unwrap().root, health.root);
    assert_eq!(tree.scan().await.unwrap().entries.len(), 1);
}

#[tokio::test]
async fn a_control_folder_that_somebody_emptied_is_made_again() {
    let mut fixture = Fixture::new();
    fixture.let_go();
    let tree = DiskTree::new(Runtime::tokio(), fixture.options.clone(), fixture.identity.clone());
    tree.health().await.unwrap();
    std::fs::remove_dir_all(fixture.path.join(".footbridge/trash")).unwrap();
    assert!(is_unavailable(tree.scan().await));
    tree.health().await.unwrap();
    tree.scan().await.unwrap();
    assert!(fixture.path.join(".footbridge/trash").is_dir());
}

#[tokio::test]
async fn a_root_that_appears_later_is_found() {
    let mut fixture = Fixture::new();
    fixture.let_go();
    let away = fixture.path.with_extension("away");
    std::fs::rename(&fixture.path, &away).unwrap();
    let tree = DiskTree::new(Runtime::tokio(), fixture.options.clone(), fixture.identity.clone());
    assert!(is_unavailable(tree.health().await));
    std::fs::rename(&away, &fixture.path).unwrap();
    tree.health().await.unwrap();
}

#[test]
fn a_root_without_its_marker_or_with_anothers_is_unavailable() {
    let fixture = Fixture::new();
    let marker = fixture.path.join(".footbridge/marker");
    let text = std::fs::read_to_string(&marker).unwrap();
    std::fs::remove_file(&marker).unwrap();
    assert!(is_unavailable(fixture.root().health()));
    std::fs::write(&marker, text.replace(&fixture.identity.nonce, "0123")).unwrap();
    assert!(is_unavailable(fixture.root().health()));
    std::fs::write(&marker, "").unwrap();
    assert!(is_unavailable(fixture.root().health()));
    std::fs::write(&marker, text).unwrap();
    fixture.root().health().unwrap();
    assert_eq!(link(&Runtime::tokio(), &fixture.path).unwrap(), fixture.identity);
}

#[test]
fn the_trash_of_a_copied_root_is_kept_and_its_files_are_no_edits() {
    let mut fixture = Fixture::new();
    fixture.write("a.txt", "old");
    fixture.apply(fixture.trash("a.txt")).unwrap();
    let copy = fixture.path.with_extension("copy");
    let copied = std::process::Command::new("cp").arg("-a").arg(&fixture.path).arg(&copy).status().unwrap();
    assert!(copied.success());
    (fixture.path, fixture.options.root) = (copy.clone(), copy);
    fixture.restart();
    assert_eq!(crate::trash::parked_changes(&fixture.root()).unwrap(), []);
    assert_eq!(fixture.trashed(), ["old"]);
}

#[test]
fn two_clients_cannot_hold_one_root() {
    let mut fixture = Fixture::new();
    assert!(is_unavailable(fixture.attach()));
    fixture.let_go();
    fixture.attach().unwrap();
}

#[test]
fn a_link_is_no_root() {
    let mut fixture = Fixture::new();
    fixture.let_go();
    let link = fixture.path.with_extension("link");
    std::os::unix::fs::symlink(&fixture.path, &link).unwrap();
    fixture.options.root = link;
    assert!(is_unavailable(fixture.attach()));
}
