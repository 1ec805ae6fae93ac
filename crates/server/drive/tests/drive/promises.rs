//! Promises: chunks an upload need not send because its uploader may read them elsewhere. They hold as long as that is so.

use drive::contents::{ContentCaller, find_upload, offer_upload, open_file, receive_chunk};
use drive::operations::ReadyOperation;
use futures_util::TryStreamExt;
use model::{Caller, Role, UploadId};
use transfer::{
    ChunkHash, ContentBuilder, ContentSource, Manifest, Operation, OperationChange, OperationId, Outcome,
    PutTarget, UploadOffer,
};

use crate::cloud::{Cloud, id, time};

const SECRET: &[u8] = b"what only readers of the folder may have";

fn manifest() -> Manifest {
    let mut builder = ContentBuilder::new();
    builder.add(SECRET);
    builder.finish().manifest
}

fn who(cloud: &Cloud, caller: Caller) -> ContentCaller {
    ContentCaller { caller, drive: cloud.drive.id, runtime: cloud.runtime.clone() }
}

/// Offers the secret with the file that has it as the base, and expects that nothing needs to be sent.
async fn promised(cloud: &Cloud, caller: Caller, base: &str) -> UploadId {
    let offer = UploadOffer { manifest: manifest(), base_items: vec![base.to_owned()] };
    let upload = offer_upload(&cloud.call(caller), &who(cloud, caller), offer).await.expect("offers");
    assert_eq!(upload.plan().need, []);
    upload.id
}

async fn finish(cloud: &Cloud, caller: Caller, upload: UploadId, folder: &str) -> Outcome {
    let change = OperationChange::PutFile {
        target: PutTarget::New { parent: folder.to_owned(), name: "stolen.txt".to_owned() },
        source: ContentSource::Upload { upload: upload.to_string() },
        content: manifest().content_id(),
        size: SECRET.len() as u64,
        modified: time("2026-02-03T04:05:06Z"),
        conflict_of: None,
    };
    let op = OperationId(format!("guest:{upload}"));
    let ready = ReadyOperation { operation: Operation { op, change }, inline: None };
    cloud.apply_all(caller, vec![ready]).await.expect("answers").remove(0)
}

#[tokio::test]
async fn a_promise_ends_with_the_access_it_came_from() {
    let cloud = Cloud::new().await;
    let (mine, theirs) =
        (cloud.folder(&cloud.root(), "mine").await, cloud.folder(&cloud.root(), "theirs").await);
    let secret = cloud.file(&theirs.id, "secret.txt", SECRET).await;
    let guest = cloud.guest("nora").await;
    cloud.share(&mine.id, guest, Role::Write).await;
    let reading = cloud.share(&theirs.id, guest, Role::Read).await;
    let upload = promised(&cloud, guest, &secret.id).await;
    cloud.revoke(reading).await;

    let refused = finish(&cloud, guest, upload, &mine.id).await;
    assert!(
        matches!(&refused, Outcome::Refused { error } if error.code == "uploadSessionIncomplete"),
        "{refused:?}"
    );
    let (call, runtime) = (cloud.call(guest), cloud.runtime.clone());
    let mut found = find_upload(&call, guest, runtime.clone(), upload).await.expect("finds");
    let hash = ChunkHash::of(SECRET);
    assert_eq!(found.plan().need, [hash], "who has the bytes can still send them");
    let bytes = bytes::Bytes::from_static(SECRET);
    receive_chunk(&cloud.contents, &call, &runtime, &mut found, hash, bytes).await.expect("receives");
    let Outcome::Done { item } = finish(&cloud, guest, upload, &mine.id).await else { panic!("refused") };
    let open = open_file(&call, &who(&cloud, guest), id(&item.id)).await.expect("opens");
    let stream = open.reader.stream(cloud.contents.clone(), call, 0..1_000);
    assert_eq!(stream.try_collect::<Vec<_>>().await.expect("reads").concat(), SECRET);
}

#[tokio::test]
async fn a_promise_outlives_the_deletion_of_its_item_by_those_who_may_bring_it_back() {
    let cloud = Cloud::new().await;
    let file = cloud.file(&cloud.root(), "draft.txt", SECRET).await;
    let upload = promised(&cloud, cloud.owner, &file.id).await;
    cloud.delete(&file).await;
    let saved = finish(&cloud, cloud.owner, upload, &cloud.root()).await;
    assert!(matches!(saved, Outcome::Done { .. }), "{saved:?}");
}
