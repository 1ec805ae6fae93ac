//! Pages of the sign-in and of the person.

use crate::isolation::case::{Case, Expect, case};
use crate::world::{Ask, FORM_TOKEN, Who};

pub(super) const NO_SESSION: [Who; 7] =
    [Who::Anonymous, Who::Forged, Who::Unsigned, Who::Tampered, Who::Expired, Who::IdToken, Who::Application];

/// Guests of Contoso who have accepted.
pub(super) const GUESTS: [Who; 7] = [
    Who::GuestAtHome,
    Who::Revoked,
    Who::PlainGuest,
    Who::HeronGuest,
    Who::FolderGuest,
    Who::Reader,
    Who::SiteGuest,
];

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("GET /", "start", |_| Ask::get("/")).everybody(Expect::Ok),
        case("GET /pages.css", "style", |_| Ask::get("/pages.css")).everybody(Expect::Ok),
        case("GET /sign-in", "address", |_| Ask::get("/sign-in")).everybody(Expect::Ok),
        case("GET /sign-in", "leads to the site", |at| {
            Ask::get(format!("/sign-in?continue=/contoso.example/sites/{}", at.things.falcon.name))
        })
        .everybody(Expect::Ok),
        case("POST /sign-in", "a member's address", |_| {
            Ask::form("/sign-in", &[("address", "olga@contoso.example"), ("token", FORM_TOKEN)])
        })
        .everybody(Expect::Ok),
        case("POST /sign-in", "an address nobody has", |_| {
            Ask::form("/sign-in", &[("address", "nobody@contoso.example"), ("token", FORM_TOKEN)])
        })
        .everybody(Expect::Ok),
        case("POST /sign-in/password", "a wrong password", |_| {
            let fields = [("address", "olga@contoso.example"), ("password", "wrong"), ("token", FORM_TOKEN)];
            Ask::form("/sign-in/password", &fields)
        })
        .everybody(Expect::Ok),
        case("POST /sign-in/password", "another page's form", |_| {
            let fields = [("address", "olga@contoso.example"), ("password", "wrong"), ("token", "x")];
            Ask::form("/sign-in/password", &fields)
        })
        .everybody(Expect::Status(403)),
        case("POST /sign-in/continue", "another page's form", |_| {
            let fields = [("request", "/device"), ("choice", "continue"), ("token", "x")];
            Ask::form("/sign-in/continue", &fields)
        })
        .everybody(Expect::Status(403))
        .for_these(&NO_SESSION, Expect::SignIn),
        case("GET /sign-out", "asks", |_| Ask::get("/sign-out")).everybody(Expect::Ok),
        case("POST /sign-out", "another page's form", |_| Ask::form("/sign-out", &[("token", "x")]))
            .everybody(Expect::Status(403))
            .for_these(&NO_SESSION, Expect::Ok),
        case("GET /device", "no code", |_| Ask::get("/device")).everybody(Expect::Ok),
        case("GET /device", "a code nobody has", |_| Ask::get("/device?user_code=BBBB-BBBB"))
            .everybody(Expect::Ok)
            .for_these(&NO_SESSION, Expect::SignIn),
        case("POST /device", "another page's form", |_| {
            Ask::form("/device", &[("user_code", "BBBB-BBBB"), ("answer", "allow"), ("token", "x")])
        })
        .everybody(Expect::Status(403))
        .for_these(&NO_SESSION, Expect::SignIn),
        case("GET /redeem/{ticket}", "a ticket of nobody's", |_| Ask::get("/redeem/nobody-has-this"))
            .everybody(Expect::Blind(404)),
        case("GET /redeem/{ticket}", "the pending guest's ticket", |at| Ask::get(&at.things.redeem))
            .everybody(Expect::Status(403))
            .for_these(&NO_SESSION, Expect::To("/sign-in?"))
            .shows(&[Who::Pending], |_| "Contoso".to_owned()),
        case("GET /redeem", "an offer of Contoso's", |at| {
            Ask::get(format!("/redeem?organization={}", at.things.tenant))
        })
        .everybody(Expect::Status(404))
        .for_these(&NO_SESSION, Expect::SignIn)
        .open(&GUESTS)
        .open(&Who::MEMBERS)
        .shows(&[Who::Pending], |_| "Contoso".to_owned()),
        case("POST /redeem", "an offer of Contoso's", |at| {
            let fields =
                [("tenant", at.things.tenant.as_str()), ("consent", "accept"), ("token", FORM_TOKEN)];
            Ask::form("/redeem", &fields)
        })
        .everybody(Expect::Status(404))
        .for_these(&NO_SESSION, Expect::SignIn)
        .for_these(&GUESTS, Expect::Status(303))
        .for_these(&[Who::Pending], Expect::To("/")),
        case("POST /redeem/{ticket}", "the pending guest's ticket", |at| {
            Ask::form(&at.things.redeem, &[("consent", "accept"), ("token", FORM_TOKEN)])
        })
        .everybody(Expect::Status(409))
        .for_these(&NO_SESSION, Expect::SignIn)
        .for_these(&[Who::Pending], Expect::To("/")),
        case("GET /mailbox", "mail is really sent", |_| Ask::get("/mailbox")).everybody(Expect::Status(404)),
        case("GET /mailbox/{mail}", "mail is really sent", |_| Ask::get("/mailbox/1"))
            .everybody(Expect::Status(404)),
    ]
}
