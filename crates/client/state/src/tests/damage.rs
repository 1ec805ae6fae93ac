//! Damage: what opening says about a database that is lost, foreign, newer, in use, or broken.

use engine::{StateChange, StateError, StateStore, StoredState};
use runtime::Runtime;
use sync_core::LocalKind;
use transfer::ItemKind;

use super::samples::{ROOT, ROOT_LOCAL, first, intent, line, local, open, remote, synced};
use crate::{Found, SqliteState};

#[tokio::test]
async fn a_second_process_is_locked_out_until_the_first_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let held = open(&path).await;
    let second = SqliteState::open(Runtime::tokio(), path.clone()).await;
    assert_eq!(second.err(), Some(StateError::Locked));
    drop(held);
    assert_eq!(*open(&path).await.found(), Found::Sound);
}

#[tokio::test]
async fn a_damaged_database_is_kept_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let store = open(&path).await;
    assert_eq!(*store.found(), Found::Nothing);
    store.commit(first()).await.unwrap();
    let rows = (0..500).map(|n| remote(&format!("i{n}"), ROOT, &format!("n{n}"), ItemKind::File)).collect();
    store.commit(StateChange { remote_put: rows, ..StateChange::default() }).await.unwrap();
    drop(store);

    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0x5a);
    std::fs::write(&path, &bytes).unwrap();
    let store = open(&path).await;
    let Found::Damaged { kept, .. } = store.found().clone() else { panic!("{:?}", store.found()) };
    assert_eq!(std::fs::read(kept).unwrap(), bytes);
    assert_eq!(store.load().await.unwrap(), StoredState::default());
}

#[tokio::test]
async fn a_row_that_does_not_read_back_is_damage_and_not_an_absence() {
    for tamper in [
        "UPDATE control SET record = '{}'",
        "DELETE FROM control",
        "PRAGMA ignore_check_constraints = 1; UPDATE local SET kind = 9 WHERE anchor = 0",
        "PRAGMA foreign_keys = 0; UPDATE remote SET parent = 'nobody' WHERE id = 'b'",
        "PRAGMA foreign_keys = 0; UPDATE remote SET parent = 'b' WHERE id = 'a'",
        "PRAGMA application_id = 7",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let store = open(&path).await;
        store.commit(first()).await.unwrap();
        let change = StateChange {
            remote_put: vec![
                remote("b", "a", "b", ItemKind::Folder),
                remote("a", ROOT, "a", ItemKind::Folder),
            ],
            local_put: vec![local(5, ROOT_LOCAL, "a", LocalKind::File)],
            ..StateChange::default()
        };
        store.commit(change).await.unwrap();
        drop(store);
        rusqlite::Connection::open(&path).unwrap().execute_batch(tamper).unwrap();
        assert!(matches!(open(&path).await.found(), Found::Damaged { .. }), "{tamper}");
    }
}

#[tokio::test]
async fn an_empty_file_is_a_lost_state_and_a_newer_one_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    std::fs::write(&path, b"").unwrap();
    assert!(matches!(open(&path).await.found(), Found::Damaged { .. }));
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(&path).unwrap();
    let newer = SqliteState::open(Runtime::tokio(), path.clone()).await;
    assert!(matches!(newer, Err(StateError::Failed(_))));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_of_it_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("state.db")).await;
    store.commit(first()).await.unwrap();
    let sound = StateChange {
        remote_put: vec![remote("f", ROOT, "File", ItemKind::File), remote("d", ROOT, "d", ItemKind::Folder)],
        synced_put: vec![synced("f", 7, ROOT, ItemKind::File)],
        local_put: vec![
            local(7, ROOT_LOCAL, "A", LocalKind::File),
            local(8, ROOT_LOCAL, "a", LocalKind::File),
        ],
        intents_add: vec![intent(1)],
        journal: vec![line(1)],
        ..StateChange::default()
    };
    store.commit(sound).await.unwrap();
    let before = store.load().await.unwrap();
    let bad = |remote_put, synced_put, local_put, intents_add| StateChange {
        remote_put,
        synced_put,
        local_put,
        intents_add,
        journal: vec![line(2)],
        ..StateChange::default()
    };
    let cases = [
        ("orphan", bad(vec![remote("x", "nobody", "x", ItemKind::File)], vec![], vec![], vec![])),
        ("below a file", bad(vec![remote("x", "f", "x", ItemKind::File)], vec![], vec![], vec![])),
        ("same key", bad(vec![remote("x", ROOT, "FILE", ItemKind::File)], vec![], vec![], vec![])),
        ("bound twice", bad(vec![], vec![synced("d", 7, ROOT, ItemKind::Folder)], vec![], vec![])),
        ("same raw name", bad(vec![], vec![], vec![local(9, ROOT_LOCAL, "a", LocalKind::File)], vec![])),
        ("intent used twice", bad(vec![], vec![], vec![], vec![intent(1)])),
    ];
    for (why, change) in cases {
        assert!(matches!(store.commit(change).await, Err(StateError::Failed(_))), "{why}");
        assert_eq!(store.load().await.unwrap(), before, "{why}");
    }
    assert_eq!(store.journal(9).await.unwrap(), vec![line(1)]);
}

#[tokio::test]
async fn the_journal_is_newest_first_and_a_wrong_clock_does_not_empty_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("state.db")).await;
    let lines = (0..10_050).map(line).collect();
    store.commit(StateChange { journal: lines, ..StateChange::default() }).await.unwrap();
    assert_eq!(store.journal(2).await.unwrap(), vec![line(10_049), line(10_048)]);
    let later = line(100 * 365 * 86_400);
    store.commit(StateChange { journal: vec![later.clone()], ..StateChange::default() }).await.unwrap();
    let kept = store.journal(usize::MAX).await.unwrap();
    assert_eq!((kept.len(), &kept[0]), (10_000, &later));
}
