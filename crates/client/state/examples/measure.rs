//! Measures the store with 50,000 nodes in each tree: first commit, load, and small durable commits.
//! Run: `cargo run -p footbridge-state --example measure`; `TMPDIR` chooses the disk.

use std::time::Duration;

use engine::{Control, Durability, StateChange, StateStore};
use jiff::Timestamp;
use runtime::Runtime;
use state::SqliteState;
use sync_core::{Fingerprint, ItemId, LocalId, LocalKind, LocalNode, Motion, RemoteNode, SyncedNode};
use transfer::{ContentId, ItemKind, ItemRole};

const NODES: u64 = 50_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("measure.db");
    let runtime = Runtime::tokio();
    let tell = |what: &str, since: Duration| {
        println!("{what}: {} ms", (runtime.elapsed() - since).as_millis());
    };

    let store = SqliteState::open(runtime.clone(), path.clone()).await?;
    let start = runtime.elapsed();
    store.commit(everything()).await?;
    tell("commit of 3 x 50,000 new rows", start);

    let start = runtime.elapsed();
    store.commit(StateChange { control: None, ..everything() }).await?;
    tell("commit of 3 x 50,000 changed rows", start);
    drop(store);

    let start = runtime.elapsed();
    let store = SqliteState::open(runtime.clone(), path).await?;
    let state = store.load().await?;
    tell("open, check and load", start);
    println!("rows: {} {} {}", state.remote.len(), state.local.len(), state.synced.len());

    let start = runtime.elapsed();
    let again = store.load().await?;
    tell("load alone", start);
    drop(again);

    for durability in [Durability::Observation, Durability::Full] {
        let start = runtime.elapsed();
        for row in state.synced.iter().take(1_000) {
            let change = StateChange { durability, synced_put: vec![row.clone()], ..StateChange::default() };
            store.commit(change).await?;
        }
        tell(&format!("1,000 commits of one row, {durability:?}"), start);
    }
    Ok(())
}

fn everything() -> StateChange {
    let root = LocalId::new(1, 0);
    let control = Control {
        item: ItemId::new("root"),
        root: Some(root),
        role: ItemRole::Write,
        device: "device".to_owned(),
        next_operation: 1,
        next_intent: 1,
        cursor: None,
        epoch: None,
        access: None,
        paused: false,
        confirmed_deletes: Vec::new(),
    };
    let rows: Vec<_> = (0..NODES).map(|number| row(number, root)).collect();
    StateChange {
        control: Some(control),
        remote_put: rows.iter().map(|row| row.0.clone()).collect(),
        local_put: rows.iter().map(|row| row.1.clone()).collect(),
        synced_put: rows.into_iter().map(|row| row.2).collect(),
        ..StateChange::default()
    }
}

/// Every hundredth node is a folder that holds the next 99.
fn row(number: u64, root: LocalId) -> (RemoteNode, LocalNode, SyncedNode) {
    let item = |number: u64| ItemId::new(&format!("01HZX3K5Q8M2-{number:010}"));
    let local = |number: u64| LocalId::new(number + 2, 1_700_000_000);
    let folder = number.is_multiple_of(100);
    let above = number - number % 100;
    let kind = if folder { ItemKind::Folder } else { ItemKind::File };
    let name = format!("Quarterly report {number}.docx");
    let content = (!folder).then(|| ContentId::from_bytes([u8::try_from(number % 251).unwrap_or(0); 32]));
    let fingerprint = Fingerprint { id: local(number), size: number, mtime_ns: 1, ctime_ns: 2 };
    let parent = if folder { ItemId::new("root") } else { item(above) };
    let remote = RemoteNode {
        id: item(number),
        parent: Some(parent.clone()),
        name: name.as_str().into(),
        kind,
        size: number,
        content,
        e_tag: "etag-0000001".into(),
        c_tag: "ctag-0000001".into(),
        modified: Timestamp::UNIX_EPOCH,
        role: ItemRole::Write,
    };
    let node = LocalNode {
        id: local(number),
        parent: Some(if folder { root } else { local(above) }),
        name: name.as_str().into(),
        kind: if folder { LocalKind::Folder } else { LocalKind::File },
        content,
        fingerprint,
        motion: Motion::Settled,
        problem: None,
    };
    let synced = SyncedNode {
        item: item(number),
        local: local(number),
        parent: Some(parent),
        remote_name: name.as_str().into(),
        local_name: name.into(),
        kind,
        content,
        size: number,
        e_tag: "etag-0000001".into(),
        c_tag: "ctag-0000001".into(),
        modified: Timestamp::UNIX_EPOCH,
        fingerprint: (!folder).then_some(fingerprint),
        role: ItemRole::Write,
    };
    (remote, node, synced)
}
