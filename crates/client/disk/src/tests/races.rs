//! Races: somebody interferes between a check and the step it was made for. The step is refused or taken back, and
//! what somebody did stays.

use std::io::Write;

use engine::{LocalChange, LocalError, StageId};
use sync_core::ItemId;

use super::fixture::{Fixture, everywhere};
use crate::stop_point::testing::{at_points, no_points};
use crate::trash::parked_changes;

fn interfered(
    fixture: &Fixture,
    change: LocalChange,
    at: &'static str,
    mut interfere: impl FnMut() + 'static,
) -> Result<engine::Applied, LocalError> {
    at_points(move |point| {
        if point == at {
            interfere();
        }
    });
    let result = fixture.apply(change);
    no_points();
    result
}

#[test]
fn an_edit_between_check_and_exchange_is_put_back() {
    for at in ["batch: prepared", "batch: synced", "replace: checked"] {
        for fixture in everywhere() {
            fixture.write("a.txt", "old");
            let change = fixture.replace("a.txt", fixture.stage("s", "new"));
            let path = fixture.path.join("a.txt");
            let edit = move || std::fs::write(&path, "edited").unwrap();
            assert_eq!(interfered(&fixture, change, at, edit), Err(LocalError::Changed));
            assert_eq!(fixture.text("a.txt").as_deref(), Some("edited"), "{at}");
            assert_eq!(fixture.trashed(), Vec::<String>::new(), "{at}");
            // Nothing is left over and the stage can be used again.
            fixture.apply(fixture.replace("a.txt", StageId("s".to_owned()))).unwrap();
            assert_eq!(fixture.text("a.txt").as_deref(), Some("new"));
        }
    }
}

#[test]
fn an_atomic_save_over_the_new_version_at_the_same_moment_keeps_every_version() {
    for fixture in everywhere() {
        fixture.write("a.txt", "old");
        let change = fixture.replace("a.txt", fixture.stage("s", "new"));
        let (path, other) = (fixture.path.join("a.txt"), fixture.path.join("b.txt"));
        at_points(move |point| match point {
            "replace: checked" => std::fs::write(&path, "edited").unwrap(),
            "replace: undoing" => {
                std::fs::write(&other, "saved").unwrap();
                std::fs::rename(&other, &path).unwrap();
            }
            _ => {}
        });
        assert_eq!(fixture.apply(change), Err(LocalError::Changed));
        no_points();
        let readable = fixture.readable();
        assert!(readable.contains(&"edited".to_owned()) && readable.contains(&"saved".to_owned()));
        let parked = parked_changes(&fixture.root()).unwrap().remove(0);
        assert_eq!((parked.name.as_str(), parked.item), ("a.txt", Some(ItemId::new("item"))));
        let unpark = LocalChange::Unpark {
            parked: parked.parked,
            parent: fixture.top(),
            name: "a (conflict).txt".to_owned(),
        };
        fixture.apply(unpark).unwrap();
        assert_eq!(fixture.text("a (conflict).txt").as_deref(), Some("saved"));
        assert_eq!(parked_changes(&fixture.root()).unwrap(), []);
    }
}

#[test]
fn without_exchange_an_edit_or_a_new_file_at_the_name_is_never_overwritten() {
    for at in ["replace: checked", "replace: moved out"] {
        let mut fixture = Fixture::new();
        fixture.set_exchanges(false);
        fixture.write("a.txt", "old");
        let change = fixture.replace("a.txt", fixture.stage("s", "new"));
        let path = fixture.path.join("a.txt");
        let edit = move || std::fs::write(&path, "edited").unwrap();
        assert_eq!(interfered(&fixture, change, at, edit), Err(LocalError::Changed));
        assert_eq!(fixture.text("a.txt").as_deref(), Some("edited"), "{at}");
        if at == "replace: moved out" {
            assert_eq!(fixture.trashed(), ["old"]);
        }
    }
}

#[test]
fn an_edit_between_check_and_trash_stays_in_the_tree() {
    for fixture in everywhere() {
        fixture.write("a.txt", "old");
        let path = fixture.path.join("a.txt");
        let edit = move || std::fs::write(&path, "edited").unwrap();
        let change = fixture.trash("a.txt");
        assert_eq!(interfered(&fixture, change, "trash: checked", edit), Err(LocalError::Changed));
        assert_eq!(fixture.text("a.txt").as_deref(), Some("edited"));
        assert_eq!(fixture.trashed(), Vec::<String>::new());
    }
}

#[test]
fn a_program_that_writes_on_after_a_replace_makes_a_local_edit() {
    for fixture in everywhere() {
        fixture.write("a.txt", "old");
        let mut held = std::fs::OpenOptions::new().append(true).open(fixture.path.join("a.txt")).unwrap();
        fixture.apply(fixture.replace("a.txt", fixture.stage("s", "new"))).unwrap();
        assert_eq!(parked_changes(&fixture.root()).unwrap(), []);
        held.write_all(b" and more").unwrap();
        assert_eq!(parked_changes(&fixture.root()).unwrap().len(), 1);
        assert_eq!(fixture.trashed(), ["old and more"]);
    }
}

#[test]
fn a_place_never_overwrites_what_appeared_meanwhile() {
    for fixture in everywhere() {
        let change = fixture.place("a.txt", fixture.stage("s", "new"));
        let path = fixture.path.join("a.txt");
        let write = move || std::fs::write(&path, "mine").unwrap();
        assert_eq!(interfered(&fixture, change, "place: before", write), Err(LocalError::Exists));
        assert_eq!(fixture.text("a.txt").as_deref(), Some("mine"));
        // The stage is still finished.
        fixture.apply(fixture.place("b.txt", StageId("s".to_owned()))).unwrap();
    }
}

#[test]
fn a_link_put_in_the_way_between_check_and_use_leads_nowhere() {
    let outside = tempfile::tempdir().unwrap();
    for fixture in everywhere() {
        std::fs::create_dir(fixture.path.join("sub")).unwrap();
        std::fs::write(outside.path().join("secret.txt"), "secret").unwrap();
        fixture.write("sub/secret.txt", "mine");
        let (parent, (target, expected)) = (fixture.file("sub").0, fixture.file("sub/secret.txt"));
        let stage = fixture.stage("s", "new");
        std::fs::rename(fixture.path.join("sub"), fixture.path.join("away")).unwrap();
        std::os::unix::fs::symlink(outside.path(), fixture.path.join("sub")).unwrap();

        let item = ItemId::new("item");
        let changes = [
            LocalChange::Place { stage: stage.clone(), parent: parent.clone(), name: "x".to_owned() },
            LocalChange::MakeDir { parent, name: "x".to_owned() },
            LocalChange::Replace { stage, target: target.clone(), expected, item },
            LocalChange::Trash { node: target.clone(), expected, item: None },
            LocalChange::Rescue { node: target.clone(), expected },
            LocalChange::Move { node: target, parent: fixture.top(), name: "y".to_owned() },
        ];
        for change in changes {
            assert_eq!(fixture.apply(change.clone()), Err(LocalError::Changed), "{change:?}");
        }
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
        assert_eq!(std::fs::read_to_string(outside.path().join("secret.txt")).unwrap(), "secret");
        assert_eq!(fixture.text("away/secret.txt").as_deref(), Some("mine"));
    }
}

#[test]
fn a_file_exchanged_for_a_link_while_it_is_trashed_or_moved_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.txt");
    std::fs::write(&secret, "secret").unwrap();
    for (at, name) in [("trash: checked", "a.txt"), ("move: checked", "b.txt")] {
        let fixture = Fixture::new();
        fixture.write(name, "mine");
        let (path, target) = (fixture.path.join(name), secret.clone());
        let swap = move || {
            std::fs::rename(&path, path.with_extension("kept")).unwrap();
            std::os::unix::fs::symlink(&target, &path).unwrap();
        };
        let change = if at.starts_with("trash") {
            fixture.trash(name)
        } else {
            let (node, _) = fixture.file(name);
            LocalChange::Move { node, parent: fixture.top(), name: "c.txt".to_owned() }
        };
        assert_eq!(interfered(&fixture, change, at, swap), Err(LocalError::Changed));
        assert!(fixture.path.join(name).is_symlink(), "the link is back where it was put");
        assert_eq!(std::fs::read_to_string(&secret).unwrap(), "secret");
    }
}
