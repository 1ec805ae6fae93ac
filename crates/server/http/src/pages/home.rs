//! `GET /`: who is signed in here.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::Visitor;
use super::answer::{FormTargets, html};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    name: Option<&'a str>,
    address: &'a str,
}

pub(super) async fn get_home(visitor: Visitor) -> Response {
    let person = visitor.signed_in();
    let page = HomePage {
        name: person.map(|person| person.display_name.as_str()),
        address: person.map_or("", |person| &person.principal_name),
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}
