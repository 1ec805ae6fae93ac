//! Reading back: damage is found, said, never removed, and healed by the same bytes sent again.

use content::{ContentError, Scrubbed, Scrubber};
use storage::{Damage, DamagedChunk};

use crate::library::{Library, in_both_places, noise};

async fn damage(library: &Library) -> Vec<DamagedChunk> {
    library.operator().read(|cloud| cloud.list_damage(100)).await.expect("reads")
}

/// Reads everything back once.
async fn scrub(library: &Library) -> Scrubbed {
    let scrubber = Scrubber::new(library.operator(), library.contents.clone());
    let mut all = Scrubbed::default();
    loop {
        let step = scrubber.step().await.expect("reads back");
        if step.read == 0 {
            return all;
        }
        all = Scrubbed { read: all.read + step.read, damaged: all.damaged + step.damaged };
    }
}

in_both_places! {
    async fn damage_is_found_said_and_healed_by_the_same_bytes(library: Library) {
        let (first, second) = (noise(1, 100_000), noise(2, 100_000));
        let lost = library.put(None, &first).await.expect("writes");
        let before = library.objects();
        let wrong = library.put(None, &second).await.expect("writes");
        let whole = library.put(None, &noise(3, 3_000_000)).await.expect("writes");
        let objects = library.objects();
        assert_eq!(scrub(&library).await, Scrubbed { read: library.count().await.1, damaged: 0 });
        std::fs::remove_file(&before[0]).expect("removes");
        let second_object = library.content_object(wrong).await;
        std::fs::write(objects.iter().find(|path| path.ends_with(&second_object)).expect("its object"), b"rot")
            .expect("damages");
        assert_eq!(scrub(&library).await.read, 0, "the next round is a month away");
        library.clock.move_on(31 * 24 * 3_600);
        assert_eq!(scrub(&library).await.damaged, 2);
        let found = damage(&library).await;
        let mut kinds: Vec<_> = found.iter().map(|chunk| (chunk.damage, chunk.files[0].item)).collect();
        kinds.sort_by_key(|(damage, _)| *damage == Damage::Wrong);
        assert_eq!(kinds, [(Damage::Missing, lost), (Damage::Wrong, wrong)]);
        assert!(matches!(library.read(lost).await, Err(ContentError::Damaged(_))));
        assert_eq!(library.read(whole).await.expect("reads"), noise(3, 3_000_000));
        library.put(None, &first).await.expect("writes");
        library.put(None, &second).await.expect("writes");
        assert_eq!(damage(&library).await, []);
        assert_eq!(library.read(lost).await.expect("reads"), first);
        assert_eq!(library.read(wrong).await.expect("reads"), second);
    }

    async fn reading_back_goes_on_after_a_restart(library: Library) {
        for seed in 0..12 {
            library.put(None, &noise(seed, 1_000)).await.expect("writes");
        }
        let first = Scrubber::new(library.operator(), library.contents.clone()).step().await.expect("reads");
        let rest = scrub(&library).await;
        assert_eq!((first.read, rest.read), (8, 4));
    }
}
