//! Bad requests to the transfer API: broken packs, uploads that lie, and reads of what cannot be read.

use http::Method;
use serde_json::{Value, json};

use super::row::Row;
use crate::world::{Ask, World, manifest_of, pack};

const PACK: &str = "application/vnd.footbridge.pack";
/// A hash of nothing.
pub(super) const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Writes an address within the site's drive.
pub(super) fn at(world: &World, rest: &str) -> String {
    format!("/transfer/v1/drives/{}/{rest}", world.things.falcon.drive)
}

pub(super) fn rows(world: &World) -> Vec<Row> {
    [packs(world), uploads(world), reads(world)].into_iter().flatten().collect()
}

fn folder(world: &World, op: &str, name: &str) -> Value {
    let change = json!({ "type": "createFolder", "parent": world.things.shared, "name": name });
    json!({ "op": op, "change": change })
}

fn packs(world: &World) -> Vec<Row> {
    let target = at(world, "operations");
    let whole = pack(&[(folder(world, "pack:1", "Nie"), Vec::new())]);
    let send = |body: Vec<u8>| Ask::new(Method::POST, target.clone()).body(PACK, body);
    let mut trailing = whole.clone();
    trailing.extend(b"more");
    let many: Vec<(Value, Vec<u8>)> =
        (0..201).map(|at| (folder(world, &format!("pack:{at}"), &format!("Nie-{at}")), Vec::new())).collect();
    let header = |text: &[u8]| {
        let mut body = u32::try_from(text.len()).expect("short").to_le_bytes().to_vec();
        body.extend_from_slice(text);
        body.extend_from_slice(&0u64.to_le_bytes());
        body.extend_from_slice(&[0; 4]);
        body
    };
    let mut lying = u32::try_from(2).expect("short").to_le_bytes().to_vec();
    lying.extend_from_slice(b"{}");
    lying.extend_from_slice(&u64::MAX.to_le_bytes());
    let inline = |bytes: usize| {
        let change = json!({
            "type": "putFile",
            "target": { "type": "new", "parent": world.things.shared, "name": "nie.bin" },
            "source": { "type": "inline" },
            "content": ZERO, "size": bytes, "modified": "2026-01-01T00:00:00Z", "conflictOf": null,
        });
        pack(&[(json!({ "op": "pack:2", "change": change }), vec![7; bytes])])
    };
    let mut rows = vec![
        Row::graph("a text in place of a pack", send(b"hello".to_vec()), 400, "invalidRequest"),
        Row::graph("an empty body", send(Vec::new()), 400, "cut short"),
        Row::graph("bytes behind the end", send(trailing), 400, "follow the end"),
        Row::graph("a header of 4 GiB", send(vec![255; 64]), 400, "too long"),
        Row::graph("a body of 16 EiB", send(lying), 413, "allowed"),
        Row::graph("a header that is no JSON", send(header(b"{nonsense")), 400, "header cannot be read"),
        Row::graph(
            "a header of another kind",
            send(header(br#"{"hash":"x"}"#)),
            400,
            "header cannot be read",
        ),
        Row::graph("too many operations", send(pack(&many)), 413, "allowed"),
        Row::graph("an inline file that is too large", send(inline(300 * 1024)), 413, "allowed"),
        Row::graph(
            "bytes that belong to no file",
            send(pack(&[(folder(world, "pack:3", "Nie"), b"bytes".to_vec())])),
            400,
            "inline",
        ),
    ];
    for end in [1, 4, 20, whole.len() - 5, whole.len() - 1] {
        let ask = send(whole[..end].to_vec());
        rows.push(Row::graph(format!("a pack cut off at {end}"), ask, 400, "cut short"));
    }
    rows
}

fn uploads(world: &World) -> Vec<Row> {
    let offers = at(world, "uploads");
    let offer = |chunks: Value, bases: Value| {
        Ask::post(offers.clone(), &json!({ "manifest": chunks, "baseItems": bases }))
    };
    let own = at(world, &format!("uploads/{}", world.things.upload));
    let hash = manifest_of(crate::world::UPLOADED).chunks[0].hash.to_string();
    let put = |hash: &str, bytes: &[u8]| {
        Ask::pack(Method::PUT, own.clone(), &[(json!({ "hash": hash }), bytes.to_vec())])
    };
    let other = manifest_of(b"nie angeboten").chunks[0].hash.to_string();
    let long = 4 * 1024 * 1024 + 1;
    let bases: Vec<&str> = vec!["x"; 101];
    vec![
        Row::graph(
            "a chunk of nothing",
            offer(json!([{ "hash": ZERO, "length": 0 }]), json!([])),
            400,
            "chunk",
        ),
        Row::graph(
            "a chunk too long",
            offer(json!([{ "hash": ZERO, "length": long }]), json!([])),
            400,
            "chunk",
        ),
        Row::graph(
            "a negative chunk",
            offer(json!([{ "hash": ZERO, "length": -1 }]), json!([])),
            400,
            "JSON",
        ),
        Row::graph(
            "a hash that is none",
            offer(json!([{ "hash": "x", "length": 1 }]), json!([])),
            400,
            "JSON",
        ),
        Row::graph("too many base items", offer(json!([]), json!(bases)), 400, "base items"),
        Row::graph("a manifest that is none", offer(json!("x"), json!([])), 400, "JSON"),
        Row::graph("other bytes than announced", put(&hash, b"andere"), 400, "contentMismatch"),
        Row::graph("a chunk nobody offered", put(&other, b"nie angeboten"), 400, "contentMismatch"),
        Row::graph("a hash of other bytes", put(&other, crate::world::UPLOADED), 400, "contentMismatch"),
        Row::graph("a chunk cut off", put(&hash, &crate::world::UPLOADED[..5]), 400, "contentMismatch"),
        Row::graph(
            "an upload nobody has",
            Ask::get(at(world, "uploads/00000000-0000-4000-8000-000000000000")),
            404,
            "itemNotFound",
        ),
        Row::graph("an upload that is no id", Ask::get(at(world, "uploads/..%2f..")), 404, "itemNotFound"),
    ]
}

fn reads(world: &World) -> Vec<Row> {
    let file = &world.things.shared_file;
    let shared = &world.things.shared;
    let contents = |body: &Value| Ask::post(at(world, "contents"), body);
    let chunks = |body: &Value| Ask::post(at(world, "chunks"), body);
    let many: Vec<Value> = vec![json!({ "item": file.id, "content": file.content }); 501];
    let list: Vec<&str> = vec![file.chunk.as_str(); 257];
    let address = |text: &str| Ask::post("/transfer/v1/resolve", &json!({ "address": text }));
    let drives = vec!["b!AAAAAAAAAAAAAAAAAAAAAA"; 201].join(",");
    let distinct: Vec<String> =
        (0..=200u8).map(|at| format!("b!{}", data_encoding::BASE64URL_NOPAD.encode(&[at; 16]))).collect();
    let access = |nonce: &str| {
        let things = &world.things;
        let (tenant, drive, item) = (&things.tenant, &things.falcon.drive, &things.falcon.root);
        let body = json!({ "tenant": tenant, "drive": drive, "item": item, "nonce": nonce });
        Ask::post("/transfer/v1/access", &body)
    };
    let delta = |cursor: &str| Ask::get(at(world, &format!("items/{shared}/delta?cursor={cursor}")));
    let mut rows = vec![
        Row::graph("contents: no list", contents(&json!({})), 400, "JSON"),
        Row::graph("contents: a bad hash", contents(&json!([{ "item": "x", "content": "y" }])), 400, "JSON"),
        Row::graph("contents: too many", contents(&json!(many)), 413, "allowed"),
        Row::graph(
            "chunks: too many",
            chunks(&json!({ "item": file.id, "content": file.content, "chunks": list })),
            413,
            "allowed",
        ),
        Row::graph(
            "chunks of another content",
            chunks(&json!({ "item": file.id, "content": ZERO, "chunks": [] })),
            412,
            "resourceModified",
        ),
        Row::graph(
            "a manifest of a folder",
            Ask::get(at(world, &format!("items/{shared}/manifest"))),
            400,
            "folder",
        ),
        Row::graph("a feed of a file", Ask::get(at(world, &format!("items/{}/delta", file.id))), 400, "file"),
        Row::graph(
            "a root that is a file",
            Ask::get(at(world, &format!("items/{}/root", file.id))),
            403,
            "singleFile",
        ),
        Row::graph("events of nothing named", Ask::get("/transfer/v1/events"), 400, "drives"),
        Row::graph(
            "events of too many drives",
            Ask::get(format!("/transfer/v1/events?drives={}", distinct.join(","))),
            400,
            "200",
        ),
        Row::graph(
            "an address with NUL",
            address("https://cloud.example/contoso.example/sites/\0"),
            400,
            "U+0000",
        ),
        Row::graph("an address too long", address(&"x".repeat(100_000)), 413, "allowed"),
        Row::graph("an access question without a nonce", access(""), 400, "nonce"),
        Row::graph("an access question with a long nonce", access(&"x".repeat(300)), 400, "nonce"),
        Row::graph("an operation nobody sent", Ask::get(at(world, "operations/%00")), 404, "itemNotFound"),
    ];
    assert!(drives.len() > 100, "one drive named often is one drive");
    for cursor in ["", "x", "%00", "../../x", &"A".repeat(4_000), &"-".repeat(33)] {
        rows.push(Row::graph(format!("the cursor {cursor:.20}"), delta(cursor), 410, "resyncRequired"));
    }
    for text in [
        "",
        "nonsense",
        "https://evil.example/contoso.example/sites/Secret-Falcon",
        "https://cloud.example.evil.example/contoso.example/sites/Secret-Falcon",
        "https://cloud.example/contoso.example/sites/../sites",
        "https://cloud.example/contoso.example/sites/%2e%2e",
        "https://cloud.example/fabrikam.example/sites/Secret-Falcon",
        "https://cloud.example/contoso.example/items/b!x/01y",
    ] {
        rows.push(Row::graph(format!("the address {text:?}"), address(text), 404, "itemNotFound"));
    }
    for item in ["..%2f..", "%00", "01", "root%00", "%c0%ae", "x".repeat(5_000).as_str()] {
        let ask = Ask::get(at(world, &format!("items/{item}/root")));
        rows.push(Row::graph(format!("the item {item:.20}"), ask, 404, "itemNotFound"));
    }
    rows
}
