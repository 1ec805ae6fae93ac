//! Streams: what was written is read back, whole and in ranges, small and long, and a chunk is kept once.

use content::ContentError;
use content::uploads;
use transfer::ChunkHash;

use crate::library::{Library, in_both_places, noise, offer};

in_both_places! {
    async fn bytes_of_every_length_come_back_as_they_were(library: Library) {
        for length in [0, 1, 65_536, 65_537, 1_000_000, 5_000_000] {
            let bytes = noise(length as u64, length);
            let item = library.put(None, &bytes).await.expect("writes");
            assert_eq!(library.read(item).await.expect("reads"), bytes, "{length}");
        }
    }

    async fn a_chunk_is_kept_once_and_its_spare_objects_are_removed(library: Library) {
        let bytes = noise(1, 3_000_000);
        library.put(None, &bytes).await.expect("writes");
        let once = library.objects();
        let second = library.put(None, &bytes).await.expect("writes");
        assert_eq!(library.count().await.0, 1, "one content");
        assert!(library.objects().len() > once.len(), "the second copy lies there until it is collected");
        library.collect(content::Round::Forgotten).await;
        assert_eq!(library.objects(), once, "the first objects stayed");
        assert_eq!(library.read(second).await.expect("reads"), bytes);
    }

    async fn an_upload_is_complete_when_its_chunks_are_there_and_not_before(library: Library) {
        let bytes = noise(2, 3_000_000);
        let (mut upload, chunks) = offer(&library, &bytes).await;
        let drive = library.drive;
        let now = library.runtime().now();
        let early = upload.clone();
        let refused = library.refer(None, move |scope| uploads::commit(scope, &early, drive, now)).await;
        assert!(matches!(refused, Err(ContentError::Incomplete(missing)) if missing == chunks.len()));
        for chunk in &chunks {
            let hash = ChunkHash::of(chunk);
            let (store, call) = (&library.contents, &library.call);
            let chunk = bytes::Bytes::copy_from_slice(chunk);
            uploads::receive(store, call, &mut upload, hash, chunk, now).await.expect("receives");
        }
        let whole = upload.clone();
        let item = library.refer(None, move |scope| uploads::commit(scope, &whole, drive, now)).await;
        assert_eq!(library.read(item.expect("commits")).await.expect("reads"), bytes);
    }

    async fn bytes_prepared_too_long_ago_are_not_recorded(library: Library) {
        let key = transfer::ChunkKey::from_bytes([7; 32]);
        let bytes = bytes::Bytes::from(noise(3, 100_000));
        let chunk = library.contents.prepare_chunk(&library.call, &key, bytes).await.expect("prepares");
        library.clock.move_on(24 * 3_600 + 1);
        let now = library.runtime().now();
        let content = content::PreparedContent::of_chunk(Some(chunk));
        let refused = library.refer(None, move |scope| content::record_content(scope, &content, now)).await;
        assert!(matches!(refused, Err(ContentError::Expired)));
    }
}
