//! Reading by the transfer API. A guest of one folder reads that folder; of the rest of the library not even an id exists
//! for them.

use serde_json::json;

use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, CONTENT_OF, DOMAIN, ORIGIN, Who};

/// Callers to whom the whole library is open.
pub(super) const WHOLE: [Who; 3] = [Who::Reader, Who::SiteGuest, Who::Owner];

/// Callers with a token that is good for something.
const WITH_TOKEN: [Who; 13] = [
    Who::Stranger,
    Who::StrangerAdmin,
    Who::GuestAtHome,
    Who::Pending,
    Who::Revoked,
    Who::PlainGuest,
    Who::HeronGuest,
    Who::Colleague,
    Who::Admin,
    Who::FolderGuest,
    Who::Reader,
    Who::SiteGuest,
    Who::Owner,
];

/// Writes an address within the site's drive.
pub(super) fn in_drive(at: &At<'_>, rest: &str) -> String {
    format!("/transfer/v1/drives/{}/{rest}", at.things.falcon.drive)
}

pub(super) fn cases() -> Vec<Case> {
    [roots(), feeds(), bytes()].into_iter().flatten().collect()
}

fn resolve(name: &'static str, address: impl Fn(&At<'_>) -> String + 'static) -> Case {
    case("POST /transfer/v1/resolve", name, move |at| {
        Ask::post("/transfer/v1/resolve", &json!({ "address": address(at) }))
    })
}

fn roots() -> Vec<Case> {
    let root = "GET /transfer/v1/drives/{drive}/items/{item}/root";
    vec![
        resolve("the site's address", |at| format!("{ORIGIN}/{DOMAIN}/sites/{}", at.things.falcon.name))
            .shows(&WHOLE, |at| at.things.falcon.root.clone())
            // Of a site that is not open as a whole, the one folder that is.
            .shows(&[Who::FolderGuest], |at| at.things.shared.clone()),
        resolve("the shared folder's address", |at| {
            let (site, drive) = (&at.things.falcon.name, &at.things.falcon.drive);
            format!("{ORIGIN}/{DOMAIN}/sites/{site}/items/{drive}/{}", at.things.shared)
        })
        .shows(&Who::INSIDE, |at| at.things.shared.clone()),
        resolve("the hidden folder's address", |at| {
            let (site, drive) = (&at.things.falcon.name, &at.things.falcon.drive);
            format!("{ORIGIN}/{DOMAIN}/sites/{site}/items/{drive}/{}", at.things.hidden)
        })
        .shows(&WHOLE, |at| at.things.hidden.clone()),
        resolve("an address of elsewhere", |_| "https://evil.example/contoso.example/sites/x".to_owned()),
        case(root, "the library", |at| {
            Ask::get(in_drive(at, &format!("items/{}/root", at.things.falcon.root)))
        })
        .shows(&WHOLE, |_| "Falkenhorst-Vorhaben".to_owned()),
        case(root, "the shared folder", |at| {
            Ask::get(in_drive(at, &format!("items/{}/root", at.things.shared)))
        })
        .shows(&Who::INSIDE, |at| at.things.shared_name.clone()),
        case(root, "the hidden folder", |at| {
            Ask::get(in_drive(at, &format!("items/{}/root", at.things.hidden)))
        })
        .open(&WHOLE),
        case(root, "the other site's root by this drive", |at| {
            Ask::get(in_drive(at, &format!("items/{}/root", at.things.heron.root)))
        }),
    ]
}

fn feeds() -> Vec<Case> {
    let delta = "GET /transfer/v1/drives/{drive}/items/{item}/delta";
    vec![
        case("GET /transfer/v1/events", "the library", |at| {
            Ask::get(format!(
                "/transfer/v1/events?drives={},{}",
                at.things.falcon.drive, at.things.heron.drive
            ))
        })
        .for_these(&WITH_TOKEN, Expect::Blind(200))
        .open(&Who::INSIDE),
        case(delta, "the library", |at| {
            Ask::get(in_drive(at, &format!("items/{}/delta", at.things.falcon.root)))
        })
        .shows(&WHOLE, |at| at.things.hidden_file.name.clone()),
        case(delta, "the shared folder", |at| {
            Ask::get(in_drive(at, &format!("items/{}/delta", at.things.shared)))
        })
        .shows(&Who::INSIDE, |at| at.things.shared_file.name.clone()),
        case(delta, "the hidden folder", |at| {
            Ask::get(in_drive(at, &format!("items/{}/delta", at.things.hidden)))
        })
        .shows(&WHOLE, |at| at.things.hidden_file.id.clone()),
        case(delta, "by the owner's cursor", |at| {
            let (root, cursor) = (&at.things.falcon.root, &at.things.cursor);
            Ask::get(in_drive(at, &format!("items/{root}/delta?cursor={cursor}")))
        })
        .for_these(&[Who::Reader, Who::SiteGuest], Expect::Blind(410))
        .open(&[Who::Owner]),
        case(delta, "the shared folder by the owner's cursor", |at| {
            let (folder, cursor) = (&at.things.shared, &at.things.cursor);
            Ask::get(in_drive(at, &format!("items/{folder}/delta?cursor={cursor}")))
        })
        .for_these(&Who::INSIDE, Expect::Blind(410)),
    ]
}

fn bytes() -> Vec<Case> {
    let manifest = "GET /transfer/v1/drives/{drive}/items/{item}/manifest";
    let contents = "POST /transfer/v1/drives/{drive}/contents";
    let chunks = "POST /transfer/v1/drives/{drive}/chunks";
    vec![
        case(manifest, "the hidden file", |at| {
            Ask::get(in_drive(at, &format!("items/{}/manifest", at.things.hidden_file.id)))
        })
        .shows(&WHOLE, |at| at.things.hidden_file.chunk.clone()),
        case(manifest, "the shared file", |at| {
            Ask::get(in_drive(at, &format!("items/{}/manifest", at.things.shared_file.id)))
        })
        .open(&Who::INSIDE),
        case(manifest, "the deleted file", |at| {
            Ask::get(in_drive(at, &format!("items/{}/manifest", at.things.binned)))
        }),
        case(contents, "the hidden file", |at| {
            let file = &at.things.hidden_file;
            Ask::post(in_drive(at, "contents"), &json!([{ "item": file.id, "content": file.content }]))
        })
        .for_these(&[Who::FolderGuest], Expect::Blind(200))
        .shows(&WHOLE, |at| CONTENT_OF(&at.things.hidden_file.name)),
        case(contents, "the shared file", |at| {
            let file = &at.things.shared_file;
            Ask::post(in_drive(at, "contents"), &json!([{ "item": file.id, "content": file.content }]))
        })
        .shows(&Who::INSIDE, |at| CONTENT_OF(&at.things.shared_file.name)),
        case(contents, "the other site's file by this drive", |at| {
            let file = &at.things.heron_file;
            Ask::post(in_drive(at, "contents"), &json!([{ "item": file.id, "content": file.content }]))
        })
        .for_these(&Who::INSIDE, Expect::Blind(200)),
        case(chunks, "the hidden file", |at| {
            let file = &at.things.hidden_file;
            let list = json!({ "item": file.id, "content": file.content, "chunks": [file.chunk] });
            Ask::post(in_drive(at, "chunks"), &list)
        })
        .shows(&WHOLE, |at| CONTENT_OF(&at.things.hidden_file.name)),
        case(chunks, "the hidden file's content by the shared file", |at| {
            let (shared, hidden) = (&at.things.shared_file, &at.things.hidden_file);
            let list = json!({ "item": shared.id, "content": hidden.content, "chunks": [hidden.chunk] });
            Ask::post(in_drive(at, "chunks"), &list)
        })
        .for_these(&Who::INSIDE, Expect::Blind(412)),
        case(chunks, "the hidden file's chunk by the shared file", |at| {
            let (shared, hidden) = (&at.things.shared_file, &at.things.hidden_file);
            let list = json!({ "item": shared.id, "content": shared.content, "chunks": [hidden.chunk] });
            Ask::post(in_drive(at, "chunks"), &list)
        })
        .for_these(&Who::INSIDE, Expect::Blind(400)),
    ]
}
