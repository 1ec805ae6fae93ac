//! Pages of the person's account and of what an organization asks for beyond the password.

use crate::isolation::case::{Case, Expect, case};
use crate::isolation::cases::pages::{GUESTS, NO_SESSION};
use crate::world::{Ask, Who};

/// A form of another page.
const FOREIGN: &[(&str, &str)] = &[("code", "000000"), ("token", "x")];

/// A page of a person in Contoso: nobody else learns that Contoso is there.
fn there(route: &'static str, name: &'static str, below: &'static str) -> Case {
    case(route, name, move |at| Ask::get(format!("/account/{}{below}", at.things.tenant)))
        .everybody(Expect::Status(404))
        .for_these(&NO_SESSION, Expect::SignIn)
        .open(&GUESTS)
        .open(&Who::MEMBERS)
}

/// A form of such a page, sent from elsewhere.
fn foreign(route: &'static str, below: &'static str) -> Case {
    case(route, "another page's form", move |at| {
        Ask::form(format!("/account/{}{below}", at.things.tenant), FOREIGN)
    })
    .everybody(Expect::Status(404))
    .for_these(&NO_SESSION, Expect::SignIn)
    .for_these(&GUESTS, Expect::Status(403))
    .for_these(&Who::MEMBERS, Expect::Status(403))
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("GET /step-up/{organization}", "nothing is asked", |at| {
            Ask::get(format!("/step-up/{}?continue=/device", at.things.tenant))
        })
        .everybody(Expect::Status(404))
        .for_these(&NO_SESSION, Expect::SignIn)
        .for_these(&GUESTS, Expect::To("/device"))
        .for_these(&Who::MEMBERS, Expect::To("/device")),
        case("POST /step-up/{organization}/code", "another page's form", |at| {
            Ask::form(format!("/step-up/{}/code", at.things.tenant), FOREIGN)
        })
        .everybody(Expect::Status(403))
        .for_these(&NO_SESSION, Expect::SignIn),
        case("POST /step-up/{organization}/app", "another page's form", |at| {
            Ask::form(format!("/step-up/{}/app", at.things.tenant), FOREIGN)
        })
        .everybody(Expect::Status(403))
        .for_these(&NO_SESSION, Expect::SignIn),
        case("POST /step-up/{organization}/terms/{terms}", "another page's form", |at| {
            Ask::form(format!("/step-up/{}/terms/{}", at.things.tenant, at.things.agreement), FOREIGN)
        })
        .everybody(Expect::Status(403))
        .for_these(&NO_SESSION, Expect::SignIn),
        // The administrator removed them before, in the rows of policies.
        case("GET /step-up/{organization}/terms/{terms}/file", "terms that are gone", |at| {
            Ask::get(format!("/step-up/{}/terms/{}/file", at.things.tenant, at.things.agreement))
        })
        .everybody(Expect::Status(404))
        .for_these(&NO_SESSION, Expect::SignIn),
        case("GET /account", "one's own", |_| Ask::get("/account"))
            .everybody(Expect::Ok)
            .for_these(&NO_SESSION, Expect::SignIn),
        case("POST /account/sign-outs", "another page's form", |_| Ask::form("/account/sign-outs", FOREIGN))
            .everybody(Expect::Status(403))
            .for_these(&NO_SESSION, Expect::SignIn),
        there("GET /account/{organization}", "factors", ""),
        there("GET /account/{organization}/app", "an offer", "/app"),
        foreign("POST /account/{organization}/app", "/app"),
        foreign("POST /account/{organization}/code", "/code"),
        foreign("POST /account/{organization}/recovery-codes", "/recovery-codes"),
        foreign(
            "POST /account/{organization}/factors/{factor}/remove",
            "/factors/00000000-0000-4000-8000-000000000000/remove",
        ),
    ]
}
