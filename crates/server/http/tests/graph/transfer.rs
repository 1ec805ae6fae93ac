//! The transfer API: packs in both directions, uploads in chunks, idempotent answers.
#![expect(clippy::panic, reason = "what tests share fails by panicking too")]

use axum::body::Body;
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use transfer::{
    ChunkFrame, ChunkHash, ChunkList, Chunker, ContentBuilder, ContentFrame, ContentRequest, ContentSource,
    DeltaEntry, DeltaPage, Frame, NamedContent, Operation, OperationBatch, OperationChange, OperationId,
    Outcome, OutcomeBatch, PACK_END, PACK_MEDIA_TYPE, PackReader, PutTarget, RemoteItem, RootInfo,
    UploadOffer, UploadPlan, frame_prefix,
};

use crate::cloud::{BEN, Cloud, text};

struct Library {
    cloud: Cloud,
    anna: String,
    drive: String,
    root: RootInfo,
}

fn pack(frames: &[(String, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (header, body) in frames {
        bytes.extend(frame_prefix(header.as_bytes(), body.len() as u64).expect("a frame"));
        bytes.extend_from_slice(body);
    }
    bytes.extend(PACK_END);
    bytes
}

fn unpack(bytes: &[u8]) -> Vec<Frame> {
    let mut reader = PackReader::new(8 * 1024 * 1024);
    reader.push(bytes);
    let mut frames = Vec::new();
    while let Some(frame) = reader.next_frame().expect("a pack") {
        frames.push(frame);
    }
    reader.finish().expect("complete");
    frames
}

fn name(bytes: &[u8]) -> (NamedContent, Vec<Vec<u8>>) {
    let (mut chunker, mut builder, mut rest, mut chunks) =
        (Chunker::new(), ContentBuilder::new(), bytes, Vec::new());
    while let Some(chunk) = chunker.feed(&mut rest) {
        chunks.push(chunk);
    }
    while let Some(chunk) = chunker.finish() {
        chunks.push(chunk);
    }
    for chunk in &chunks {
        builder.add(chunk);
    }
    (builder.finish(), chunks)
}

fn put_file(op: &str, target: PutTarget, source: ContentSource, named: &NamedContent) -> String {
    let modified: Timestamp = "2026-02-03T04:05:06Z".parse().expect("a time");
    let change = OperationChange::PutFile {
        target,
        source,
        content: named.id,
        size: named.size,
        modified,
        conflict_of: None,
    };
    serde_json::to_string(&Operation { op: OperationId(op.to_owned()), change }).expect("JSON")
}

impl Library {
    async fn open() -> Self {
        let cloud = Cloud::start().await;
        let anna = cloud.anna().await;
        let (_, drive) = cloud.falcon(&anna).await;
        let address = json!({"address": "https://cloud.example/contoso.example/sites/Falcon"});
        let (status, root) = cloud.post(&anna, "/transfer/v1/resolve", address).await;
        assert_eq!(status, StatusCode::OK, "{root}");
        let root: RootInfo = serde_json::from_value(root).expect("a root");
        assert_eq!((&root.drive, root.site.as_str(), &root.folder), (&drive, "Project Falcon", &None));
        Self { cloud, anna, drive, root }
    }

    fn path(&self, rest: &str) -> String {
        format!("/transfer/v1/drives/{}/{rest}", self.drive.replace('!', "%21"))
    }

    async fn operations(&self, token: &str, frames: &[(String, &[u8])]) -> Vec<Outcome> {
        let (status, _, body) =
            self.cloud.send(token, Method::POST, &self.path("operations"), &[], pack(frames)).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        serde_json::from_slice::<OutcomeBatch>(&body).expect("outcomes").outcomes
    }

    async fn small(&self, file: &str, bytes: &[u8]) -> RemoteItem {
        let target = PutTarget::New { parent: self.root.item.clone(), name: file.to_owned() };
        let header = put_file(&format!("t:{file}"), target, ContentSource::Inline, &name(bytes).0);
        match self.operations(&self.anna, &[(header, bytes)]).await.remove(0) {
            Outcome::Done { item } => item,
            Outcome::Refused { error } => panic!("{error:?}"),
        }
    }

    async fn delta(&self, token: &str, item: &str, cursor: Option<&str>) -> (StatusCode, Value) {
        let query = cursor.map(|cursor| format!("?cursor={cursor}")).unwrap_or_default();
        self.cloud.get(token, &self.path(&format!("items/{item}/delta{query}"))).await
    }
}

#[tokio::test]
async fn r_x05_many_small_files_travel_in_one_request_each_way() {
    let library = Library::open().await;
    let bodies: Vec<Vec<u8>> = (0..150_u8).map(|number| vec![number; usize::from(number) * 1_000]).collect();
    let frames: Vec<(String, &[u8])> = bodies
        .iter()
        .enumerate()
        .map(|(number, body)| {
            let target = PutTarget::New { parent: library.root.item.clone(), name: format!("f{number}") };
            let header = put_file(&format!("d:{number}"), target, ContentSource::Inline, &name(body).0);
            (header, body.as_slice())
        })
        .take(80)
        .collect();
    let outcomes = library.operations(&library.anna, &frames).await;
    let again = library.operations(&library.anna, &frames).await;
    assert_eq!(outcomes, again, "a repeat gets the first answers");
    let items: Vec<RemoteItem> = outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Done { item } => item,
            Outcome::Refused { error } => panic!("{error:?}"),
        })
        .collect();
    let (_, page) = library.delta(&library.anna, &library.root.item, None).await;
    let page: DeltaPage = serde_json::from_value(page).expect("a page");
    assert_eq!(page.entries.len(), 81);
    assert!(
        matches!(&page.entries[0], DeltaEntry::Item(root) if root.id == library.root.item && root.parent.is_none())
    );
    let mut requests: Vec<ContentRequest> = items
        .iter()
        .map(|item| ContentRequest { item: item.id.clone(), content: item.content.expect("content") })
        .collect();
    requests.push(ContentRequest { item: library.root.item.clone(), content: requests[0].content });
    requests.push(ContentRequest { item: items[0].id.clone(), content: requests[1].content });
    let body = serde_json::to_vec(&requests).expect("JSON");
    let (status, headers, pack) =
        library.cloud.send(&library.anna, Method::POST, &library.path("contents"), &[], body).await;
    assert_eq!((status, headers["content-type"].to_str().ok()), (StatusCode::OK, Some(PACK_MEDIA_TYPE)));
    let frames = unpack(&pack);
    assert_eq!(frames.len(), requests.len());
    for (index, frame) in frames.iter().enumerate() {
        let header: ContentFrame = serde_json::from_slice(&frame.header).expect("a header");
        assert_eq!(header.index as usize, index);
        match index {
            80 => assert_eq!(header.error.map(|error| error.status), Some(400), "a folder has no bytes"),
            81 => assert_eq!(header.error.map(|error| error.status), Some(412), "it has other bytes"),
            _ => assert_eq!((&frame.body, header.error), (&bodies[index], None)),
        }
    }
    let path = library.path("operations/d%3A5");
    assert_eq!(library.cloud.get(&library.anna, &path).await.0, StatusCode::OK);
    assert_eq!(
        library.cloud.get(&library.anna, &library.path("operations/d:999")).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn r_x05_an_upload_goes_on_where_it_was_cut_off_and_comes_back_in_chunks() {
    let library = Library::open().await;
    let mut bytes = vec![0; 7_000_000];
    blake3::Hasher::new().finalize_xof().fill(&mut bytes);
    let (named, chunks) = name(&bytes);
    let offer =
        serde_json::to_value(UploadOffer { manifest: named.manifest.clone(), base_items: Vec::new() });
    let (status, plan) =
        library.cloud.post(&library.anna, &library.path("uploads"), offer.expect("JSON")).await;
    assert_eq!(status, StatusCode::OK, "{plan}");
    let plan: UploadPlan = serde_json::from_value(plan).expect("a plan");
    assert_eq!(plan.need.len(), chunks.len());
    let header =
        |chunk: &[u8]| serde_json::to_string(&ChunkFrame { hash: ChunkHash::of(chunk) }).expect("JSON");
    let path = library.path(&format!("uploads/{}", plan.upload));
    // Two chunks arrive, then the line breaks in the third.
    let frames: Vec<(String, &[u8])> =
        chunks[..3].iter().map(|chunk| (header(chunk), chunk.as_slice())).collect();
    let mut cut = pack(&frames);
    cut.truncate(cut.len() - 100);
    let (status, _, _) = library.cloud.send(&library.anna, Method::PUT, &path, &[], cut).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (_, plan) = library.cloud.get(&library.anna, &path).await;
    let plan: UploadPlan = serde_json::from_value(plan).expect("a plan");
    assert_eq!(plan.need.len(), chunks.len() - 2);
    let lie = pack(&[(header(&chunks[2]), &chunks[3])]);
    assert_eq!(
        library.cloud.send(&library.anna, Method::PUT, &path, &[], lie).await.0,
        StatusCode::BAD_REQUEST
    );
    let frames: Vec<(String, &[u8])> =
        chunks[2..].iter().map(|chunk| (header(chunk), chunk.as_slice())).collect();
    let (status, _, body) = library.cloud.send(&library.anna, Method::PUT, &path, &[], pack(&frames)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(serde_json::from_slice::<UploadPlan>(&body).expect("a plan").need, []);
    let colleague = library.cloud.colleague("carl@contoso.example").await;
    assert_eq!(library.cloud.get(&colleague, &path).await.0, StatusCode::NOT_FOUND, "uploads are private");
    let target = PutTarget::New { parent: library.root.item.clone(), name: "big".to_owned() };
    let source = ContentSource::Upload { upload: plan.upload.clone() };
    let outcome =
        library.operations(&library.anna, &[(put_file("d:1", target, source, &named), b"")]).await.remove(0);
    let Outcome::Done { item } = outcome else { panic!("{outcome:?}") };
    assert_eq!((item.size, item.content), (bytes.len() as u64, Some(named.id)));
    let (_, manifest) =
        library.cloud.get(&library.anna, &library.path(&format!("items/{}/manifest", item.id))).await;
    assert_eq!(manifest, serde_json::to_value(&named.manifest).expect("JSON"));
    let wanted = vec![ChunkHash::of(&chunks[4]), ChunkHash::of(&chunks[1])];
    let list = ChunkList { item: item.id.clone(), content: named.id, chunks: wanted.clone() };
    let body = serde_json::to_vec(&list).expect("JSON");
    let (status, _, pack) =
        library.cloud.send(&library.anna, Method::POST, &library.path("chunks"), &[], body).await;
    assert_eq!(status, StatusCode::OK);
    let arrived: Vec<ChunkHash> = unpack(&pack).iter().map(|frame| ChunkHash::of(&frame.body)).collect();
    assert_eq!(arrived, wanted);
}

#[tokio::test]
async fn r_b03_a_folder_is_a_root_of_its_own_for_who_has_only_that() {
    let library = Library::open().await;
    let (cloud, base) = (&library.cloud, format!("/v1.0/drives/{}", library.drive));
    let new = json!({"name": "shared", "folder": {}});
    let (_, folder) = cloud.post(&library.anna, &format!("{base}/root/children"), new).await;
    let folder = text(&folder["id"]);
    library.small("above.txt", b"above").await;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["read"]});
    cloud.post(&library.anna, &format!("{base}/items/{folder}/invite"), share).await;
    let ben = cloud.ben_as_guest().await;
    let (status, info) = cloud.get(&ben, &library.path(&format!("items/{folder}/root"))).await;
    assert_eq!(status, StatusCode::OK, "{info}");
    let info: RootInfo = serde_json::from_value(info).expect("a root");
    assert_eq!((info.folder.as_deref(), info.role), (Some("shared"), transfer::ItemRole::Read));
    for address in [info.web_url.as_str(), "https://cloud.example/contoso.example/sites/falcon"] {
        let (status, again) = cloud.post(&ben, "/transfer/v1/resolve", json!({"address": address})).await;
        assert_eq!((status, &again["item"]), (StatusCode::OK, &json!(folder)), "{address}");
    }
    let (status, page) = library.delta(&ben, &folder, None).await;
    assert_eq!((status, page["entries"].as_array().map(Vec::len)), (StatusCode::OK, Some(1)));
    assert_eq!(library.delta(&ben, &library.root.item, None).await.0, StatusCode::NOT_FOUND);
    let target = PutTarget::New { parent: folder.clone(), name: "x".to_owned() };
    let frames = [(put_file("g:1", target, ContentSource::Inline, &name(b"x").0), &b"x"[..])];
    let (status, _, _) =
        cloud.send(&ben, Method::POST, &library.path("operations"), &[], pack(&frames)).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "a viewer stores nothing");
    for address in ["https://cloud.example/fabrikam.example/sites/Falcon", "https://evil.example/x", ""] {
        let (status, _) = cloud.post(&ben, "/transfer/v1/resolve", json!({"address": address})).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{address}");
    }
}

#[tokio::test]
async fn bad_packs_and_lists_get_typed_errors_and_change_nothing() {
    let library = Library::open().await;
    let (cloud, path) = (&library.cloud, library.path("operations"));
    let target = || PutTarget::New { parent: library.root.item.clone(), name: "x".to_owned() };
    let good = put_file("d:1", target(), ContentSource::Inline, &name(b"x").0);
    let mut cut = pack(&[(good.clone(), b"x")]);
    cut.truncate(cut.len() - 1);
    let mut trailing = pack(&[(good.clone(), b"x")]);
    trailing.push(7);
    let huge_header = u32::MAX.to_le_bytes().to_vec();
    let long = vec![0; OperationBatch::MAX_INLINE + 1];
    let many: Vec<(String, &[u8])> = (0..201).map(|_| (good.clone(), &b"x"[..])).collect();
    let cases = [
        ("cut off", cut, StatusCode::BAD_REQUEST),
        ("trailing", trailing, StatusCode::BAD_REQUEST),
        ("a huge header", huge_header, StatusCode::BAD_REQUEST),
        ("no JSON", pack(&[("x".to_owned(), b"")]), StatusCode::BAD_REQUEST),
        ("a long body", pack(&[(good.clone(), &long)]), StatusCode::PAYLOAD_TOO_LARGE),
        ("too many", pack(&many), StatusCode::PAYLOAD_TOO_LARGE),
        ("nothing", Vec::new(), StatusCode::BAD_REQUEST),
    ];
    for (case, body, expected) in cases {
        let (status, _, answer) = cloud.send(&library.anna, Method::POST, &path, &[], body).await;
        assert_eq!(status, expected, "{case}");
        assert!(
            serde_json::from_slice::<Value>(&answer).is_ok_and(|body| body["error"]["code"].is_string()),
            "{case}"
        );
    }
    let (_, page) = library.delta(&library.anna, &library.root.item, None).await;
    assert_eq!(page["entries"].as_array().map(Vec::len), Some(1), "nothing was made");
    let (status, page) = library.delta(&library.anna, &library.root.item, Some("nonsense")).await;
    assert_eq!((status, page["error"]["code"].as_str()), (StatusCode::GONE, Some("resyncRequired")));
    for rest in ["uploads", "contents", "chunks"] {
        let (status, _, _) =
            cloud.send(&library.anna, Method::POST, &library.path(rest), &[], Body::from("{")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{rest}");
    }
    let zero = json!({"manifest": [{"hash": "00".repeat(32), "length": 0}], "baseItems": []});
    assert_eq!(cloud.post(&library.anna, &library.path("uploads"), zero).await.0, StatusCode::BAD_REQUEST);
}
