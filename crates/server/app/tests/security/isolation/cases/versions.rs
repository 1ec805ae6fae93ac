//! Versions of files: whoever may read the file reads them, writers restore and delete them.

use serde_json::json;

use super::transfer_reads::WHOLE;
use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, CONTENT_OF, Who};

const WRITERS: [Who; 2] = [Who::SiteGuest, Who::Owner];

fn versions(at: &At<'_>, id: &str, rest: &str) -> String {
    format!("/v1.0/drives/{}/items/{id}/versions{rest}", at.things.falcon.drive)
}

fn hidden(at: &At<'_>, rest: &str) -> String {
    versions(at, &at.things.hidden_file.id, rest)
}

/// A file to use up for those who may, and the hidden file for everybody else.
fn hidden_or_spare(at: &At<'_>, rest: &str) -> String {
    let may = WRITERS.contains(&at.who);
    versions(at, if may { &at.things.spare(at.who).id } else { &at.things.hidden_file.id }, rest)
}

pub(super) fn cases() -> Vec<Case> {
    let list = "GET /v1.0/drives/{drive}/items/{item}/versions";
    let one = "GET /v1.0/drives/{drive}/items/{item}/versions/{version}";
    let content = "GET /v1.0/drives/{drive}/items/{item}/versions/{version}/content";
    let restore = "POST /v1.0/drives/{drive}/items/{item}/versions/{version}/restoreVersion";
    let delete = "DELETE /v1.0/drives/{drive}/items/{item}/versions/{version}";
    vec![
        case(list, "the hidden file", |at| Ask::get(hidden(at, "")))
            .shows(&WHOLE, |_| Who::Owner.display_name()),
        case(list, "the shared file", |at| Ask::get(versions(at, &at.things.shared_file.id, "")))
            .open(&Who::INSIDE),
        case(list, "the deleted file", |at| Ask::get(versions(at, &at.things.binned_too, ""))),
        case(one, "the hidden file", |at| Ask::get(hidden(at, "/1.0"))).open(&WHOLE),
        case(one, "a number that is not there", |at| Ask::get(hidden(at, "/77.0"))),
        case(content, "the hidden file", |at| Ask::get(hidden(at, "/1.0/content")))
            .shows(&WHOLE, |at| CONTENT_OF(&at.things.hidden_file.name).trim().to_owned()),
        case(content, "the deleted file", |at| Ask::get(versions(at, &at.things.binned_too, "/1.0/content"))),
        case(restore, "the hidden file", |at| {
            Ask::post(hidden_or_spare(at, "/1.0/restoreVersion"), &json!({}))
        })
        .forbidden(&[Who::Reader])
        .open(&WRITERS),
        case(delete, "the present one of the hidden file", |at| Ask::delete(hidden(at, "/1.0")))
            .forbidden(&[Who::Reader])
            .for_these(&WRITERS, Expect::Status(400)),
    ]
}
