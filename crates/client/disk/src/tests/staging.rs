//! Staging, trash, rescue and folders.

use bytes::Bytes;
use engine::{LocalChange, LocalError, StageId};
use jiff::Timestamp;
use transfer::{ChunkHash, Manifest, ManifestChunk};

use super::fixture::{Fixture, everywhere};
use crate::stage::{fill_stage, finish_stage, keep_stages, open_stage, write_stage};
use crate::trash::parked_changes;

fn manifest(parts: &[&[u8]]) -> Manifest {
    let chunks = parts
        .iter()
        .map(|part| ManifestChunk { hash: ChunkHash::of(part), length: u32::try_from(part.len()).unwrap() })
        .collect();
    Manifest { chunks }
}

#[test]
fn a_download_goes_on_after_a_crash_with_the_chunks_it_lacks() {
    for mut fixture in everywhere() {
        let (manifest, stage) = (manifest(&[b"first", b"second"]), StageId("big/one".to_owned()));
        let content = manifest.content_id();
        assert_eq!(open_stage(&fixture.root(), &stage, &manifest).unwrap().missing, [0, 1]);
        write_stage(&fixture.root(), &stage, 5, &Bytes::from("second")).unwrap();
        fixture.restart();
        assert_eq!(open_stage(&fixture.root(), &stage, &manifest).unwrap().missing, [0]);
        write_stage(&fixture.root(), &stage, 0, &Bytes::from("first")).unwrap();
        let modified = Timestamp::from_second(1_000).unwrap();
        fixture.scan();
        let place = |fixture: &Fixture| fixture.apply(fixture.place("big", stage.clone()));
        assert!(matches!(place(&fixture), Err(LocalError::Io(_))), "nothing is placed unverified");
        let told = finish_stage(&fixture.root(), &stage, &content, modified).unwrap();
        let placed = place(&fixture).unwrap().entry.unwrap();
        assert_eq!(placed.id, told, "it stays the file it was");
        assert_eq!(placed.fingerprint.mtime_ns, 1_000_000_000_000);
        assert_eq!(placed, fixture.entry("big"), "settled at once, although it is young");
        assert_eq!(fixture.text("big").as_deref(), Some("firstsecond"));
    }
}

#[test]
fn bytes_that_are_not_what_they_are_called_are_dropped() {
    let fixture = Fixture::new();
    let (manifest, stage) = (manifest(&[b"first"]), StageId("s".to_owned()));
    open_stage(&fixture.root(), &stage, &manifest).unwrap();
    write_stage(&fixture.root(), &stage, 0, &Bytes::from("fi")).unwrap();
    assert_eq!(write_stage(&fixture.root(), &stage, 4, &Bytes::from("st")), Err(LocalError::Corrupt));
    let finished = finish_stage(&fixture.root(), &stage, &manifest.content_id(), Timestamp::MAX);
    assert_eq!(finished, Err(LocalError::Corrupt));
    assert_eq!(fixture.staged(), Vec::<String>::new());
}

#[test]
fn a_stage_takes_from_a_file_what_it_has_of_the_content_wherever_it_is() {
    let fixture = Fixture::new();
    // Small enough to be one chunk, so that the file's chunks are known here.
    fixture.write("old", "shared");
    let (manifest, stage) = (manifest(&[b"new", b"shared", b"end", b"shared"]), StageId("s".to_owned()));
    let missing = open_stage(&fixture.root(), &stage, &manifest).unwrap().missing;
    let (old, _) = fixture.file("old");
    assert_eq!(fill_stage(&fixture.root(), &stage, &old, missing).unwrap(), [0, 2]);
    write_stage(&fixture.root(), &stage, 0, &Bytes::from("new")).unwrap();
    write_stage(&fixture.root(), &stage, 9, &Bytes::from("end")).unwrap();
    finish_stage(&fixture.root(), &stage, &manifest.content_id(), Timestamp::MAX).unwrap();
    assert_eq!(fixture.staged(), ["newsharedendshared"]);
    assert_eq!(fixture.text("old").as_deref(), Some("shared"), "it is read and nothing else");
    assert!(fill_stage(&fixture.root(), &StageId("other".to_owned()), &old, vec![0]).is_err());
}

#[test]
fn stages_nobody_needs_go_and_the_trash_stays() {
    let fixture = Fixture::new();
    fixture.write("a.txt", "old");
    fixture.apply(fixture.trash("a.txt")).unwrap();
    let kept = fixture.stage("kept", "1");
    fixture.stage("gone", "2");
    keep_stages(&fixture.root(), &[kept]).unwrap();
    assert_eq!((fixture.staged(), fixture.trashed()), (vec!["1".to_owned()], vec!["old".to_owned()]));
}

#[test]
fn the_servers_time_is_brought_near_when_no_file_can_have_it() {
    let fixture = Fixture::new();
    for modified in [Timestamp::MIN, Timestamp::MAX] {
        let request =
            engine::StageRequest { stage: StageId("s".to_owned()), bytes: Bytes::from("x"), modified };
        crate::stage::stage(&fixture.root(), &[request]).remove(0).unwrap();
    }
}

#[test]
fn a_folder_goes_only_when_it_is_empty() {
    let fixture = Fixture::new();
    let make = LocalChange::MakeDir { parent: fixture.top(), name: "d".to_owned() };
    fixture.apply(make.clone()).unwrap();
    assert_eq!(fixture.apply(make), Err(LocalError::Exists));
    let (node, _) = fixture.file("d");
    fixture.write("d/x", "x");
    let remove = LocalChange::RemoveDir { node };
    assert_eq!(fixture.apply(remove.clone()), Err(LocalError::NotEmpty));
    std::fs::remove_file(fixture.path.join("d/x")).unwrap();
    fixture.apply(remove.clone()).unwrap();
    assert_eq!(fixture.apply(remove), Err(LocalError::Changed));
}

#[test]
fn a_rescue_copies_under_the_same_path_and_never_over_anything() {
    for fixture in everywhere() {
        std::fs::create_dir(fixture.path.join("d")).unwrap();
        for text in ["one", "two!", "two!"] {
            fixture.write("d/a.txt", text);
            let (node, expected) = fixture.file("d/a.txt");
            fixture.apply(LocalChange::Rescue { node, expected }).unwrap();
        }
        let read = |name: &str| std::fs::read_to_string(fixture.options.rescue.join("d").join(name)).unwrap();
        assert_eq!((read("a.txt"), read("a (2).txt")), ("one".to_owned(), "two!".to_owned()));
        assert_eq!(std::fs::read_dir(fixture.options.rescue.join("d")).unwrap().count(), 2);
        assert_eq!(fixture.text("d/a.txt").as_deref(), Some("two!"));
    }
}

#[test]
fn a_replaced_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    fixture.write("run.sh", "old");
    let path = fixture.path.join("run.sh");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o750)).unwrap();
    fixture.apply(fixture.replace("run.sh", fixture.stage("s", "new"))).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o750);
}

#[test]
fn clean_files_leave_the_trash_when_their_time_is_over_and_changed_ones_never() {
    let mut fixture = Fixture::new();
    for (name, text) in [("a.txt", "clean"), ("b.txt", "dirty")] {
        fixture.write(name, text);
        fixture.apply(fixture.trash(name)).unwrap();
    }
    for entry in std::fs::read_dir(fixture.path.join(".footbridge/trash")).unwrap() {
        let path = entry.unwrap().path();
        if std::fs::read_to_string(&path).unwrap() == "dirty" {
            std::fs::write(&path, "edited").unwrap();
        }
    }
    fixture.options.keep = std::time::Duration::ZERO;
    fixture.restart();
    assert_eq!(parked_changes(&fixture.root()).unwrap().len(), 1);
    assert_eq!(fixture.trashed(), ["edited"]);
}

#[test]
fn a_batch_goes_on_after_a_step_that_fails() {
    let fixture = Fixture::new();
    fixture.write("taken", "x");
    let (one, two) = (fixture.stage("1", "1"), fixture.stage("2", "2"));
    let results = crate::batch::apply(
        &fixture.root(),
        &[
            fixture.place("taken", one),
            fixture.place("free", two),
            fixture.place("none", StageId("3".to_owned())),
        ],
    );
    assert_eq!(results[0], Err(LocalError::Exists));
    assert!(results[1].is_ok() && results[2].is_err());
}
