//! The pages of sites and items in a browser, and the question whether a root is still open.

use serde_json::json;

use super::transfer_reads::WHOLE;
use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, DOMAIN, FORM_TOKEN, Who};

/// Says where a place's page is, for a request.
type Place = Box<dyn Fn(&At<'_>) -> String>;

const NO_SESSION: [Who; 7] =
    [Who::Anonymous, Who::Forged, Who::Unsigned, Who::Tampered, Who::Expired, Who::IdToken, Who::Application];
/// In a browser, who is at home is the site's guest as well.
const BROWSING_WHOLE: [Who; 4] = [Who::GuestAtHome, Who::Reader, Who::SiteGuest, Who::Owner];

pub(super) fn cases() -> Vec<Case> {
    [pages(), bringing_back(), sharing(), access()].into_iter().flatten().collect()
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

/// What was deleted or overwritten.
fn bringing_back() -> Vec<Case> {
    let site = |at: &At<'_>| format!("/{DOMAIN}/sites/{}", at.things.falcon.name);
    let file = move |at: &At<'_>| {
        format!("{}/items/{}/{}", site(at), at.things.falcon.drive, at.things.hidden_file.id)
    };
    let token = [("token", FORM_TOKEN)];
    vec![
        case(
            "GET /{organization}/sites/{site}/items/{drive}/{item}/versions",
            "the hidden file",
            move |at| Ask::get(format!("{}/versions", file(at))),
        )
        .for_these(&NO_SESSION, Expect::SignIn)
        .shows(&BROWSING_WHOLE, |at| at.things.hidden_file.name.clone()),
        case(
            "POST /{organization}/sites/{site}/items/{drive}/{item}/versions/{version}/restore",
            "a version that is none",
            move |at| Ask::form(format!("{}/versions/999.0/restore", file(at)), &token),
        )
        .for_these(&NO_SESSION, Expect::SignIn)
        .forbidden(&[Who::Reader]),
        case("GET /{organization}/sites/{site}/recycle-bin", "the site's", move |at| {
            Ask::get(format!("{}/recycle-bin", site(at)))
        })
        .for_these(&NO_SESSION, Expect::SignIn)
        .open(&BROWSING_WHOLE)
        .open(&[Who::FolderGuest]),
        case("POST /{organization}/sites/{site}/recycle-bin/restore", "an entry of nobody", move |at| {
            Ask::form(format!("{}/recycle-bin/restore", site(at)), &[("id", "01AAAA"), ("token", FORM_TOKEN)])
        })
        .for_these(&NO_SESSION, Expect::SignIn),
        case("POST /{organization}/sites/{site}/recycle-bin/restore", "another page's form", move |at| {
            Ask::form(format!("{}/recycle-bin/restore", site(at)), &[("token", "x")])
        })
        .everybody(Expect::Blind(403)),
    ]
}

/// Who has access, and the forms that give and take it. Whoever sees a place sees what they hold there themselves.
fn sharing() -> Vec<Case> {
    let site = |at: &At<'_>| format!("/{DOMAIN}/sites/{}", at.things.falcon.name);
    let hidden =
        move |at: &At<'_>| format!("{}/items/{}/{}", site(at), at.things.falcon.drive, at.things.hidden);
    let places: [(&str, &str, Place); 2] = [
        ("/{organization}/sites/{site}/access", "the site", Box::new(site)),
        ("/{organization}/sites/{site}/items/{drive}/{item}/access", "the hidden folder", Box::new(hidden)),
    ];
    let mut cases = Vec::new();
    for (pattern, name, address) in places {
        let address = std::rc::Rc::new(address);
        let route = |method: &str, rest: &str| -> &'static str {
            Box::leak(format!("{method} {pattern}{rest}").into_boxed_str())
        };
        let at_place = address.clone();
        cases.push(
            case(route("GET", ""), name, move |at| Ask::get(format!("{}/access", at_place(at))))
                .for_these(&NO_SESSION, Expect::SignIn)
                .open(&BROWSING_WHOLE)
                .shows(&[Who::Owner], |_| "Share by address".to_owned()),
        );
        let at_place = address.clone();
        cases.push(
            case(route("POST", ""), name, move |at| {
                let fields = [("to", "wanda-weg@fabrikam.example"), ("role", "read"), ("token", FORM_TOKEN)];
                Ask::form(format!("{}/access", at_place(at)), &fields)
            })
            .for_these(&NO_SESSION, Expect::SignIn)
            .forbidden(&[Who::GuestAtHome, Who::Reader, Who::SiteGuest])
            .open(&[Who::Owner]),
        );
        let at_place = address.clone();
        cases.push(
            case(route("POST", ""), "another page's form", move |at| {
                Ask::form(format!("{}/access", at_place(at)), &[("token", "x")])
            })
            .everybody(Expect::Blind(403)),
        );
        cases.push(
            // Given to the site's guest; only who holds it or manages the site may know of it.
            case(route("POST", "/{permission}/remove"), "a permission that was taken away", move |at| {
                let permission = &at.things.spare_permissions[0];
                Ask::form(format!("{}/access/{permission}/remove", address(at)), &[("token", FORM_TOKEN)])
            })
            .for_these(&NO_SESSION, Expect::SignIn),
        );
    }
    cases
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
