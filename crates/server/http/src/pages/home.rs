//! `GET /`: who is signed in here, and the way to the admin center for who has one.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::Visitor;
use super::admin::admin_page_of;
use super::answer::{FormTargets, html};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    name: Option<&'a str>,
    address: &'a str,
    /// The admin center, for who administers their organization.
    admin: Option<String>,
}

pub(super) async fn get_home(visitor: Visitor) -> Response {
    let admin = admin_page_of(&visitor).await;
    let person = visitor.signed_in();
    let page = HomePage {
        name: person.map(|person| person.display_name.as_str()),
        address: person.map_or("", |person| &person.principal_name),
        admin,
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}
