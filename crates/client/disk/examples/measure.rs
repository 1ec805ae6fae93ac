//! Measures the disk port: placing small files in batches, scanning them, reading them.
//! Run: `cargo run -p footbridge-disk --example measure`; `TMPDIR` chooses the disk, `strace -cf` counts the calls.

use std::time::Duration;

use bytes::Bytes;
use disk::{DiskOptions, DiskTree};
use engine::{LocalChange, LocalRef, LocalTree, StageId, StageRequest};
use jiff::Timestamp;
use runtime::Runtime;
use sync_core::RelPath;

const FILES: usize = 10_000;
const BATCH: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("root");
    std::fs::create_dir(&path)?;
    let runtime = Runtime::tokio();
    let mut options = DiskOptions::new(path, folder.path().join("rescue"));
    options.reserve = Some(0);
    let identity = DiskTree::link(&runtime, &options).await?;
    let tree = DiskTree::new(runtime.clone(), options, identity);
    let tell = |what: &str, since: Duration| {
        println!("{what}: {} ms", (runtime.elapsed() - since).as_millis());
    };

    let top = LocalRef { path: RelPath::root(), id: tree.health().await?.root };
    let start = runtime.elapsed();
    for batch in 0..FILES / BATCH {
        let make = LocalChange::MakeDir { parent: top.clone(), name: format!("folder {batch}") };
        let made = tree.apply(&[make]).await.remove(0)?.entry.ok_or("no folder")?;
        let parent = LocalRef { path: RelPath::root().join(&made.name)?, id: made.id };
        let (mut requests, mut changes) = (Vec::new(), Vec::new());
        for number in 0..BATCH {
            let stage = StageId(format!("{batch}-{number}"));
            let bytes = Bytes::from(vec![b'x'; 2_000]);
            requests.push(StageRequest { stage: stage.clone(), bytes, modified: Timestamp::UNIX_EPOCH });
            let name = format!("file {number}.txt");
            changes.push(LocalChange::Place { stage, parent: parent.clone(), name });
        }
        tree.stage(requests).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        tree.apply(&changes).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    }
    tell(&format!("placing {FILES} files in batches of {BATCH}"), start);

    for _ in 0..5 {
        let start = runtime.elapsed();
        let found = tree.scan().await?.entries.len();
        tell(&format!("scan of {found} nodes"), start);
    }

    let scan = tree.scan().await?;
    let start = runtime.elapsed();
    for batch in 0..FILES / BATCH {
        let parent = format!("folder {batch}");
        let id = scan.entries.iter().find(|entry| entry.name == parent).ok_or("no folder")?.id;
        let inside: Vec<LocalRef> = scan
            .entries
            .iter()
            .filter(|entry| entry.parent == id)
            .map(|entry| {
                Ok(LocalRef { path: RelPath::root().join(&parent)?.join(&entry.name)?, id: entry.id })
            })
            .collect::<Result<_, sync_core::InvalidPath>>()?;
        tree.read(&inside).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    }
    tell(&format!("reading and hashing {FILES} files"), start);
    Ok(())
}
