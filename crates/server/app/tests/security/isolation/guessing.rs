//! Guessing: uploads, operations, cursors and hashes of other people, used by somebody who is inside a part.

use http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Ask, Database, Door, FileThings, Who, World, manifest_of, name_of};

impl World {
    fn drive(&self, rest: &str) -> String {
        format!("/transfer/v1/drives/{}/{rest}", self.things.falcon.drive)
    }

    async fn as_token(&self, who: Who, ask: Ask) -> Answer {
        self.send(who, Door::Token, &ask).await
    }

    /// Offers one chunk and returns the chunks still wanted.
    async fn need(&self, who: Who, at: &str, file: &FileThings, base: &str) -> Vec<Value> {
        let chunks = json!([{ "hash": file.chunk, "length": file.size }]);
        let offer = json!({ "manifest": chunks, "baseItems": [base] });
        let answer = self.as_token(who, Ask::post(at, &offer)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["need"].as_array().expect("a list").clone()
    }

    /// Applies one operation and returns its outcome.
    async fn operate(&self, who: Who, op: &str, change: Value, bytes: &[u8]) -> Value {
        let frames = [(json!({ "op": op, "change": change }), bytes.to_vec())];
        let answer = self.as_token(who, Ask::pack(Method::POST, self.drive("operations"), &frames)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["outcomes"][0].clone()
    }
}

#[tokio::test]
async fn have_and_need_tell_nothing_about_bytes_the_caller_may_not_read() {
    let world = World::build(Database::Sqlite).await;
    let (shared, hidden, heron) =
        (&world.things.shared_file, &world.things.hidden_file, &world.things.heron_file);
    let offers = world.drive("uploads");
    let need = world.need(Who::FolderGuest, &offers, shared, &shared.id).await;
    assert!(need.is_empty(), "a base item that may be read need not be sent: {need:?}");
    for (name, file, base) in [
        ("a hidden base", hidden, &hidden.id),
        ("a hidden chunk by a readable base", hidden, &shared.id),
        ("a base of another site", heron, &heron.id),
        ("a deleted base", hidden, &world.things.binned),
        ("no base at all", hidden, &String::new()),
    ] {
        let need = world.need(Who::FolderGuest, &offers, file, base).await;
        assert_eq!(need.len(), 1, "{name}: the server must ask for the bytes");
    }
    // In a library of another organization nothing of Contoso's is ever had.
    let new = json!({ "name": "Fabrikams", "displayName": "Fabrikams" });
    let made = world.as_token(Who::GuestAtHome, Ask::post("/v1.0/sites", &new)).await.json();
    let site = made["id"].as_str().expect("a site").to_owned();
    let drives =
        world.as_token(Who::GuestAtHome, Ask::get(format!("/v1.0/sites/{site}/drives"))).await.json();
    let own = format!("/transfer/v1/drives/{}/uploads", drives["value"][0]["id"].as_str().expect("a drive"));
    let need = world.need(Who::GuestAtHome, &own, shared, &shared.id).await;
    assert_eq!(need.len(), 1, "deduplication never crosses an organization");
}

#[tokio::test]
async fn nobody_finishes_or_feeds_another_persons_upload() {
    let world = World::build(Database::Sqlite).await;
    let named = name_of(crate::world::UPLOADED);
    let put = |parent: &str| {
        json!({
            "type": "putFile",
            "target": { "type": "new", "parent": parent, "name": "erschlichen.txt" },
            "source": { "type": "upload", "upload": world.things.upload },
            "content": named.id,
            "size": named.size,
            "modified": "2026-01-01T00:00:00Z",
            "conflictOf": null,
        })
    };
    let shared = world.things.shared.clone();
    // The owner sends the bytes; then the upload is complete, and still the owner's alone.
    let hash = manifest_of(crate::world::UPLOADED).chunks[0].hash;
    let address = world.drive(&format!("uploads/{}", world.things.upload));
    let frames = [(json!({ "hash": hash }), crate::world::UPLOADED.to_vec())];
    let sent = world.as_token(Who::Owner, Ask::pack(Method::PUT, address, &frames)).await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    for who in [Who::SiteGuest, Who::FolderGuest] {
        let outcome = world.operate(who, &format!("{who}:1"), put(&shared), b"").await;
        assert_eq!(outcome["error"]["status"], 404, "{who}: {outcome}");
    }
    let outcome = world.operate(Who::Owner, "besitzerin:1", put(&shared), b"").await;
    assert_eq!(outcome["type"], "done", "{outcome}");
}

#[tokio::test]
async fn an_operation_id_of_somebody_else_is_only_a_text() {
    let world = World::build(Database::Sqlite).await;
    let change = json!({ "type": "createFolder", "parent": world.things.shared, "name": "Eigener" });
    let outcome = world.operate(Who::FolderGuest, &world.things.operation, change.clone(), b"").await;
    assert_eq!(outcome["item"]["name"], "Eigener", "not the owner's answer: {outcome}");
    let again = world.operate(Who::FolderGuest, &world.things.operation, change, b"").await;
    assert_eq!(outcome, again, "a repeat gets the first answer");
    let owners =
        world.as_token(Who::Owner, Ask::get(world.drive(&format!("operations/{}", world.things.operation))));
    assert_eq!(owners.await.json()["item"]["name"], world.things.shared_name.as_str());
}

#[tokio::test]
async fn a_cursor_is_good_for_its_person_and_folder_alone() {
    let world = World::build(Database::Sqlite).await;
    let delta =
        |folder: &str, cursor: &str| Ask::get(world.drive(&format!("items/{folder}/delta?cursor={cursor}")));
    let shared = world.things.shared.clone();
    let first = world
        .as_token(Who::FolderGuest, Ask::get(world.drive(&format!("items/{shared}/delta"))))
        .await
        .json();
    let cursor = first["cursor"].as_str().expect("a cursor").to_owned();
    let own = world.as_token(Who::FolderGuest, delta(&shared, &cursor)).await;
    assert_eq!(own.status, 200, "{}", own.text());
    let mut flipped = cursor.clone().into_bytes();
    let last = flipped.len() - 9;
    flipped[last] = if flipped[last] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).expect("text");
    let root = world.things.falcon.root.clone();
    for (name, who, folder, cursor, status) in [
        ("another person", Who::Owner, &shared, &cursor, 410),
        ("another folder", Who::SiteGuest, &root, &cursor, 410),
        ("a changed letter", Who::FolderGuest, &shared, &flipped, 410),
        ("the library above", Who::FolderGuest, &root, &cursor, 404),
    ] {
        let answer = world.as_token(who, delta(folder, cursor)).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
    }
    // What happens beside the folder does not even move the feed.
    let change = json!({ "type": "createFolder", "parent": world.things.hidden, "name": "Nebenan" });
    assert_eq!(world.operate(Who::Owner, "besitzerin:7", change, b"").await["type"], "done");
    let next = world.as_token(Who::FolderGuest, delta(&shared, &cursor)).await.json();
    assert_eq!(next["entries"], json!([]), "{next}");
}

#[tokio::test]
async fn a_known_chunk_with_a_lying_length_is_refused_and_harms_nobody() {
    let world = World::build(Database::Sqlite).await;
    let file = world.things.shared_file.clone();
    let manifest = json!([{ "hash": file.chunk, "length": file.size + 1 }]);
    let offer = json!({ "manifest": manifest, "baseItems": [file.id] });
    let answer = world.as_token(Who::Owner, Ask::post(world.drive("uploads"), &offer)).await;
    if answer.status.is_client_error() {
        return;
    }
    let plan = answer.json();
    let parsed: testkit::transfer::Manifest = serde_json::from_value(manifest).expect("a manifest");
    let change = json!({
        "type": "putFile",
        "target": { "type": "new", "parent": world.things.shared, "name": "gelogen.txt" },
        "source": { "type": "upload", "upload": plan["upload"] },
        "content": parsed.content_id(),
        "size": file.size + 1,
        "modified": "2026-01-01T00:00:00Z",
        "conflictOf": null,
    });
    let good = json!({ "type": "createFolder", "parent": world.things.shared, "name": "Daneben" });
    let frames = [
        (json!({ "op": "luege:1", "change": change }), Vec::new()),
        (json!({ "op": "luege:2", "change": good }), Vec::new()),
    ];
    let ask = Ask::pack(Method::POST, world.drive("operations"), &frames);
    let answer = world.as_token(Who::Owner, ask).await;
    assert_eq!(answer.status, 200, "one lie must not undo the batch: {}", answer.text());
    let json = answer.json();
    assert_eq!(json["outcomes"][0]["type"], "refused", "{json}");
    assert_eq!(json["outcomes"][1]["type"], "done", "{json}");
}
