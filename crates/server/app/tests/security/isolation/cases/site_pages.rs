//! The pages of sites and items in a browser, and the question whether a root is still open.

use serde_json::json;

use super::transfer_reads::WHOLE;
use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, DOMAIN, Who};

const NO_SESSION: [Who; 7] =
    [Who::Anonymous, Who::Forged, Who::Unsigned, Who::Tampered, Who::Expired, Who::IdToken, Who::Application];
/// In a browser, who is at home is the site's guest as well.
const BROWSING_WHOLE: [Who; 4] = [Who::GuestAtHome, Who::Reader, Who::SiteGuest, Who::Owner];

pub(super) fn cases() -> Vec<Case> {
    [pages(), access()].into_iter().flatten().collect()
}

fn page(at: &At<'_>, rest: &str) -> Ask {
    Ask::get(format!("/{DOMAIN}/sites/{}{rest}", at.things.falcon.name))
}

/// The invited see the offer, whichever site of the organization they name.
fn closed(case: Case) -> Case {
    case.for_these(&NO_SESSION, Expect::SignIn).for_these(&[Who::Pending], Expect::Blind(200))
}

fn pages() -> Vec<Case> {
    let item = "GET /{organization}/sites/{site}/items/{drive}/{item}";
    vec![
        closed(case("GET /{organization}/sites/{site}", "the site", |at| page(at, "")))
            .shows(&BROWSING_WHOLE, |at| at.things.hidden_name.clone())
            .shows(&[Who::FolderGuest], |at| at.things.shared_name.clone()),
        closed(case("GET /{organization}/sites/{site}", "the other site", |at| {
            Ask::get(format!("/{DOMAIN}/sites/{}", at.things.heron.name))
        }))
        .open(&[Who::HeronGuest, Who::Colleague]),
        closed(case("GET /{organization}/sites/{site}", "by another organization's name", |at| {
            Ask::get(format!("/fabrikam.example/sites/{}", at.things.falcon.name))
        }))
        .for_these(&[Who::Pending], Expect::Hidden),
        closed(case(item, "the hidden folder", |at| {
            page(at, &format!("/items/{}/{}", at.things.falcon.drive, at.things.hidden))
        }))
        .shows(&BROWSING_WHOLE, |at| at.things.hidden_file.name.clone()),
        closed(case(item, "the shared folder", |at| {
            page(at, &format!("/items/{}/{}", at.things.falcon.drive, at.things.shared))
        }))
        .shows(&BROWSING_WHOLE, |at| at.things.shared_file.name.clone())
        .shows(&[Who::FolderGuest], |at| at.things.shared_file.name.clone()),
        closed(case(item, "the other site's file by this site", |at| {
            page(at, &format!("/items/{}/{}", at.things.heron.drive, at.things.heron_file.id))
        })),
    ]
}

/// A signed answer goes only to who had the root once.
fn access() -> Vec<Case> {
    let ask = |at: &At<'_>, item: &str| {
        let (tenant, drive) = (&at.things.tenant, &at.things.falcon.drive);
        let body = json!({ "tenant": tenant, "drive": drive, "item": item, "nonce": "einmal" });
        Ask::post("/transfer/v1/access", &body)
    };
    vec![
        case("POST /transfer/v1/access", "the library", move |at| ask(at, &at.things.falcon.root))
            .open(&WHOLE)
            .open(&[Who::GuestAtHome, Who::Revoked]),
        case("POST /transfer/v1/access", "the hidden folder", move |at| ask(at, &at.things.hidden))
            .open(&WHOLE)
            .open(&[Who::GuestAtHome]),
        case("POST /transfer/v1/access", "the shared folder", move |at| ask(at, &at.things.shared))
            .open(&Who::INSIDE)
            .open(&[Who::GuestAtHome]),
    ]
}
