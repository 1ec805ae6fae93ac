//! Search: it finds what the caller may see, by its whole name too, and nothing else.

use super::transfer_reads::WHOLE;
use crate::isolation::case::{At, Case, case};
use crate::world::{Ask, Who};

fn find(at: &At<'_>, place: &str, text: &str) -> Ask {
    Ask::get(format!("/v1.0/drives/{}{place}/search(q='{text}')", at.things.falcon.drive))
}

pub(super) fn cases() -> Vec<Case> {
    let item = "GET /v1.0/drives/{drive}/items/{item}/search";
    let drive = "GET /v1.0/drives/{drive}/search";
    vec![
        case(item, "the hidden file from the root", |at| find(at, "/root", "kaufpreis"))
            .shows(&WHOLE, |at| at.things.hidden_file.id.clone()),
        case(item, "everything in the hidden folder", |at| {
            find(at, &format!("/items/{}", at.things.hidden), "")
        })
        .shows(&WHOLE, |at| at.things.hidden_file.name.clone()),
        case(item, "the shared file in the shared folder", |at| {
            find(at, &format!("/items/{}", at.things.shared), "BAUPLAN%204711")
        })
        .shows(&Who::INSIDE, |at| at.things.shared_file.id.clone()),
        case(drive, "the hidden file in all that is open", |at| find(at, "", "kaufpreis"))
            .shows(&WHOLE, |at| at.things.hidden_file.id.clone())
            .open(&[Who::FolderGuest]),
        case(drive, "everything that is open, one at a time", |at| {
            let drive = &at.things.falcon.drive;
            Ask::get(format!("/v1.0/drives/{drive}/search?q=&$top=1"))
        })
        .open(&Who::INSIDE),
        case(drive, "the other site's library", |at| {
            Ask::get(format!("/v1.0/drives/{}/search?q=feder", at.things.heron.drive))
        })
        .shows(&[Who::HeronGuest, Who::Colleague], |at| at.things.heron_file.id.clone()),
    ]
}
