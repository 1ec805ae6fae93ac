//! Changing by the transfer API. In a batch each operation has its own answer, so that somebody who sees a part of the
//! library gets 200 around a 404.

use http::Method;
use serde_json::{Value, json};

use super::transfer_reads::in_drive;
use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, UPLOADED, Who, manifest_of, name_of};

const WRITERS: [Who; 2] = [Who::SiteGuest, Who::Owner];
const ALL_WRITERS: [Who; 3] = [Who::FolderGuest, Who::SiteGuest, Who::Owner];

/// Sends one operation with its bytes. Its id is the caller's own.
fn operation(name: &'static str, change: impl Fn(&At<'_>) -> (Value, Vec<u8>) + 'static) -> Case {
    case("POST /transfer/v1/drives/{drive}/operations", name, move |at| {
        let (change, bytes) = change(at);
        let op = format!("{}:{}", at.world.runtime.uuid(), 1);
        let frames = [(json!({ "op": op, "change": change }), bytes)];
        Ask::pack(Method::POST, in_drive(at, "operations"), &frames)
    })
    .forbidden(&[Who::Reader])
}

/// An item to use up for those who may, and the hidden file for everybody else.
fn hidden_or_spare(at: &At<'_>) -> (String, String) {
    let may = WRITERS.contains(&at.who);
    let file = if may { at.things.spare(at.who) } else { &at.things.hidden_file };
    (file.id.clone(), file.e_tag.clone())
}

fn done(_: &At<'_>) -> String {
    "\"done\"".to_owned()
}

pub(super) fn cases() -> Vec<Case> {
    [operations(), uploads()].into_iter().flatten().collect()
}

fn operations() -> Vec<Case> {
    vec![
        operation("a folder in the hidden folder", |at| {
            let name = format!("Neu-{}", at.who as usize);
            (json!({ "type": "createFolder", "parent": at.things.hidden, "name": name }), Vec::new())
        })
        .for_these(&[Who::FolderGuest], Expect::Blind(200))
        .shows(&WRITERS, done),
        operation("a folder in the shared folder", |at| {
            let name = format!("Neu-{}", at.who as usize);
            (json!({ "type": "createFolder", "parent": at.things.shared, "name": name }), Vec::new())
        })
        .shows(&ALL_WRITERS, done),
        operation("other bytes for the hidden file", |at| {
            let bytes = b"andere Bytes".to_vec();
            let named = name_of(&bytes);
            let may = WRITERS.contains(&at.who);
            let file = if may { at.things.spare(at.who) } else { &at.things.hidden_file };
            let change = json!({
                "type": "putFile",
                "target": { "type": "existing", "item": file.id, "ifMatch": file.c_tag },
                "source": { "type": "inline" },
                "content": named.id,
                "size": named.size,
                "modified": "2026-01-01T00:00:00Z",
                "conflictOf": null,
            });
            (change, bytes)
        })
        .for_these(&[Who::FolderGuest], Expect::Blind(200))
        .shows(&WRITERS, done),
        operation("moves the hidden file into the shared folder", |at| {
            let (item, tag) = hidden_or_spare(at);
            let name = format!("Bewegt-{}", at.who as usize);
            let parent = &at.things.shared;
            let change =
                json!({ "type": "move", "item": item, "parent": parent, "name": name, "ifMatch": tag });
            (change, Vec::new())
        })
        .for_these(&[Who::FolderGuest], Expect::Blind(200))
        .shows(&WRITERS, done),
        operation("moves a file into the hidden folder", |at| {
            let spare = at.things.spare(at.who);
            let name = format!("Bewegt-{}", at.who as usize);
            let parent = &at.things.hidden;
            let change = json!({
                "type": "move", "item": spare.id, "parent": parent, "name": name, "ifMatch": spare.e_tag,
            });
            (change, Vec::new())
        })
        .for_these(&[Who::FolderGuest], Expect::Blind(200))
        .shows(&WRITERS, done),
        operation("deletes the hidden file", |at| {
            let (item, tag) = hidden_or_spare(at);
            (json!({ "type": "delete", "item": item, "ifMatch": tag }), Vec::new())
        })
        .for_these(&[Who::FolderGuest], Expect::Blind(200))
        .shows(&WRITERS, done),
        operation("deletes a shared file", |at| {
            let spare = at.things.spare(at.who);
            (json!({ "type": "delete", "item": spare.id, "ifMatch": spare.e_tag }), Vec::new())
        })
        .shows(&ALL_WRITERS, done),
        operation("restores the deleted file", |at| {
            // It can come back once; the guest who may do it too tries a folder of elsewhere.
            let elsewhere = at.who == Who::SiteGuest;
            let parent = if elsewhere { &at.things.heron.root } else { &at.things.shared };
            let change =
                json!({ "type": "restore", "item": at.things.binned, "parent": parent, "name": "Zurueck" });
            (change, Vec::new())
        })
        .for_these(&[Who::FolderGuest], Expect::Blind(200))
        .for_these(&[Who::SiteGuest], Expect::Blind(200))
        .shows(&[Who::Owner], done),
        operation("moves the other site's file here", |at| {
            let (file, parent) = (&at.things.heron_file, &at.things.shared);
            let change = json!({
                "type": "move", "item": file.id, "parent": parent, "name": "Fremd", "ifMatch": file.e_tag,
            });
            (change, Vec::new())
        })
        .for_these(&ALL_WRITERS, Expect::Blind(200)),
        case("GET /transfer/v1/drives/{drive}/operations/{operation}", "the owner's", |at| {
            Ask::get(in_drive(at, &format!("operations/{}", at.things.operation)))
        })
        .shows(&[Who::Owner], |at| at.things.shared_name.clone()),
    ]
}

fn uploads() -> Vec<Case> {
    let upload = |at: &At<'_>| in_drive(at, &format!("uploads/{}", at.things.upload));
    vec![
        case("POST /transfer/v1/drives/{drive}/uploads", "a new content", |at| {
            let bytes = format!("etwas Neues von {}", at.who);
            let offer = json!({ "manifest": manifest_of(bytes.as_bytes()), "baseItems": [] });
            Ask::post(in_drive(at, "uploads"), &offer)
        })
        .forbidden(&[Who::Reader])
        .open(&ALL_WRITERS),
        case("GET /transfer/v1/drives/{drive}/uploads/{upload}", "the owner's", move |at| {
            Ask::get(upload(at))
        })
        .open(&[Who::Owner]),
        case("PUT /transfer/v1/drives/{drive}/uploads/{upload}", "the owner's", move |at| {
            let hash = manifest_of(UPLOADED).chunks[0].hash;
            let frames = [(json!({ "hash": hash }), UPLOADED.to_vec())];
            Ask::pack(Method::PUT, upload(at), &frames)
        })
        .open(&[Who::Owner]),
    ]
}
