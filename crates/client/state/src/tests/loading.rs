//! Loading: what is read back takes no more memory than what was written.

use engine::{StateChange, StateStore as _};
use sync_core::{LocalKind, SyncedNode};
use transfer::ItemKind;

use super::samples::{ROOT, ROOT_LOCAL, first, local, open, remote, synced};

#[tokio::test]
async fn rows_and_items_share_their_texts_and_items_the_id_of_their_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let store = open(&path).await;
    let there = [
        remote("z-folder", ROOT, "d", ItemKind::Folder),
        remote("a", "z-folder", "n", ItemKind::File),
        remote("b", "z-folder", "m", ItemKind::File),
    ];
    let row =
        |item: &str, inode| SyncedNode { e_tag: "e".into(), ..synced(item, inode, ROOT, ItemKind::File) };
    let change = StateChange {
        remote_put: there.to_vec(),
        local_put: vec![
            local(3, ROOT_LOCAL, "n", LocalKind::File),
            local(4, ROOT_LOCAL, "else", LocalKind::File),
        ],
        synced_put: vec![row("a", 3), row("other", 4)],
        ..first()
    };
    store.commit(change.clone()).await.unwrap();
    drop(store);
    let state = open(&path).await.load().await.unwrap();
    assert_eq!(state.synced, change.synced_put, "what they say is the same");
    let once = |one: &str, other: &str| std::ptr::eq(one, other);
    let (a, b, bound) = (&state.remote[0], &state.remote[1], &state.synced[0]);
    let parents = (a.parent.as_ref().unwrap(), b.parent.as_ref().unwrap());
    assert!(
        once(parents.0.as_str(), parents.1.as_str()) && once(parents.0.as_str(), state.remote[2].id.as_str())
    );
    assert!(once(bound.item.as_str(), a.id.as_str()) && once(&bound.e_tag, &a.e_tag));
    assert!(once(&bound.remote_name, &a.name) && once(&bound.local_name, &a.name));
}
