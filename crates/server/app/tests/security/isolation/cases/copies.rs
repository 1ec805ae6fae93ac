//! Copying: from where one may read to where one may write, and the monitor, which is a secret's holder's.

use serde_json::json;

use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, Who};

const WRITERS: [Who; 2] = [Who::SiteGuest, Who::Owner];

fn copy(at: &At<'_>, id: &str, drive: &str, folder: &str) -> Ask {
    let name = format!("Kopie-{}-{}", at.who as usize, id.len());
    let body = json!({ "parentReference": { "driveId": drive, "id": folder }, "name": name });
    let falcon = &at.things.falcon.drive;
    Ask::post(
        format!("/v1.0/drives/{falcon}/items/{id}/copy?@microsoft.graph.conflictBehavior=rename"),
        &body,
    )
}

pub(super) fn cases() -> Vec<Case> {
    let route = "POST /v1.0/drives/{drive}/items/{item}/copy";
    vec![
        case(route, "the hidden file to the shared folder", |at| {
            copy(at, &at.things.hidden_file.id, &at.things.falcon.drive, &at.things.shared)
        })
        .forbidden(&[Who::Reader])
        .open(&WRITERS),
        case(route, "the hidden folder to the shared folder", |at| {
            copy(at, &at.things.hidden, &at.things.falcon.drive, &at.things.shared)
        })
        .forbidden(&[Who::Reader])
        .open(&WRITERS),
        case(route, "the shared file to the hidden folder", |at| {
            copy(at, &at.things.shared_file.id, &at.things.falcon.drive, &at.things.hidden)
        })
        .forbidden(&[Who::Reader])
        .open(&WRITERS),
        case(route, "the shared file to the other site", |at| {
            copy(at, &at.things.shared_file.id, &at.things.heron.drive, &at.things.heron.root)
        }),
        case("GET /v1.0/monitor/{key}", "a key that opens nothing", |at| {
            Ask::get(format!("/v1.0/monitor/{}", "A".repeat(80 + at.who as usize)))
        })
        .everybody(Expect::Blind(404)),
    ]
}
