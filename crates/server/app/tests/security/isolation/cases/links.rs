//! Sharing links. The link of the sweep opens the hidden folder and names the site's guest: to everybody else, the owner
//! included, it opens nothing, and is like no link at all.

use http::Method;
use serde_json::json;

use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, CONTENT_OF, DOMAIN, FORM_TOKEN, Who};

/// Tokens of another organization are told which one the link's secret names, and that alone.
fn other_organization(case: Case) -> Case {
    case.for_these(&Who::AT_FABRIKAM, Expect::Unauthenticated)
}

pub(super) fn cases() -> Vec<Case> {
    [making(), shares(), pages()].into_iter().flatten().collect()
}

fn making() -> Vec<Case> {
    let create = "POST /v1.0/drives/{drive}/items/{item}/createLink";
    let hidden = |at: &At<'_>, body: serde_json::Value| {
        let (drive, item) = (&at.things.falcon.drive, &at.things.hidden);
        Ask::post(format!("/v1.0/drives/{drive}/items/{item}/createLink"), &body)
    };
    vec![
        case(create, "of the hidden folder for the organization", move |at| {
            hidden(at, json!({ "type": "view", "scope": "organization" }))
        })
        .forbidden(&[Who::Reader, Who::SiteGuest])
        .open(&[Who::Owner]),
        case(create, "of the hidden folder for anyone, where the level refuses", move |at| {
            hidden(at, json!({ "type": "view", "scope": "anonymous" }))
        })
        .forbidden(&[Who::Reader, Who::SiteGuest, Who::Owner]),
    ]
}

fn shares() -> Vec<Case> {
    let share = |at: &At<'_>, rest: &str| format!("/v1.0/shares/{}{rest}", at.things.link);
    let read = |route: &'static str, rest: &'static str| {
        other_organization(case(route, "the hidden folder by the guest's link", move |at| {
            Ask::get(share(at, rest))
        }))
    };
    let folder = |case: Case| case.shows(&[Who::SiteGuest], |at| at.things.hidden_name.clone());
    let listed = |case: Case| case.shows(&[Who::SiteGuest], |at| at.things.hidden_file.name.clone());
    vec![
        folder(read("GET /v1.0/shares/{share}", "")),
        folder(read("GET /v1.0/shares/{share}/driveItem", "/driveItem")),
        folder(read("GET /v1.0/shares/{share}/root", "/root")),
        listed(read("GET /v1.0/shares/{share}/items", "/items")),
        listed(read("GET /v1.0/shares/{share}/driveItem/children", "/driveItem/children")),
        read("GET /v1.0/shares/{share}/driveItem/content", "/driveItem/content")
            .for_these(&[Who::SiteGuest], Expect::Status(400)),
        read("GET /v1.0/shares/{share}/permission", "/permission").open(&[Who::SiteGuest]),
        other_organization(case(
            "POST /v1.0/shares/{share}/permission/grant",
            "names somebody more",
            move |at| {
                let body =
                    json!({ "recipients": [{ "email": "wanda-weg@fabrikam.example" }], "roles": ["read"] });
                Ask::post(share(at, "/permission/grant"), &body)
            },
        ))
        .open(&[Who::Owner]),
    ]
}

const NO_SESSION: [Who; 7] =
    [Who::Anonymous, Who::Forged, Who::Unsigned, Who::Tampered, Who::Expired, Who::IdToken, Who::Application];
/// In a browser, who is at home is the site's guest as well.
const NAMED: [Who; 2] = [Who::GuestAtHome, Who::SiteGuest];

/// Whoever holds the secret is led to sign in, or to accept what the organization offered; only those the link names go
/// on to the item's own page.
fn by_secret(case: Case) -> Case {
    case.for_these(&NO_SESSION, Expect::To("/sign-in?"))
        .for_these(&[Who::Pending], Expect::Status(200))
        .for_these(&NAMED, Expect::To("/items/"))
}

/// Sends a file from a page's form.
fn upload(address: String, at: &At<'_>) -> Ask {
    let who = at.who as usize;
    let field = |head: &str, value: &str| {
        format!("--edge\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n")
    };
    let token = field("name=\"token\"", FORM_TOKEN);
    let file = field(&format!("name=\"file\"; filename=\"Datei-{who}.txt\""), "neu");
    Ask::new(Method::POST, address)
        .body("multipart/form-data; boundary=edge", format!("{token}{file}--edge--\r\n"))
}

/// A form of the hidden folder's page.
fn changes(route: &'static str, build: fn(&At<'_>, String) -> Ask) -> Case {
    case(route, "into the hidden folder", move |at| {
        let (site, drive) = (&at.things.falcon.name, &at.things.falcon.drive);
        build(at, format!("/{DOMAIN}/sites/{site}/items/{drive}/{}", at.things.hidden))
    })
    .for_these(&NO_SESSION, Expect::SignIn)
    .forbidden(&[Who::Reader])
    .for_these(&[Who::GuestAtHome, Who::SiteGuest, Who::Owner], Expect::To("/items/"))
}

fn pages() -> Vec<Case> {
    let link = |at: &At<'_>, rest: &str| format!("/:f:/g/{}{rest}", at.things.link);
    let open = move |route: &'static str, rest: fn(&At<'_>) -> String| {
        by_secret(case(route, "the guest's link", move |at| Ask::get(link(at, &rest(at)))))
    };
    let form = move |route: &'static str, rest: &'static str| {
        case(route, "of a link that has none", move |at| {
            let fields =
                [("address", "x@y.example"), ("password", "x"), ("code", "1"), ("token", FORM_TOKEN)];
            Ask::form(link(at, rest), &fields)
        })
    };
    vec![
        open("GET /{letter}/g/{secret}", |_| String::new()),
        open("GET /{letter}/g/{secret}/items/{item}", |at| format!("/items/{}", at.things.hidden_file.id)),
        open("GET /{letter}/g/{secret}/items/{item}/content", |at| {
            format!("/items/{}/content", at.things.hidden_file.id)
        }),
        by_secret(case("GET /_layouts/15/download.aspx", "the guest's link", |at| {
            Ask::get(format!("/_layouts/15/download.aspx?share={}", at.things.link))
        })),
        by_secret(case("POST /{letter}/g/{secret}/items/{item}/upload", "the guest's link", move |at| {
            upload(link(at, &format!("/items/{}/upload", at.things.hidden)), at)
        })),
        by_secret(case("POST /{letter}/g/{secret}/items/{item}/folder", "the guest's link", move |at| {
            let fields = [("name", "Neu"), ("token", FORM_TOKEN)];
            Ask::form(link(at, &format!("/items/{}/folder", at.things.hidden)), &fields)
        })),
        changes("POST /{organization}/sites/{site}/items/{drive}/{item}/upload", |at, address| {
            upload(format!("{address}/upload"), at)
        }),
        changes("POST /{organization}/sites/{site}/items/{drive}/{item}/folder", |at, address| {
            let name = format!("Formular-{}", at.who as usize);
            Ask::form(format!("{address}/folder"), &[("name", &name), ("token", FORM_TOKEN)])
        }),
        form("POST /{letter}/g/{secret}/password", "/password"),
        form("POST /{letter}/g/{secret}/code", "/code"),
        form("POST /{letter}/g/{secret}/code/check", "/code/check"),
        case("GET /{organization}/sites/{site}/items/{drive}/{item}/content", "the hidden file", |at| {
            let (site, drive) = (&at.things.falcon.name, &at.things.falcon.drive);
            let item = &at.things.hidden_file.id;
            Ask::get(format!("/{DOMAIN}/sites/{site}/items/{drive}/{item}/content"))
        })
        .for_these(&NO_SESSION, Expect::SignIn)
        .shows(&[Who::GuestAtHome, Who::Reader, Who::SiteGuest, Who::Owner], |at| {
            CONTENT_OF(&at.things.hidden_file.name).trim().to_owned()
        }),
    ]
}
