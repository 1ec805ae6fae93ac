//! Space: a full disk, and mounts inside a root. These need the right to mount; without it they say loudly that they
//! did not run.

use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use engine::{LocalError, StageId, StageRequest};
use jiff::Timestamp;
use sync_core::{LocalKind, Problem};
use transfer::{ChunkHash, Manifest, ManifestChunk};

use super::fixture::Fixture;
use crate::stage::{open_stage, stage};

/// A small file system in memory, unmounted when dropped.
pub(super) struct Mounted(std::path::PathBuf);

impl Mounted {
    pub(super) fn new(path: &Path) -> Option<Self> {
        std::fs::create_dir_all(path).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "none"])
            .arg(path)
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("SKIPPED: this account may not mount; the test of a full disk DID NOT RUN");
        }
        mounted.then(|| Self(path.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ended = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

fn request(name: &str, length: usize) -> StageRequest {
    StageRequest {
        stage: StageId(name.to_owned()),
        bytes: Bytes::from(vec![b'x'; length]),
        modified: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root");
    let Some(mounted) = Mounted::new(&path) else { return };
    let mut fixture = Fixture::at(path, folder);
    fixture.write("a.txt", "old");
    assert_eq!(stage(&fixture.root(), &[request("s", 2 << 20)]), [Err(LocalError::DiskFull)]);
    let chunk = ManifestChunk { hash: ChunkHash::of(b""), length: 2 << 20 };
    let open = open_stage(&fixture.root(), &StageId("s".to_owned()), &Manifest { chunks: vec![chunk] });
    assert_eq!(open, Err(LocalError::DiskFull));
    assert_eq!(fixture.staged(), Vec::<String>::new());

    // The room goes while the bytes are written: the check before cannot know.
    let new = fixture.stage("new", "new");
    let free = fixture.root().free().unwrap();
    std::fs::write(fixture.path.join("filler"), vec![0; usize::try_from(free).unwrap()]).unwrap();
    assert_eq!(stage(&fixture.root(), &[request("s", 4096)]), [Err(LocalError::DiskFull)]);
    // A sidecar has no room, so nothing is replaced; the old version stays.
    assert_eq!(fixture.apply(fixture.replace("a.txt", new)), Err(LocalError::DiskFull));
    assert_eq!(fixture.text("a.txt").as_deref(), Some("old"));
    assert_eq!(fixture.apply(fixture.trash("a.txt")), Err(LocalError::DiskFull));
    assert_eq!(fixture.text("a.txt").as_deref(), Some("old"));
    std::fs::remove_file(fixture.path.join("filler")).unwrap();
    fixture.apply(fixture.replace("a.txt", StageId("new".to_owned()))).unwrap();

    // The reserve is kept free.
    fixture.options.reserve = Some(1 << 20);
    fixture.restart();
    assert_eq!(fixture.root().health().unwrap().free, 0);
    assert_eq!(stage(&fixture.root(), &[request("s", 1)]), [Err(LocalError::DiskFull)]);
    fixture.let_go();
    drop(mounted);
}

#[test]
fn another_file_system_inside_the_root_is_a_problem_and_is_not_entered() {
    let fixture = Fixture::new();
    let Some(mounted) = Mounted::new(&fixture.path.join("mount")) else { return };
    fixture.write("mount/inner", "x");
    let entries = fixture.scan();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].kind, &entries[0].problem), (LocalKind::Other, &Some(Problem::NestedMount)));
    drop(mounted);
}

#[test]
fn a_root_that_was_unmounted_is_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root");
    let Some(mounted) = Mounted::new(&path) else { return };
    let fixture = Fixture::at(path, folder);
    fixture.write("a.txt", "x");
    fixture.root().health().unwrap();
    drop(mounted);
    assert!(matches!(fixture.root().health(), Err(LocalError::Unavailable(_))));
    assert!(crate::scan::scan(&fixture.root()).is_err());
    assert_eq!(std::fs::read_dir(&fixture.path).unwrap().count(), 0);
}
