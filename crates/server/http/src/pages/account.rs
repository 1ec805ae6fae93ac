//! `/account`: where a person is signed in and how to end it, and their organizations (X12).

use askama::Template;
use axum::extract::{Form, State};
use axum::response::Response;
use http::StatusCode;
use identity::{OrganizationView, SignInView, SignedIn};
use model::Timestamp;
use serde::Deserialize;

use super::Visitor;
use super::answer::{FormTargets, failed_page, html, redirect, stale_form_page};
use crate::App;

/// Where the page is.
pub(super) const PATH: &str = "/account";

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    person: &'a SignedIn,
    organizations: &'a [OrganizationView],
    sign_ins: &'a [SignInView],
    token: &'a str,
}

#[derive(Deserialize)]
pub(super) struct EndForm {
    /// Which sign-in; empty means all others.
    #[serde(default)]
    sign_in: String,
    #[serde(default)]
    token: String,
}

pub(super) async fn get_account(State(app): State<App>, visitor: Visitor) -> Response {
    let person = match visitor.require() {
        Ok(person) => person,
        Err(sign_in) => return sign_in,
    };
    let (organizations, sign_ins) =
        match (app.identity.organizations(person).await, app.identity.sign_ins(person).await) {
            (Ok(organizations), Ok(sign_ins)) => (organizations, sign_ins),
            (Err(failure), _) | (_, Err(failure)) => return failed_page(failure),
        };
    let page = AccountPage {
        person,
        organizations: &organizations,
        sign_ins: &sign_ins,
        token: &visitor.form_token(),
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}

pub(super) async fn post_sign_out(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<EndForm>,
) -> Response {
    let person = match visitor.require() {
        Ok(person) => person,
        Err(sign_in) => return sign_in,
    };
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    let ended = match form.sign_in.as_str() {
        "" => app.identity.end_other_sign_ins(person).await,
        key => app.identity.end_sign_in(person, key).await,
    };
    match ended {
        Ok(()) => redirect(PATH),
        Err(failure) => failed_page(failure),
    }
}

/// Writes a time for people.
pub(super) fn day(time: &Timestamp) -> String {
    time.strftime("%-d %B %Y, %H:%M UTC").to_string()
}
