//! `GET /sign-in/switch`: goes on as the person signed in, or signs in with another account.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use super::Visitor;
use super::answer::{FormTargets, html, redirect};
use super::continuation::{local, sign_in_address};

#[derive(Template)]
#[template(path = "sign_in_switch.html")]
struct SwitchPage<'a> {
    name: &'a str,
    address: &'a str,
    wanted: &'a str,
    then: &'a str,
    other: &'a str,
}

#[derive(Deserialize)]
pub(super) struct SwitchQuery {
    #[serde(default, rename = "continue")]
    then: String,
    #[serde(default)]
    hint: String,
}

pub(super) async fn get_switch(visitor: Visitor, Query(query): Query<SwitchQuery>) -> Response {
    let then = local(&query.then);
    let hint = Some(query.hint.as_str()).filter(|hint| !hint.is_empty());
    let other = sign_in_address(then, hint);
    let Some(person) = visitor.signed_in() else { return redirect(&other) };
    let page = SwitchPage {
        name: &person.display_name,
        address: &person.principal_name,
        wanted: hint.filter(|hint| !person.is_known_by(hint)).unwrap_or_default(),
        then,
        other: &other,
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}
