//! Sample rows.

use engine::{
    Brought, Control, Intent, IntentId, JournalEntry, JournalKind, LocalChange, LocalRef, StateChange,
};
use jiff::Timestamp;
use runtime::Runtime;
use sync_core::{
    Fingerprint, ItemId, LocalId, LocalKind, LocalNode, Motion, Problem, RelPath, RemoteNode, SyncedNode,
};
use transfer::{ChunkHash, ContentId, ItemKind, ItemRole};

use crate::SqliteState;

pub(super) const ROOT: &str = "root";
pub(super) const ROOT_LOCAL: LocalId = LocalId::new(2, 0);

pub(super) async fn open(path: &std::path::Path) -> SqliteState {
    SqliteState::open(Runtime::tokio(), path.to_path_buf()).await.unwrap()
}

pub(super) fn content(text: &str) -> ContentId {
    ContentId::from_bytes(*ChunkHash::of(text.as_bytes()).as_bytes())
}

pub(super) fn control() -> Control {
    Control {
        item: ItemId::new(ROOT),
        root: Some(ROOT_LOCAL),
        role: ItemRole::Write,
        device: "device".to_owned(),
        next_operation: 1,
        next_intent: 1,
        cursor: None,
        epoch: None,
        access: None,
        paused: false,
        confirmed_deletes: Vec::new(),
    }
}

pub(super) fn remote(id: &str, parent: &str, name: &str, kind: ItemKind) -> RemoteNode {
    RemoteNode {
        id: ItemId::new(id),
        parent: Some(ItemId::new(parent)),
        name: name.into(),
        kind,
        size: u64::MAX,
        content: (kind == ItemKind::File).then(|| content(name)),
        e_tag: "e".into(),
        c_tag: "c".into(),
        modified: Timestamp::MAX,
        role: ItemRole::Read,
    }
}

pub(super) fn local(inode: u64, parent: LocalId, name: &str, kind: LocalKind) -> LocalNode {
    let id = LocalId { inode, birth: -1, link: 0 };
    LocalNode {
        id,
        parent: Some(parent),
        name: name.into(),
        kind,
        content: None,
        fingerprint: Fingerprint { id, size: 1, mtime_ns: i64::MIN, ctime_ns: i64::MAX },
        motion: Motion::Moving,
        problem: Some(Box::new(Problem::Local { detail: "x".to_owned() })),
    }
}

pub(super) fn synced(item: &str, inode: u64, parent: &str, kind: ItemKind) -> SyncedNode {
    let id = LocalId { inode, birth: -1, link: 0 };
    SyncedNode {
        item: ItemId::new(item),
        local: id,
        parent: Some(ItemId::new(parent)),
        remote_name: "n".into(),
        local_name: "n".into(),
        kind,
        content: (kind == ItemKind::File).then(|| content("n")),
        size: 0,
        e_tag: "".into(),
        c_tag: "".into(),
        modified: Timestamp::MIN,
        fingerprint: (kind == ItemKind::File).then_some(Fingerprint {
            id,
            size: 0,
            mtime_ns: 0,
            ctime_ns: 0,
        }),
        role: ItemRole::Write,
    }
}

pub(super) fn intent(number: u64) -> Intent {
    let node = LocalRef { path: RelPath::root(), id: ROOT_LOCAL };
    let brings = Some(Brought { item: ItemId::new("i"), content: content("i"), file: ROOT_LOCAL });
    Intent { id: IntentId(number), change: LocalChange::RemoveDir { node }, brings }
}

pub(super) fn line(second: i64) -> JournalEntry {
    JournalEntry {
        at: Timestamp::new(second, 5).unwrap(),
        kind: JournalKind::Recovery,
        path: Some("a".to_owned()),
        text: "t".to_owned(),
    }
}

pub(super) fn first() -> StateChange {
    StateChange { control: Some(control()), ..StateChange::default() }
}
