//! The recycle bin: owners see all of it, others what they deleted, and nobody else that it holds anything.

use serde_json::json;

use super::transfer_reads::WHOLE;
use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, Who};

/// Those to whom the site is open, the owner apart.
const GUESTS: [Who; 3] = [Who::FolderGuest, Who::Reader, Who::SiteGuest];

fn bin(at: &At<'_>, rest: &str) -> String {
    format!("/v1.0/sites/{}/recycleBin/items{rest}", at.things.falcon.site)
}

fn binned(at: &At<'_>, action: &str) -> Ask {
    Ask::post(bin(at, action), &json!({ "ids": [at.things.binned_too] }))
}

pub(super) fn cases() -> Vec<Case> {
    let list = "GET /v1.0/sites/{site}/recycleBin/items";
    let restore = "POST /v1.0/sites/{site}/recycleBin/items/restore";
    let delete = "POST /v1.0/sites/{site}/recycleBin/items/delete";
    let destroy = "POST /v1.0/drives/{drive}/items/{item}/permanentDelete";
    vec![
        case(list, "the first stage", |at| Ask::get(bin(at, "")))
            .shows(&[Who::Owner], |_| "Weggeworfen-0043.txt".to_owned())
            .open(&GUESTS),
        case(list, "the second stage", |at| Ask::get(bin(at, "?stage=second"))).open(&Who::INSIDE),
        case(list, "the other site's", |at| {
            Ask::get(format!("/v1.0/sites/{}/recycleBin/items", at.things.heron.site))
        })
        .open(&[Who::HeronGuest, Who::Colleague]),
        case(delete, "what the owner deleted", |at| binned(at, "/delete"))
            .for_these(&GUESTS, Expect::Status(207))
            .open(&[Who::Owner]),
        case(list, "the second stage with something in it", |at| Ask::get(bin(at, "?stage=second")))
            .shows(&[Who::Owner], |_| "Weggeworfen-0043.txt".to_owned())
            .open(&GUESTS),
        case(restore, "what the owner deleted, from the second stage", |at| binned(at, "/restore"))
            .for_these(&GUESTS, Expect::Status(207))
            .open(&[Who::Owner]),
        case(restore, "by the other site's bin", |at| {
            let site = &at.things.heron.site;
            Ask::post(
                format!("/v1.0/sites/{site}/recycleBin/items/restore"),
                &json!({ "ids": [at.things.binned] }),
            )
        })
        .for_these(&[Who::HeronGuest, Who::Colleague], Expect::Status(207)),
        case(destroy, "a file", |at| {
            let inside = WHOLE.contains(&at.who);
            let file = if inside { &at.things.spare(at.who).id } else { &at.things.hidden_file.id };
            Ask::post(
                format!("/v1.0/drives/{}/items/{file}/permanentDelete", at.things.falcon.drive),
                &json!({}),
            )
        })
        .forbidden(&[Who::Reader, Who::SiteGuest])
        .open(&[Who::Owner]),
    ]
}
