//! SHA-256 of contents: made some time after they were stored, once for a content, whatever is damaged beside it.

use content::{Hashed, Hasher};
use model::ItemId;
use sha2::{Digest, Sha256};

use crate::library::{Library, in_both_places, noise};

fn hasher(library: &Library) -> Hasher {
    Hasher::new(library.operator(), library.contents.clone())
}

/// Makes every hash that is due.
async fn make_all(library: &Library) -> Hashed {
    let mut all = Hashed::default();
    loop {
        let step = hasher(library).step().await.expect("hashes");
        if step == Hashed::default() {
            return all;
        }
        all = Hashed { made: all.made + step.made, unreadable: all.unreadable + step.unreadable };
    }
}

async fn hash_of(library: &Library, item: ItemId) -> Option<[u8; 32]> {
    let content = library.content_of(item).await.id;
    let found = library.call.read(move |scope| scope.content_hashes().list(&[content])).await.expect("reads");
    found.get(&content).copied()
}

fn expected(bytes: &[u8]) -> Option<[u8; 32]> {
    Some(Sha256::digest(bytes).into())
}

in_both_places! {
    async fn a_content_gets_its_hash_after_it_rested_and_only_once(library: Library) {
        let (small, large) = (noise(1, 1_000), noise(2, 9_000_000));
        let items = [
            library.put(None, &small).await.expect("writes"),
            library.put(None, &small).await.expect("writes"),
            library.put(None, &large).await.expect("writes"),
            library.put(None, b"").await.expect("writes"),
        ];
        assert_eq!(make_all(&library).await.made, 0, "people come first");
        assert_eq!(hash_of(&library, items[0]).await, None);
        library.clock.move_on(11);
        assert_eq!(make_all(&library).await, Hashed { made: 3, unreadable: 0 });
        for (item, bytes) in items.iter().zip([&small[..], &small[..], &large[..], b""]) {
            assert_eq!(hash_of(&library, *item).await, expected(bytes));
        }
        library.put(Some(items[3]), &large).await.expect("writes");
        library.clock.move_on(11);
        assert_eq!(make_all(&library).await.made, 0, "the content has its hash already");
        assert_eq!(hash_of(&library, items[3]).await, expected(&large));
    }

    async fn what_cannot_be_read_waits_and_keeps_nothing_else_waiting(library: Library) {
        let lost = library.put(None, &noise(1, 600_000)).await.expect("writes");
        for object in library.objects() {
            std::fs::remove_file(object).expect("removes");
        }
        let whole = library.put(None, &noise(2, 600_000)).await.expect("writes");
        library.clock.move_on(11);
        assert_eq!(make_all(&library).await, Hashed { made: 1, unreadable: 1 });
        assert_eq!(hash_of(&library, lost).await, None, "no hash is better than a wrong one");
        assert_eq!(hash_of(&library, whole).await, expected(&noise(2, 600_000)));
        library.clock.move_on(24 * 3_600 + 11);
        assert_eq!(make_all(&library).await, Hashed { made: 0, unreadable: 1 }, "it is tried again a day later");
    }
}
