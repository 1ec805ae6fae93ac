//! Garbage: what nothing refers to goes, what is referenced or leased stays, whatever is tried.

use content::{Collector, Progress, Round, uploads};
use model::UploadId;
use transfer::{ChunkHash, ChunkKey};

use crate::library::{Library, in_both_places, noise, offer};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

in_both_places! {
    async fn a_content_goes_when_it_was_unused_for_a_day_and_not_before(library: Library) {
        let (old, new) = (noise(1, 2_000_000), noise(2, 2_000_000));
        let item = library.put(None, &old).await.expect("writes");
        let was = library.content_of(item).await;
        let of_old = library.objects();
        library.put(Some(item), &new).await.expect("writes");
        library.forget_versions(item).await;
        library.collect(Round::Forgotten).await;
        library.clock.move_on(DAY - HOUR);
        library.collect(Round::Forgotten).await;
        assert_eq!(library.count().await.0, 2, "somebody may still be reading it");
        library.clock.move_on(2 * HOUR);
        library.collect(Round::Forgotten).await;
        let (contents, chunks, doomed) = library.count().await;
        assert_eq!((contents, doomed), (1, 0));
        let objects = library.objects();
        assert_eq!(objects.len(), chunks, "each chunk has its object and no more");
        assert!(objects.iter().all(|object| !of_old.contains(object)));
        assert_eq!(library.call.read(move |scope| scope.contents().find(&was.id)).await.expect("reads"), None);
        assert_eq!(library.read(item).await.expect("reads"), new);
    }

    async fn the_recycle_bin_and_earlier_versions_keep_their_bytes(library: Library) {
        let (before, bytes) = (noise(30, 200_000), noise(3, 300_000));
        let item = library.put(None, &before).await.expect("writes");
        library.put(Some(item), &bytes).await.expect("writes");
        library.delete(item).await;
        for _ in 0..4 {
            library.collect(Round::AlsoStray).await;
            library.clock.move_on(DAY);
        }
        assert_eq!(library.read(item).await.expect("reads"), bytes);
        let version = library.versions(item).await.remove(0);
        assert_eq!(library.read_content(version.content).await.expect("reads"), before);
        library.purge(item).await;
        for _ in 0..3 {
            library.collect(Round::AlsoStray).await;
            library.clock.move_on(DAY);
        }
        assert_eq!(library.count().await, (0, 0, 0));
        assert!(library.objects().is_empty());
    }

    async fn a_content_that_comes_back_into_use_counts_anew(library: Library) {
        let (first, second) = (noise(4, 200_000), noise(5, 200_000));
        let item = library.put(None, &first).await.expect("writes");
        library.put(Some(item), &second).await.expect("writes");
        library.forget_versions(item).await;
        library.collect(Round::Forgotten).await;
        library.clock.move_on(DAY + HOUR);
        library.put(Some(item), &first).await.expect("writes");
        library.put(Some(item), &second).await.expect("writes");
        library.forget_versions(item).await;
        library.collect(Round::Forgotten).await;
        assert_eq!(library.count().await.0, 2, "it was in use a moment ago");
        library.clock.move_on(DAY + HOUR);
        library.collect(Round::Forgotten).await;
        assert_eq!(library.count().await.0, 1);
        assert_eq!(library.read(item).await.expect("reads"), second);
    }

    async fn chunks_shared_with_a_file_that_stays_are_kept(library: Library) {
        let mut edited = noise(6, 6_000_000);
        let item = library.put(None, &edited).await.expect("writes");
        edited.insert(3_000_000, 1);
        library.put(Some(item), &edited).await.expect("writes");
        library.forget_versions(item).await;
        library.collect(Round::Forgotten).await;
        library.clock.move_on(2 * DAY);
        library.collect(Round::Forgotten).await;
        assert_eq!(library.read(item).await.expect("reads"), edited);
        let (contents, chunks, _) = library.count().await;
        assert_eq!((contents, chunks), (1, library.objects().len()));
    }

    async fn an_upload_keeps_its_chunks_until_it_ends(library: Library) {
        let bytes = noise(7, 2_000_000);
        let (mut upload, chunks) = offer(&library, &bytes).await;
        for chunk in &chunks {
            let (hash, chunk) = (ChunkHash::of(chunk), bytes::Bytes::copy_from_slice(chunk));
            let (store, call, now) = (&library.contents, &library.call, library.runtime().now());
            uploads::receive(store, call, &mut upload, hash, chunk, now).await.expect("receives");
        }
        library.clock.move_on(DAY - HOUR);
        library.collect(Round::AlsoStray).await;
        assert_eq!(library.count().await.1, chunks.len());
        library.clock.move_on(3 * HOUR);
        library.collect(Round::Forgotten).await;
        assert_eq!(library.count().await, (0, 0, 0));
        assert!(library.objects().is_empty());
        let id: UploadId = upload.id;
        assert_eq!(library.call.read(move |scope| scope.uploads().find(id)).await.expect("reads"), None);
    }

    async fn objects_without_a_row_go_when_nothing_can_record_them_any_more(library: Library) {
        let key = ChunkKey::from_bytes([7; 32]);
        let prepare = || async {
            let bytes = bytes::Bytes::from(noise(8, 100_000));
            library.contents.prepare_chunk(&library.call, &key, bytes).await.expect("prepares")
        };
        let kept = library.put(None, &noise(9, 100_000)).await.expect("writes");
        prepare().await;
        library.clock.move_on(DAY + HOUR);
        prepare().await;
        library.clock.move_on(DAY);
        assert_eq!(library.objects().len(), 3);
        library.collect(Round::Forgotten).await;
        assert_eq!(library.objects().len(), 3, "not looked for");
        library.collect(Round::AlsoStray).await;
        assert_eq!(library.objects().len(), 2, "the younger may still be recorded");
        assert_eq!(library.read(kept).await.expect("reads"), noise(9, 100_000));
    }

    async fn the_database_refuses_to_forget_what_is_referenced(library: Library) {
        let item = library.put(None, &noise(10, 1_000)).await.expect("writes");
        let content = library.content_of(item).await;
        let forced = library.write(move |scope| Ok(scope.garbage().delete_content(&content.id, &[])?)).await;
        assert!(forced.is_err());
        let unknown = model::ItemContent { id: [9; 32], ..content };
        let dangling = library.refer(None, move |_| Ok(unknown)).await;
        assert!(dangling.is_err());
        let replaced = library.refer(Some(item), move |_| Ok(unknown)).await;
        assert!(replaced.is_err());
        let chunks = library.call.read(|scope| scope.garbage().list_chunks(&[], 10)).await.expect("reads");
        let ids: Vec<[u8; 32]> = chunks.iter().map(|chunk| chunk.id).collect();
        let gone = library.write(move |scope| Ok(scope.garbage().delete_chunks(&ids)?)).await.expect("judges");
        assert!(chunks.iter().all(|chunk| chunk.used) && gone.is_empty());
        assert_eq!(library.read(item).await.expect("reads"), noise(10, 1_000));
    }

    async fn writers_and_collectors_at_the_same_time_lose_nothing(library: Library) {
        let contents: Vec<Vec<u8>> = (0..3).map(|seed| noise(20 + seed, 100_000)).collect();
        let item = library.put(None, &contents[0]).await.expect("writes");
        for round in 0..8_usize {
            // Whatever is unused is old enough to go while it is being written again.
            library.forget_versions(item).await;
            library.collect(Round::Forgotten).await;
            library.clock.move_on(DAY + HOUR);
            let bytes = &contents[round % 3];
            let writing = async {
                for _ in 0..3 {
                    library.put(Some(item), bytes).await.expect("writes");
                    library.put(None, bytes).await.expect("writes");
                }
            };
            let collecting = async {
                for _ in 0..2 {
                    let mut collector = Collector::new(library.operator(), library.contents.clone());
                    while collector.step(Round::AlsoStray).await.expect("collects") == Progress::More {}
                }
            };
            futures_util::future::join(writing, collecting).await;
            assert_eq!(&library.read(item).await.expect("reads"), bytes, "{round}");
        }
    }
}
