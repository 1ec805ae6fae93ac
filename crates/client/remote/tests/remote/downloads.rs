//! Downloads: every byte is checked against its name before anybody sees it.

use engine::{RemoteError, RemoteTree as _};
use futures_util::StreamExt as _;
use http::StatusCode;
use transfer::{
    ChunkFrame, ChunkHash, ChunkList, ContentFrame, ContentId, ContentRequest, Manifest, ManifestChunk,
    PACK_END, PACK_MEDIA_TYPE, frame_prefix,
};

use crate::fake_cloud::{FakeCloud, answer, tree};

fn manifest(bytes: &[u8]) -> Manifest {
    let length = u32::try_from(bytes.len()).unwrap();
    Manifest { chunks: vec![ManifestChunk { hash: ChunkHash::of(bytes), length }] }
}

fn request(bytes: &[u8]) -> ContentRequest {
    let content = if bytes.is_empty() { Manifest::default() } else { manifest(bytes) }.content_id();
    ContentRequest { item: "i".to_owned(), content }
}

fn frame(header: &impl serde::Serialize, body: &[u8]) -> Vec<u8> {
    let mut bytes = frame_prefix(&serde_json::to_vec(header).unwrap(), body.len() as u64).unwrap();
    bytes.extend_from_slice(body);
    bytes
}

fn cloud_with(path: &'static str, body: Vec<u8>) -> std::sync::Arc<FakeCloud> {
    FakeCloud::new(move |asked| {
        asked.uri.ends_with(path).then(|| answer(StatusCode::OK, PACK_MEDIA_TYPE, body.clone()))
    })
}

#[tokio::test]
async fn many_small_files_come_in_one_answer_and_a_damaged_one_spoils_no_other() {
    let header = |index| ContentFrame { index, error: None };
    let mut pack = frame(&header(1), b"two");
    pack.extend(frame(&header(0), b"not one"));
    pack.extend(frame(&header(2), b""));
    pack.extend(PACK_END);
    let cloud = cloud_with("/contents", pack);
    let requests = vec![request(b"one"), request(b"two"), request(b"")];
    let stream = tree(&cloud).contents(requests).await.unwrap();
    let fetched: Vec<_> = stream.map(|fetched| fetched.unwrap()).collect().await;
    assert_eq!(fetched.iter().map(|fetched| fetched.index).collect::<Vec<_>>(), [1, 0, 2]);
    assert_eq!(fetched[0].bytes.as_ref().unwrap().as_ref(), b"two");
    assert_eq!(fetched[1].bytes.as_ref().unwrap_err().code, "contentDamaged");
    assert_eq!(fetched[2].bytes.as_ref().unwrap().len(), 0);
}

#[tokio::test]
async fn a_pack_cut_short_ends_in_an_error() {
    let pack = frame(&ContentFrame { index: 0, error: None }, b"one");
    let cloud = cloud_with("/contents", pack);
    let stream = tree(&cloud).contents(vec![request(b"one"), request(b"two")]).await.unwrap();
    let fetched: Vec<_> = stream.collect().await;
    assert!(fetched[0].is_ok());
    assert!(matches!(fetched[1], Err(RemoteError::Transport(_))));
    assert_eq!(fetched.len(), 2);
}

#[tokio::test]
async fn chunks_come_in_order_and_only_with_their_own_bytes() {
    let hashes = [ChunkHash::of(b"one"), ChunkHash::of(b"two")];
    let list =
        ChunkList { item: "i".to_owned(), content: ContentId::from_bytes([0; 32]), chunks: hashes.to_vec() };
    let whole =
        [frame(&ChunkFrame { hash: hashes[0] }, b"one"), frame(&ChunkFrame { hash: hashes[1] }, b"two")];
    let mut good = whole.concat();
    good.extend(PACK_END);
    let chunks: Vec<_> =
        tree(&cloud_with("/chunks", good)).chunks(list.clone()).await.unwrap().collect().await;
    assert_eq!(chunks.len(), 2);
    assert_eq!(chunks[1].as_ref().unwrap().as_ref(), b"two");

    let mut swapped = [whole[1].clone(), whole[0].clone()].concat();
    swapped.extend(PACK_END);
    let mut forged = frame(&ChunkFrame { hash: hashes[0] }, b"evil");
    forged.extend(PACK_END);
    let mut missing = whole[0].clone();
    missing.extend(PACK_END);
    for (case, body) in [("swapped", swapped), ("forged", forged), ("missing", missing)] {
        let tree = tree(&cloud_with("/chunks", body));
        let chunks: Vec<_> = tree.chunks(list.clone()).await.unwrap().collect().await;
        assert!(matches!(chunks.last(), Some(Err(RemoteError::Transport(_)))), "{case}");
    }
}

#[tokio::test]
async fn a_manifest_of_another_content_is_refused() {
    let other = serde_json::to_vec(&manifest(b"other")).unwrap();
    let cloud = FakeCloud::new(move |asked| {
        asked.uri.ends_with("/manifest").then(|| answer(StatusCode::OK, "application/json", other.clone()))
    });
    let tree = tree(&cloud);
    assert!(tree.manifest("i", &manifest(b"other").content_id()).await.is_ok());
    let error = tree.manifest("i", &manifest(b"mine").content_id()).await.unwrap_err();
    assert!(matches!(error, RemoteError::ItemRefused(refused) if refused.code == "resourceModified"));
}
