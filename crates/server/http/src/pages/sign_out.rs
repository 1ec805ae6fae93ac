//! `/sign-out`: asks, then ends this browser's session. Clients on computers stay signed in; the page says so.

use askama::Template;
use axum::extract::{Form, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use super::Visitor;
use super::answer::{FormTargets, failed_page, html, message_page, stale_form_page};
use crate::App;

#[derive(Template)]
#[template(path = "sign_out.html")]
struct SignOutPage<'a> {
    name: &'a str,
    address: &'a str,
    token: &'a str,
}

#[derive(Deserialize)]
pub(super) struct SignOutForm {
    #[serde(default)]
    token: String,
}

pub(super) async fn get_sign_out(visitor: Visitor) -> Response {
    let Some(person) = visitor.signed_in() else { return signed_out() };
    let page = SignOutPage {
        name: &person.display_name,
        address: &person.principal_name,
        token: &visitor.form_token(),
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}

pub(super) async fn post_sign_out(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<SignOutForm>,
) -> Response {
    let Some(session) = visitor.session() else { return signed_out() };
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    match app.identity.end_session(session).await {
        Ok(()) => visitor.end(signed_out()),
        Err(failure) => failed_page(failure),
    }
}

fn signed_out() -> Response {
    message_page(
        StatusCode::OK,
        "You are signed out",
        "Nobody is signed in in this browser any more. Footbridge on your computers goes on syncing.",
    )
}
