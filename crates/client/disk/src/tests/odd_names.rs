//! Odd names: what people and programs really call files, and what a hostile server might.

use std::os::unix::ffi::OsStrExt;

use engine::{LocalChange, LocalError};
use sync_core::Problem;

use super::fixture::{Fixture, everywhere};

#[test]
fn odd_names_are_placed_replaced_moved_and_trashed_like_any_other() {
    let long = "ä".repeat(127);
    let names = ["with space", "-rf", "🎉.txt", "\u{e9}", "e\u{301}", "a;b&c$(d)", "...", "%2e%2e", &long];
    for fixture in everywhere() {
        for name in names {
            fixture.apply(fixture.place(name, fixture.stage("s", "one"))).unwrap();
            fixture.apply(fixture.replace(name, fixture.stage("s", "two"))).unwrap();
            assert_eq!(fixture.text(name).as_deref(), Some("two"), "{name}");
        }
        assert_eq!(fixture.scan().len(), names.len());
        for name in names {
            let (node, _) = fixture.file(name);
            let change = LocalChange::Move { node, parent: fixture.top(), name: "moved".to_owned() };
            fixture.apply(change).unwrap();
            fixture.apply(fixture.trash("moved")).unwrap();
        }
        assert_eq!(fixture.scan(), []);
        assert_eq!(fixture.trashed().len(), 2 * names.len());
    }
}

#[test]
fn names_a_person_has_are_seen_and_moved_even_when_no_server_may_choose_them() {
    for fixture in everywhere() {
        fixture.write("line\nbreak", "x");
        let raw = std::ffi::OsStr::from_bytes(b"caf\xe9");
        std::fs::create_dir(fixture.path.join(raw)).unwrap();
        std::fs::write(fixture.path.join(raw).join("inner"), "x").unwrap();
        let shown = fixture.entry("caf\u{fffd}e9");
        assert_eq!(shown.problem, Some(Problem::NotUtf8));
        assert_eq!(fixture.entry("inner").parent, shown.id);
        let (inside, _) = fixture.file("caf\u{fffd}e9/inner");
        let out = LocalChange::Move { node: inside, parent: fixture.top(), name: "out".to_owned() };
        fixture.apply(out).unwrap();
        let (node, _) = fixture.file("caf\u{fffd}e9");
        let named = LocalChange::Move { node, parent: fixture.top(), name: "café".to_owned() };
        fixture.apply(named).unwrap();
        fixture.apply(fixture.trash("line\nbreak")).unwrap();
        let mut names: Vec<_> = fixture.scan().into_iter().map(|entry| entry.name).collect();
        names.sort();
        assert_eq!(names, ["café", "out"]);
    }
}

#[test]
fn a_hostile_name_is_refused_before_it_reaches_the_disk() {
    let fixture = Fixture::new();
    let names = [
        "..",
        ".",
        "",
        "a/b",
        "../x",
        "a\0b",
        "x\u{202e}fdp",
        ".footbridge",
        ".FOOTBRIDGE",
        &"x".repeat(256),
    ];
    for name in names {
        let stage = fixture.stage("s", "x");
        let change = fixture.place(name, stage);
        assert!(matches!(fixture.apply(change), Err(LocalError::Io(_))), "{name:?}");
        let make = LocalChange::MakeDir { parent: fixture.top(), name: name.to_owned() };
        assert!(matches!(fixture.apply(make), Err(LocalError::Io(_))), "{name:?}");
    }
    assert_eq!(fixture.scan(), []);
}

#[test]
fn names_swap_by_way_of_a_third_one() {
    let fixture = Fixture::new();
    fixture.write("a", "1");
    fixture.write("b", "2");
    let relocate = |from: &str, to: &str| {
        let (node, _) = fixture.file(from);
        fixture.apply(LocalChange::Move { node, parent: fixture.top(), name: to.to_owned() })
    };
    assert_eq!(relocate("a", "b"), Err(LocalError::Exists));
    relocate("a", ".footbridge-swap").unwrap();
    relocate("b", "a").unwrap();
    relocate(".footbridge-swap", "b").unwrap();
    assert_eq!((fixture.text("a"), fixture.text("b")), (Some("2".to_owned()), Some("1".to_owned())));
}
