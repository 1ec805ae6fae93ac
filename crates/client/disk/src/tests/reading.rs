//! Reading for an upload and listing.

use std::os::unix::fs::PermissionsExt;

use engine::{LocalError, LocalRef};
use sync_core::{LocalKind, Motion, Problem, RelPath};
use transfer::{ChunkHash, OperationBatch};

use super::fixture::{Fixture, everywhere};
use crate::read::{Attempt, read, read_part};
use crate::stop_point::testing::{at_points, no_points};

/// Reads until the file's times are old enough to be trusted.
fn read_settled(fixture: &Fixture, file: &LocalRef) -> engine::HashedFile {
    for _ in 0..1_000_000 {
        match read(&fixture.root(), std::slice::from_ref(file)).remove(0) {
            Attempt::Done(file) => return *file,
            Attempt::Unsettled => std::thread::yield_now(),
            Attempt::Failed(error) => panic!("{error}"),
        }
    }
    panic!("it never settled")
}

#[test]
fn small_and_large_files_are_named_as_the_server_names_them() {
    for fixture in everywhere() {
        let large: String = (0..700_000).map(|n: u32| format!("{n} ")).collect();
        let inline = "x".repeat(OperationBatch::MAX_INLINE);
        for (name, text) in [("empty", ""), ("small", "hello"), ("inline", &*inline), ("large", &*large)] {
            fixture.write(name, text);
            let file = read_settled(&fixture, &fixture.file(name).0);
            assert_eq!(file.manifest.size(), text.len() as u64);
            assert_eq!(file.inline.is_some(), text.len() <= OperationBatch::MAX_INLINE);
            let mut at = 0;
            for chunk in &file.manifest.chunks {
                let end = at + chunk.length as usize;
                assert_eq!(chunk.hash, ChunkHash::of(&text.as_bytes()[at..end]));
                at = end;
            }
        }
        let (file, seen) = fixture.file("large");
        assert_eq!(&read_part(&fixture.root(), &file, &seen, 2, 7).unwrap()[..], &large.as_bytes()[2..9]);
        fixture.write("large", "shorter");
        assert_eq!(read_part(&fixture.root(), &file, &seen, 2, 7), Err(LocalError::Changed));
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_uploaded() {
    for fixture in everywhere() {
        fixture.write("a.txt", "before");
        let file = fixture.file("a.txt").0;
        read_settled(&fixture, &file);
        for at in ["read: looked", "read: read"] {
            let path = fixture.path.join("a.txt");
            at_points(move |point| {
                if point == at {
                    std::fs::write(&path, "after!").unwrap();
                }
            });
            let attempt = read(&fixture.root(), std::slice::from_ref(&file)).remove(0);
            no_points();
            assert!(matches!(attempt, Attempt::Unsettled), "{at}: {attempt:?}");
        }
        assert!(read_settled(&fixture, &file).inline.is_some_and(|bytes| &bytes[..] == b"after!"));
    }
}

#[test]
fn a_file_replaced_by_another_is_not_the_one_meant() {
    let fixture = Fixture::new();
    fixture.write("a.txt", "one");
    let (file, _) = fixture.file("a.txt");
    fixture.write("b.txt", "two");
    std::fs::rename(fixture.path.join("b.txt"), fixture.path.join("a.txt")).unwrap();
    let attempt = read(&fixture.root(), &[file]).remove(0);
    assert!(matches!(attempt, Attempt::Failed(LocalError::Changed)));
}

#[test]
fn what_cannot_sync_is_listed_with_its_problem() {
    for fixture in everywhere() {
        let path = |name: &str| fixture.path.join(name);
        std::fs::create_dir(path("folder")).unwrap();
        fixture.write("folder/inner", "x");
        std::os::unix::fs::symlink("folder", path("link")).unwrap();
        std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap();
        let socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
        std::fs::hard_link(path("folder/inner"), path("second name")).unwrap();
        let found: Vec<(String, LocalKind, Option<Problem>)> =
            fixture.scan().into_iter().map(|entry| (entry.name, entry.kind, entry.problem)).collect();
        let mut sorted = found.clone();
        sorted.sort();
        let expected = [
            ("folder", LocalKind::Folder, None),
            ("inner", LocalKind::File, None),
            ("link", LocalKind::Other, Some(Problem::Symlink)),
            ("pipe", LocalKind::Other, Some(Problem::Special)),
            ("second name", LocalKind::File, None),
            ("socket", LocalKind::Other, Some(Problem::Special)),
        ];
        assert_eq!(sorted, expected.map(|(name, kind, problem)| (name.to_owned(), kind, problem)));
        let (one, two) = (fixture.entry("inner"), fixture.entry("second name"));
        assert!(one.id.inode == two.id.inode && one.id != two.id, "each name is its own node");
        drop(socket);
    }
}

#[test]
fn a_folder_that_cannot_be_read_is_a_problem_and_not_empty() {
    let fixture = Fixture::new();
    std::fs::create_dir(fixture.path.join("closed")).unwrap();
    fixture.write("closed/inner", "x");
    let mode =
        |bits| std::fs::set_permissions(fixture.path.join("closed"), std::fs::Permissions::from_mode(bits));
    mode(0o000).unwrap();
    let entry = fixture.entry("closed");
    let is_root = std::fs::read_dir(fixture.path.join("closed")).is_ok();
    mode(0o755).unwrap();
    if is_root {
        eprintln!("SKIPPED: the superuser may read every folder");
    } else {
        assert_eq!((entry.kind, entry.problem), (LocalKind::Folder, Some(Problem::Unreadable)));
    }
}

#[test]
fn a_scan_sees_a_move_from_where_it_has_not_been_to_where_it_has() {
    let fixture = Fixture::new();
    for name in ["a", "b", "c"] {
        std::fs::create_dir(fixture.path.join(name)).unwrap();
        fixture.write(&format!("{name}/{name}.txt"), name);
    }
    let before = fixture.scan();
    let mut names: Vec<_> = before.iter().map(|entry| entry.name.clone()).collect();
    names.sort();
    assert_eq!(names, ["a", "a.txt", "b", "b.txt", "c", "c.txt"]);
    let mut ids: Vec<_> = before.iter().map(|entry| entry.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), before.len());
    // A file goes round through all folders while the scan runs; it must be in the result, once.
    for from in ["a", "b", "c"] {
        for to in ["a", "b", "c"] {
            let root = fixture.path.clone();
            let mut moved = false;
            at_points(move |point| {
                if point == "scan: walked" && !moved {
                    moved = true;
                    let _back = std::fs::rename(root.join(to).join("t"), root.join(from).join("t"));
                }
            });
            let place = fixture.path.join(to).join("t");
            std::fs::write(&place, "x").unwrap();
            let found = fixture.scan();
            no_points();
            assert_eq!(found.iter().filter(|entry| entry.name == "t").count(), 1, "{from} {to}");
            std::fs::remove_file(fixture.path.join(from).join("t")).unwrap();
        }
    }
}

#[test]
fn a_file_just_written_by_somebody_unknown_is_moving_and_an_old_one_is_settled() {
    let mut fixture = Fixture::new();
    fixture.write("a.txt", "x");
    assert_eq!(fixture.entry("a.txt").motion, Motion::Moving);
    fixture.options.settle = std::time::Duration::ZERO;
    fixture.restart();
    assert_eq!(fixture.entry("a.txt").motion, Motion::Settled);
}

#[test]
fn one_folder_lists_alone_and_a_folder_that_went_is_changed() {
    let fixture = Fixture::new();
    std::fs::create_dir_all(fixture.path.join("a/b")).unwrap();
    fixture.write("a/b/c.txt", "x");
    let (folder, _) = fixture.file("a");
    let listed = crate::scan::list_folder(&fixture.root(), &folder).unwrap();
    assert_eq!(listed.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["b"]);
    std::fs::rename(fixture.path.join("a"), fixture.path.join("z")).unwrap();
    assert_eq!(crate::scan::list_folder(&fixture.root(), &folder), Err(LocalError::Changed));
    let control =
        LocalRef { path: RelPath::try_from(".footbridge/trash".to_owned()).unwrap(), id: folder.id };
    assert_eq!(crate::scan::list_folder(&fixture.root(), &control), Err(LocalError::Changed));
}
