//! Batches: independent, idempotent, recognisable.

use drive::delta::DeltaStart;
use drive::operations::{ReadyOperation, find_outcome};
use transfer::{
    ContentSource, DeltaEntry, Manifest, Operation, OperationChange, OperationId, Outcome, PutTarget,
    UploadOffer,
};

use crate::cloud::{Cloud, time};

fn make(op: &str, parent: &str, name: &str) -> ReadyOperation {
    let change = OperationChange::CreateFolder { parent: parent.to_owned(), name: name.to_owned() };
    ReadyOperation { operation: Operation { op: OperationId(op.to_owned()), change }, inline: None }
}

#[tokio::test]
async fn one_refused_operation_harms_no_other_of_its_batch() {
    let cloud = Cloud::new().await;
    let root = cloud.root();
    let batch = vec![make("d:1", &root, "a"), make("d:2", &root, "A"), make("d:3", &root, "b")];
    let outcomes = cloud.apply_all(cloud.owner, batch).await.expect("answers");
    let applied: Vec<bool> = outcomes.iter().map(|outcome| matches!(outcome, Outcome::Done { .. })).collect();
    assert_eq!(applied, [true, false, true]);
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_another_change_under_its_id_is_refused() {
    let cloud = Cloud::new().await;
    let root = cloud.root();
    let first = cloud.apply_all(cloud.owner, vec![make("d:1", &root, "a")]).await.expect("answers");
    let again = cloud.apply_all(cloud.owner, vec![make("d:1", &root, "a")]).await.expect("answers");
    assert_eq!(first, again);
    let other = cloud.apply_all(cloud.owner, vec![make("d:1", &root, "b")]).await.expect("answers").remove(0);
    assert!(matches!(other, Outcome::Refused { error } if error.status == 422));
    let call = cloud.call(cloud.owner);
    let id = OperationId("d:1".to_owned());
    let (runtime, drive) = (cloud.runtime.clone(), cloud.drive.id);
    let found = find_outcome(&call, cloud.owner, runtime.clone(), drive, id.clone()).await.expect("finds");
    assert_eq!(found, first[0]);
    let guest = cloud.guest("gus").await;
    assert!(find_outcome(&cloud.call(guest), guest, runtime, drive, id).await.is_err());
}

#[tokio::test]
async fn the_feed_names_the_operation_that_made_a_change() {
    let cloud = Cloud::new().await;
    cloud.apply_all(cloud.owner, vec![make("phone:7", &cloud.root(), "a")]).await.expect("answers");
    let page = cloud.delta(cloud.owner, &cloud.root(), DeltaStart::Nothing, 100).await.expect("reads");
    let told = page.entries.iter().any(|entry| match entry {
        DeltaEntry::Item(item) => item.op == Some(OperationId("phone:7".to_owned())),
        DeltaEntry::Removed { .. } => false,
    });
    assert!(told);
}

#[tokio::test]
async fn bytes_other_than_announced_are_refused() {
    let cloud = Cloud::new().await;
    let target = PutTarget::New { parent: cloud.root(), name: "a.txt".to_owned() };
    let mut put = cloud.put(target, b"announced").await;
    put.inline = Some(cloud.inline(b"something else").await);
    let outcome = cloud.apply_all(cloud.owner, vec![put]).await.expect("answers").remove(0);
    assert!(matches!(outcome, Outcome::Refused { error } if error.code == "contentMismatch"));
}

#[tokio::test]
async fn r_x05_only_chunks_that_changed_are_needed_and_only_readable_bases_count() {
    use drive::contents::{ContentCaller, find_upload, offer_upload, open_file, receive_chunk};
    use futures_util::TryStreamExt;
    use transfer::{ChunkHash, Chunker, ContentBuilder};

    let cloud = Cloud::new().await;
    let (call, runtime) = (cloud.call(cloud.owner), cloud.runtime.clone());
    let who = ContentCaller { caller: cloud.owner, drive: cloud.drive.id, runtime: runtime.clone() };
    let mut noise = vec![0; 6_000_000];
    blake3::Hasher::new().finalize_xof().fill(&mut noise);
    let cut = |bytes: &[u8]| {
        let (mut chunker, mut rest, mut chunks) = (Chunker::new(), bytes, Vec::new());
        while let Some(chunk) = chunker.feed(&mut rest) {
            chunks.push(chunk);
        }
        while let Some(chunk) = chunker.finish() {
            chunks.push(chunk);
        }
        chunks
    };
    let upload = async |bytes: &[u8], bases: Vec<String>, target: PutTarget, op: &str| {
        let chunks = cut(bytes);
        let mut builder = ContentBuilder::new();
        for chunk in &chunks {
            builder.add(chunk);
        }
        let named = builder.finish();
        let offer = UploadOffer { manifest: named.manifest.clone(), base_items: bases };
        let offered = offer_upload(&call, &who, offer).await.expect("offers");
        let needed = offered.plan().need;
        let mut found = find_upload(&call, cloud.owner, runtime.clone(), offered.id).await.expect("finds");
        for chunk in chunks.iter().filter(|chunk| needed.contains(&ChunkHash::of(chunk))) {
            let bytes = bytes::Bytes::copy_from_slice(chunk);
            let hash = ChunkHash::of(chunk);
            receive_chunk(&cloud.contents, &call, &runtime, &mut found, hash, bytes).await.expect("receives");
        }
        let change = OperationChange::PutFile {
            target,
            source: ContentSource::Upload { upload: offered.id.to_string() },
            content: named.id,
            size: named.size,
            modified: time("2026-02-03T04:05:06Z"),
            conflict_of: None,
        };
        let operation = Operation { op: OperationId(op.to_owned()), change };
        let ready = ReadyOperation { operation, inline: None };
        let outcome = cloud.apply_all(cloud.owner, vec![ready]).await.expect("answers").remove(0);
        let Outcome::Done { item } = outcome else { panic!("{outcome:?}") };
        (item, needed.len(), chunks.len())
    };
    let new = |name: &str| PutTarget::New { parent: cloud.root(), name: name.to_owned() };
    let (file, needed, all) = upload(&noise, Vec::new(), new("big"), "d:1").await;
    assert_eq!(needed, all);
    let mut edited = noise.clone();
    edited.insert(3_000_000, 1);
    let existing = PutTarget::Existing { item: file.id.clone(), if_match: file.c_tag.clone() };
    let (file, needed, all) = upload(&edited, vec![file.id.clone()], existing, "d:2").await;
    assert!(needed <= 2 && all > 2, "{needed} of {all}");
    let (_, needed, all) = upload(&edited, Vec::new(), new("copy"), "d:3").await;
    assert_eq!(needed, all, "what the tenant has is told only through a base item");
    let open = open_file(&call, &who, crate::cloud::id(&file.id)).await.expect("opens");
    assert_eq!(open.reader.manifest().content_id(), file.content.expect("content"));
    let stream = open.reader.stream(cloud.contents.clone(), call.clone(), 2_999_990..3_000_010);
    let part: Vec<u8> = stream.try_collect::<Vec<_>>().await.expect("reads").concat();
    assert_eq!(part, edited[2_999_990..3_000_010]);
    let incomplete = offer_upload(
        &call,
        &who,
        UploadOffer { manifest: Manifest { chunks: open_manifest(&noise) }, base_items: Vec::new() },
    )
    .await
    .expect("offers");
    let change = OperationChange::PutFile {
        target: new("never"),
        source: ContentSource::Upload { upload: incomplete.id.to_string() },
        content: incomplete.manifest.content_id(),
        size: incomplete.manifest.size(),
        modified: time("2026-02-03T04:05:06Z"),
        conflict_of: None,
    };
    assert_eq!(cloud.refused(cloud.owner, change).await.code, "uploadSessionIncomplete");
}

fn open_manifest(bytes: &[u8]) -> Vec<transfer::ManifestChunk> {
    let mut builder = transfer::ContentBuilder::new();
    builder.add(&bytes[..1_000]);
    builder.finish().manifest.chunks
}
