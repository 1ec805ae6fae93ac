//! Bad requests to the transfer API: broken packs, lies about bytes, and operations that must not be applied.

use http::Method;
use serde_json::{Value, json};

use super::row::{Form, Row};
use crate::world::{Ask, World, manifest_of, name_of, pack};

const PACK: &str = "application/vnd.footbridge.pack";
const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn at(world: &World, rest: &str) -> String {
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
            400,
            "file",
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
        Row::graph("a cursor with NUL", delta("%00"), 400, "invalidRequest"),
        Row::graph("an address too long", address(&"x".repeat(100_000)), 413, "allowed"),
        Row::graph("an access question without a nonce", access(""), 400, "nonce"),
        Row::graph("an access question with a long nonce", access(&"x".repeat(300)), 400, "nonce"),
        Row::graph("an operation nobody sent", Ask::get(at(world, "operations/%00")), 404, "itemNotFound"),
    ];
    assert!(drives.len() > 100, "one drive named often is one drive");
    for cursor in ["", "x", "../../x", &"A".repeat(4_000), &"-".repeat(33)] {
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

/// Operations of which every single one must be refused.
pub(super) fn operations(world: &World) -> Vec<Row> {
    [names(world), places(world), bytes(world)].into_iter().flatten().collect()
}

fn operation(world: &World, name: &str, change: &Value, body: &[u8], holds: &'static str) -> Row {
    let frame = json!({ "op": format!("row:{}", blake_of(name)), "change": change });
    let ask = Ask::pack(Method::POST, at(world, "operations"), &[(frame, body.to_vec())]);
    Row::graph(name, ask, 200, holds).of(Form::Outcome)
}

/// An operation id that is the same for the same row alone.
fn blake_of(name: &str) -> String {
    name_of(name.as_bytes()).id.to_string()[..24].to_owned()
}

/// Names that section 8 of the reference forbids.
fn names(world: &World) -> Vec<Row> {
    let mut rows = Vec::new();
    let long = "x".repeat(256);
    let wide = "\u{1F600}".repeat(128);
    let both = [
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a:b",
        "a*b",
        "a?b",
        "a\"b",
        "a<b",
        "a>b",
        "a|b",
        " a",
        "a ",
        "a\0b",
        "a\nb",
        "a\r\nb",
        "a\u{7f}",
        ".lock",
        "CON",
        "con",
        "PRN",
        "AUX",
        "nul",
        "COM0",
        "com9",
        "LPT1",
        "desktop.ini",
        "Desktop.INI",
        "x_vti_y",
        "X_VTI_y",
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\x",
        "\\\\server\\x",
        &long,
        &wide,
    ];
    let put = |name: &str| {
        let named = name_of(b"");
        json!({
            "type": "putFile",
            "target": { "type": "new", "parent": world.things.shared, "name": name },
            "source": { "type": "inline" },
            "content": named.id, "size": 0, "modified": "2026-01-01T00:00:00Z", "conflictOf": null,
        })
    };
    let folder = |parent: &str, name: &str| json!({ "type": "createFolder", "parent": parent, "name": name });
    let shared = &world.things.shared;
    for name in both {
        let change = folder(shared, name);
        rows.push(operation(world, &format!("a folder {name:?}"), &change, b"", "invalidPath"));
        rows.push(operation(world, &format!("a file {name:?}"), &put(name), b"", "invalidPath"));
        let file = &world.things.shared_file;
        let change =
            json!({ "type": "move", "item": file.id, "parent": shared, "name": name, "ifMatch": file.e_tag });
        rows.push(operation(world, &format!("renamed to {name:?}"), &change, b"", "invalidPath"));
    }
    rows.push(operation(world, "a file ~$x", &put("~$x.docx"), b"", "invalidPath"));
    for name in ["~x", "x."] {
        let change = folder(shared, name);
        rows.push(operation(world, &format!("a folder {name}"), &change, b"", "invalidPath"));
    }
    let root = &world.things.falcon.root;
    rows.push(operation(world, "forms in the root", &folder(root, "Forms"), b"", "invalidPath"));
    rows.push(operation(
        world,
        "a name in another case",
        &folder(root, "FUSION-papiere"),
        b"",
        "nameAlreadyExists",
    ));
    // A path of 400 characters ends within the shared folder's own name.
    let fill = "y".repeat(250);
    rows.push(operation(
        world,
        "one long name is fine, its path is judged",
        &folder("01", &fill),
        b"",
        "itemNotFound",
    ));
    rows
}

fn places(world: &World) -> Vec<Row> {
    let things = &world.things;
    let (shared, root, file) = (&things.shared, &things.falcon.root, &things.shared_file);
    let shared_tag = |version: &str| {
        let item: model::ItemId = shared.parse().expect("an id");
        format!("\"{{{}}},{version}\"", item.uuid())
    };
    let moved = |item: &str, parent: &str, tag: &str| json!({ "type": "move", "item": item, "parent": parent, "name": "Nie", "ifMatch": tag });
    let delete = |item: &str, tag: &str| json!({ "type": "delete", "item": item, "ifMatch": tag });
    let folder = |parent: &str| json!({ "type": "createFolder", "parent": parent, "name": "Nie" });
    let heron = &things.heron;
    let stale = file.e_tag.replace(",1\"", ",99\"");
    let mut rows = vec![
        operation(
            world,
            "a folder into itself",
            &moved(shared, shared, &shared_tag("1")),
            b"",
            "moveIntoItself",
        ),
        operation(world, "the root moved", &moved(root, shared, "*"), b"", "accessDenied"),
        operation(world, "the root deleted", &delete(root, "*"), b"", "accessDenied"),
        operation(
            world,
            "a folder that is not empty",
            &delete(shared, &shared_tag("1")),
            b"",
            "folderNotEmpty",
        ),
        operation(world, "a stale tag, moved", &moved(&file.id, root, &stale), b"", "resourceModified"),
        operation(world, "a stale tag, deleted", &delete(&file.id, &stale), b"", "resourceModified"),
        operation(world, "no tag at all", &delete(&file.id, ""), b"", "resourceModified"),
        operation(world, "a folder in a file", &folder(&file.id), b"", "file"),
        operation(world, "a folder in another site", &folder(&heron.root), b"", "itemNotFound"),
        operation(
            world,
            "a move to another site",
            &moved(&file.id, &heron.root, &file.e_tag),
            b"",
            "itemNotFound",
        ),
        operation(world, "a folder in a deleted file", &folder(&things.binned), b"", "itemNotFound"),
        operation(world, "another site's file", &delete(&things.heron_file.id, "*"), b"", "itemNotFound"),
        operation(world, "a deleted file moved", &moved(&things.binned, shared, "*"), b"", "itemNotFound"),
        operation(
            world,
            "restoring what was not deleted",
            &json!({ "type": "restore", "item": file.id, "parent": shared, "name": "Nie" }),
            b"",
            "refused",
        ),
    ];
    for parent in ["", "root", "..", "01", "b!x", "\0"] {
        let name = format!("the parent {parent:?}");
        rows.push(operation(world, &name, &folder(parent), b"", "itemNotFound"));
    }
    for op in [String::new(), "x".repeat(101), "a\0b".to_owned(), "a\nb".to_owned()] {
        let frame = json!({ "op": op, "change": folder(shared) });
        let ask = Ask::pack(Method::POST, at(world, "operations"), &[(frame, Vec::new())]);
        rows.push(Row::graph(format!("the operation id {op:.9?}"), ask, 200, "printable").of(Form::Outcome));
    }
    let frame = json!({ "op": things.operation, "change": folder(shared) });
    let ask = Ask::pack(Method::POST, at(world, "operations"), &[(frame, Vec::new())]);
    rows.push(Row::graph("an operation id used before", ask, 200, "operationReused").of(Form::Outcome));
    rows
}

fn bytes(world: &World) -> Vec<Row> {
    let things = &world.things;
    let body = b"die wahren Bytes";
    let named = name_of(body);
    let put = |target: &Value, source: &Value, content: &str, size: u64| {
        json!({
            "type": "putFile", "target": target, "source": source, "content": content, "size": size,
            "modified": "2026-01-01T00:00:00Z", "conflictOf": null,
        })
    };
    let new = json!({ "type": "new", "parent": things.shared, "name": "nie.txt" });
    let inline = json!({ "type": "inline" });
    let id = named.id.to_string();
    let upload = |id: &str| json!({ "type": "upload", "upload": id });
    let nobody = "00000000-0000-4000-8000-000000000000";
    let file = &things.shared_file;
    let stale = json!({ "type": "existing", "item": file.id, "ifMatch": "\"c:{x},7\"" });
    let folder = json!({ "type": "existing", "item": things.shared, "ifMatch": "x" });
    vec![
        operation(world, "another content", &put(&new, &inline, ZERO, named.size), body, "contentMismatch"),
        operation(world, "another length", &put(&new, &inline, &id, named.size + 1), body, "contentMismatch"),
        operation(world, "no bytes", &put(&new, &inline, &id, named.size), b"", "contentMismatch"),
        operation(
            world,
            "a stale content tag",
            &put(&stale, &inline, &id, named.size),
            body,
            "resourceModified",
        ),
        operation(world, "bytes for a folder", &put(&folder, &inline, &id, named.size), body, "folder"),
        operation(world, "an upload of nobody", &put(&new, &upload(nobody), &id, named.size), b"", "Not"),
        operation(world, "an upload that is no id", &put(&new, &upload(".."), &id, named.size), b"", "Not"),
        operation(
            world,
            "an upload without its bytes",
            &put(&new, &upload(&things.upload), &name_of(crate::world::UPLOADED).id.to_string(), 37),
            b"",
            "Incomplete",
        ),
    ]
}
