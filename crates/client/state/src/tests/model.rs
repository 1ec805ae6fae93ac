//! Model: random changes, crashes and torn logs; the store must equal plain collections, and refuse what the trees
//! of `sync-core` refuse.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::{Durability, InFlight, Reset, StateChange, StateError, StateStore, StoredState, UploadSession};
use proptest::prelude::*;
use proptest::test_runner::TestRng;
use sync_core::{Gone, ItemId, Local, LocalId, LocalKind, Remote, Synced, SyncedError, TreeError};
use transfer::{ItemKind, ItemRole, Operation, OperationChange, OperationId};

use super::samples::{ROOT, ROOT_LOCAL, content, first, intent, local, open, remote, synced};

/// What a change makes of a state; none when no tree could hold the result.
fn applied(state: &StoredState, change: &StateChange) -> Result<StoredState, bool> {
    let mut next = state.clone();
    if change.remote_reset.is_some() {
        (next.remote, next.gone) = (Vec::new(), BTreeMap::new());
    }
    for (id, reason) in &change.remote_gone {
        next.remote.retain(|node| node.id != *id);
        next.gone.insert(id.clone(), *reason);
    }
    next.gone.retain(|id, _| !change.gone_forget.contains(id));
    put(&mut next.remote, &[], &change.remote_put, |node| node.id.clone());
    next.gone.retain(|id, _| !change.remote_put.iter().any(|node| node.id == *id));
    put(&mut next.local, &change.local_remove, &change.local_put, |node| node.id);
    put(&mut next.synced, &change.synced_remove, &change.synced_put, |node| node.item.clone());
    put(&mut next.uploads, &change.uploads_remove, &change.uploads_put, |row| row.local);
    next.intents.retain(|row| !change.intents_remove.contains(&row.id));
    next.intents.extend(change.intents_add.iter().cloned());
    next.intents.sort_by_key(|row| row.id);
    next.in_flight.retain(|row| !change.in_flight_remove.contains(&row.operation.op));
    next.in_flight.extend(change.in_flight_add.iter().cloned());
    let root = ItemId::new(ROOT);
    let trees = [
        Remote::load(root.clone(), ItemRole::Write, next.remote.clone(), BTreeMap::new()).err(),
        Local::load(ROOT_LOCAL, next.local.clone()).err(),
    ];
    let bound = Synced::load(root, ROOT_LOCAL, next.synced.clone());
    // The schema cannot see circles; the engine's trees refuse them before a change is made.
    let circle = trees.iter().flatten().any(|error| matches!(error, TreeError::Cycle(_)))
        || matches!(bound, Err(SyncedError::Tree(TreeError::Cycle(_))));
    let unique = |numbers: Vec<String>| {
        let all: std::collections::BTreeSet<&String> = numbers.iter().collect();
        all.len() == numbers.len()
    };
    let numbered = unique(next.intents.iter().map(|row| row.id.0.to_string()).collect())
        && unique(next.in_flight.iter().map(|row| row.operation.op.0.clone()).collect());
    if trees.iter().all(Option::is_none) && bound.is_ok() && numbered { Ok(next) } else { Err(circle) }
}

fn put<T: Clone, Id: Ord + PartialEq>(rows: &mut Vec<T>, removed: &[Id], puts: &[T], id: impl Fn(&T) -> Id) {
    rows.retain(|row| !removed.contains(&id(row)) && !puts.iter().any(|put| id(put) == id(row)));
    rows.extend(puts.iter().cloned());
    rows.sort_by_key(id);
}

fn pick(random: &mut TestRng, below: u32) -> u32 {
    random.next_u32() % below
}

fn some<T>(random: &mut TestRng, mut make: impl FnMut(&mut TestRng) -> T) -> Vec<T> {
    (0..pick(random, 3)).map(|_| make(random)).collect()
}

fn by_id<T, Id: Ord>(rows: Vec<T>, id: impl Fn(&T) -> Id) -> Vec<T> {
    rows.into_iter().map(|row| (id(&row), row)).collect::<BTreeMap<_, _>>().into_values().collect()
}

/// Mostly one table at a time: a change of all tables is nearly always refused.
fn random_change(random: &mut TestRng) -> StateChange {
    let all = random_rows(random);
    let empty = StateChange { durability: all.durability, ..StateChange::default() };
    match pick(random, 9) {
        0 | 1 => StateChange {
            remote_put: all.remote_put,
            remote_reset: all.remote_reset,
            gone_forget: all.gone_forget,
            ..empty
        },
        2 => StateChange { remote_gone: all.remote_gone, ..empty },
        3 | 4 => StateChange { local_put: all.local_put, ..empty },
        5 => StateChange { local_remove: all.local_remove, synced_remove: all.synced_remove, ..empty },
        6 => StateChange { synced_put: all.synced_put, ..empty },
        7 => StateChange {
            intents_add: all.intents_add,
            intents_remove: all.intents_remove,
            in_flight_add: all.in_flight_add,
            in_flight_remove: all.in_flight_remove,
            uploads_put: all.uploads_put,
            uploads_remove: all.uploads_remove,
            ..empty
        },
        _ => all,
    }
}

fn random_rows(random: &mut TestRng) -> StateChange {
    let item = |random: &mut TestRng| match pick(random, 7) {
        0 => ROOT.to_owned(),
        n => format!("i{n}"),
    };
    let new_item = |random: &mut TestRng| format!("i{}", 1 + pick(random, 6));
    let inode = |random: &mut TestRng| u64::from(10 + pick(random, 6));
    let at = |inode| LocalId { inode, birth: -1, link: 0 };
    let name = |random: &mut TestRng| ["a", "A", "b", "é", "e\u{301}"][pick(random, 5) as usize];
    let kind = |random: &mut TestRng| if pick(random, 3) == 0 { ItemKind::File } else { ItemKind::Folder };
    let in_flight = |random: &mut TestRng| InFlight {
        operation: Operation {
            op: OperationId::new("d", u64::from(pick(random, 4))),
            change: OperationChange::CreateFolder { parent: "p".to_owned(), name: "n".to_owned() },
        },
        local: None,
        fingerprint: None,
        name: "n".to_owned(),
    };
    StateChange {
        durability: if pick(random, 2) == 0 { Durability::Full } else { Durability::Observation },
        control: None,
        remote_put: by_id(
            some(random, |random| remote(&new_item(random), &item(random), name(random), kind(random))),
            |node| node.id.clone(),
        ),
        remote_gone: some(random, |random| (ItemId::new(&new_item(random)), Gone::Unlisted)),
        gone_forget: some(random, |random| ItemId::new(&new_item(random))),
        remote_reset: (pick(random, 12) == 0).then_some(Reset),
        local_put: by_id(
            some(random, |random| {
                let parent = if pick(random, 2) == 0 { ROOT_LOCAL } else { at(inode(random)) };
                let kind = [LocalKind::File, LocalKind::Folder, LocalKind::Other][pick(random, 3) as usize];
                local(inode(random), parent, name(random), kind)
            }),
            |node| node.id,
        ),
        local_remove: some(random, |random| at(inode(random))),
        synced_put: by_id(
            some(random, |random| synced(&new_item(random), inode(random), &item(random), kind(random))),
            |node| node.item.clone(),
        ),
        synced_remove: some(random, |random| ItemId::new(&new_item(random))),
        intents_add: some(random, |random| intent(u64::from(pick(random, 4)))),
        intents_remove: some(random, |random| engine::IntentId(u64::from(pick(random, 4)))),
        in_flight_add: some(random, in_flight),
        in_flight_remove: some(random, |random| OperationId::new("d", u64::from(pick(random, 4)))),
        uploads_put: by_id(
            some(random, |random| UploadSession {
                upload: "u".to_owned(),
                local: at(inode(random)),
                fingerprint: local(1, ROOT_LOCAL, "", LocalKind::File).fingerprint,
                content: content("u"),
            }),
            |row| row.local,
        ),
        uploads_remove: some(random, |random| at(inode(random))),
        journal: Vec::new(),
    }
}

/// What a crash leaves: the files as they are while the store is open.
fn crash_image(path: &Path, folder: &Path, number: usize) -> PathBuf {
    let copy = folder.join(format!("image-{number}.db"));
    for suffix in ["", "-wal"] {
        let name = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        if name(path).exists() {
            std::fs::copy(name(path), name(&copy)).unwrap();
        }
    }
    copy
}

/// A database whose log lost its end must be one of the states that were ever committed.
async fn torn_log_is_an_earlier_state(path: &Path, folder: &Path, cut: u32, history: &[StoredState]) {
    let copy = crash_image(path, folder, usize::MAX);
    let log = PathBuf::from(format!("{}-wal", copy.display()));
    if let Ok(bytes) = std::fs::read(&log) {
        let keep = bytes.len() * (cut as usize % 100) / 100;
        std::fs::write(&log, &bytes[..keep]).unwrap();
    }
    if std::fs::metadata(&copy).unwrap().len() == 0 {
        return;
    }
    let state = open(&copy).await.load().await.unwrap();
    assert!(history.contains(&state), "a torn log invented a state");
}

async fn run(mut random: TestRng) {
    let folder = tempfile::tempdir().unwrap();
    let mut path = folder.path().join("state.db");
    let mut store = open(&path).await;
    store.commit(first()).await.unwrap();
    let mut model = StoredState { control: first().control, ..StoredState::default() };
    let mut history = vec![StoredState::default(), model.clone()];
    for step in 0..150 {
        let change = random_change(&mut random);
        match applied(&model, &change) {
            Ok(next) => {
                store.commit(change).await.unwrap();
                model = next;
                history.push(model.clone());
            }
            Err(true) => continue,
            Err(false) => {
                assert!(matches!(store.commit(change).await, Err(StateError::Failed(_))));
            }
        }
        if pick(&mut random, 5) == 0 {
            torn_log_is_an_earlier_state(&path, folder.path(), random.next_u32(), &history).await;
        }
        if pick(&mut random, 5) == 0 {
            path = crash_image(&path, folder.path(), step);
            store = open(&path).await;
        }
        assert_eq!(store.load().await.unwrap(), model);
    }
    assert!(history.len() > 20, "hardly any change was accepted");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_changes_and_crashes_equal_a_model(random in any::<u64>().prop_perturb(|_, random| random)) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run(random));
    }
}
