//! The pages of the admin center: for the organization's administrators alone; to everybody else none of them exists.

use crate::isolation::case::{Case, Expect, case};
use crate::world::{Ask, DOMAIN, FORM_TOKEN, Who};

const NO_SESSION: [Who; 7] =
    [Who::Anonymous, Who::Forged, Who::Unsigned, Who::Tampered, Who::Expired, Who::IdToken, Who::Application];

pub(super) fn cases() -> Vec<Case> {
    [pages(), forms(), foreign_forms()].into_iter().flatten().collect()
}

fn closed(case: Case) -> Case {
    case.for_these(&NO_SESSION, Expect::SignIn)
}

fn get(route: &'static str, name: &'static str, rest: &'static str) -> Case {
    closed(case(route, name, move |_| Ask::get(format!("/{DOMAIN}/admin{rest}"))))
}

fn pages() -> Vec<Case> {
    vec![
        closed(case("GET /admin", "one's own", |_| Ask::get("/admin")))
            .for_these(&[Who::Admin], Expect::To("/contoso.example/admin"))
            .for_these(&[Who::StrangerAdmin], Expect::To("/fabrikam.example/admin")),
        get("GET /{organization}/admin", "the overview", "").open(&[Who::Admin]),
        get("GET /{organization}/admin/sharing", "the settings", "/sharing").open(&[Who::Admin]),
        get("GET /{organization}/admin/sites", "the sites", "/sites")
            .shows(&[Who::Admin], |at| at.things.falcon.name.clone()),
        closed(case("GET /{organization}/admin/sites/{site}", "a site", |at| {
            Ask::get(format!("/{DOMAIN}/admin/sites/{}", at.things.falcon.site))
        }))
        .open(&[Who::Admin]),
        closed(case("GET /{organization}/admin/sites/{site}", "by another organization's name", |at| {
            Ask::get(format!("/fabrikam.example/admin/sites/{}", at.things.falcon.site))
        })),
        get("GET /{organization}/admin/guests", "the guests", "/guests")
            .shows(&[Who::Admin], |_| "gustav@fabrikam.example".to_owned()),
        closed(case("GET /{organization}/admin/guests/{guest}", "a guest", |at| {
            Ask::get(format!("/{DOMAIN}/admin/guests/{}", at.things.spare_guest))
        }))
        .open(&[Who::Admin]),
        closed(case("GET /{organization}/admin/guests/{guest}", "by another organization's name", |at| {
            Ask::get(format!("/fabrikam.example/admin/guests/{}", at.things.spare_guest))
        })),
        closed(case("GET /{organization}/admin/guests/{guest}", "a member", |at| {
            Ask::get(format!("/{DOMAIN}/admin/guests/{}", at.things.owner))
        })),
        get("GET /{organization}/admin/inviting", "who invites", "/inviting").open(&[Who::Admin]),
        get("GET /{organization}/admin/conditional-access", "the policies", "/conditional-access")
            .open(&[Who::Admin]),
    ]
}

/// Incomplete forms: they are answered with what is wrong, and change nothing.
fn forms() -> Vec<Case> {
    let token = [("token", FORM_TOKEN)];
    vec![
        closed(case("POST /{organization}/admin/sharing", "nothing chosen", move |_| {
            Ask::form(format!("/{DOMAIN}/admin/sharing"), &token)
        }))
        .for_these(&[Who::Admin], Expect::Status(400)),
        closed(case("POST /{organization}/admin/sites", "the column", move |_| {
            Ask::form(format!("/{DOMAIN}/admin/sites"), &[("column", "hide"), ("token", FORM_TOKEN)])
        }))
        .for_these(&[Who::Admin], Expect::Status(303)),
        closed(case("POST /{organization}/admin/sites/{site}", "nothing chosen", move |at| {
            Ask::form(format!("/{DOMAIN}/admin/sites/{}", at.things.falcon.site), &token)
        }))
        .for_these(&[Who::Admin], Expect::Status(400)),
        closed(case("POST /{organization}/admin/guests/{guest}", "nothing to do", move |at| {
            Ask::form(format!("/{DOMAIN}/admin/guests/{}", at.things.spare_guest), &token)
        }))
        .for_these(&[Who::Admin], Expect::Status(200)),
        closed(case(
            "POST /{organization}/admin/guests/{guest}",
            "a member is not removed here",
            move |at| {
                let fields = [("deed", "remove"), ("token", FORM_TOKEN)];
                Ask::form(format!("/{DOMAIN}/admin/guests/{}", at.things.owner), &fields)
            },
        )),
        closed(case("POST /{organization}/admin/inviting", "nothing chosen", move |_| {
            Ask::form(format!("/{DOMAIN}/admin/inviting"), &token)
        }))
        .for_these(&[Who::Admin], Expect::Status(400)),
    ]
}

fn foreign_forms() -> Vec<Case> {
    let routes: [(&str, &str); 5] = [
        ("POST /{organization}/admin/sharing", "sharing"),
        ("POST /{organization}/admin/sites", "sites"),
        ("POST /{organization}/admin/sites/{site}", "sites/1"),
        ("POST /{organization}/admin/guests/{guest}", "guests/1"),
        ("POST /{organization}/admin/inviting", "inviting"),
    ];
    let foreign = |(route, path): (&'static str, &'static str)| {
        case(route, "another page's form", move |_| {
            Ask::form(format!("/{DOMAIN}/admin/{path}"), &[("token", "x")])
        })
        .everybody(Expect::Blind(403))
    };
    routes.map(foreign).into()
}
