//! `POST /:f:/g/{secret}/code` and `/code/check`: a one-time code for an address that a link names (A05, A12).
//!
//! The page that follows is the same whether or not the address is named.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use drive::links::{bearer_call, check_code, send_code};
use http::StatusCode;
use model::Address;
use serde::Deserialize;

use super::Visitor;
use super::answer::{FormTargets, absent_page, html, redirect, server_failure, stale_form_page};
use super::link::LinkName;
use super::link_door::{Door, door, refused};
use crate::App;

#[derive(Template)]
#[template(path = "link_code.html")]
struct CodePage<'a> {
    address: &'a str,
    action: &'a str,
    again: &'a str,
    mistake: Option<&'a str>,
    token: &'a str,
}

#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    address: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    token: String,
}

/// A form with a good token and address, sent to a link that takes codes; the error is the page to answer.
async fn received(
    app: &App,
    name: &LinkName,
    visitor: &Visitor,
    form: &CodeForm,
) -> Result<(Door, Address), Response> {
    if !visitor.sent(&form.token) {
        return Err(stale_form_page());
    }
    let door = door(app, name).await?;
    if !door.face.takes_codes {
        return Err(absent_page());
    }
    match form.address.parse::<Address>() {
        Ok(address) => Ok((door, address)),
        Err(mistake) => Err(door.people_page(visitor, Some(&format!("This is no address: {mistake}.")))),
    }
}

pub(super) async fn post_code(
    State(app): State<App>,
    Path(name): Path<LinkName>,
    visitor: Visitor,
    Form(form): Form<CodeForm>,
) -> Response {
    let (door, address) = match received(&app, &name, &visitor, &form).await {
        Ok(received) => received,
        Err(answer) => return answer,
    };
    let call = bearer_call(app.store.clone(), &door.ticket);
    let origin = app.settings.origin.clone();
    match send_code(&call, door.ticket.clone(), address.clone(), origin).await {
        Ok(()) => code_page(&visitor, &name, &address, None),
        Err(failure) => server_failure(&failure),
    }
}

pub(super) async fn post_check(
    State(app): State<App>,
    Path(name): Path<LinkName>,
    visitor: Visitor,
    Form(form): Form<CodeForm>,
) -> Response {
    let (door, address) = match received(&app, &name, &visitor, &form).await {
        Ok(received) => received,
        Err(answer) => return answer,
    };
    let call = bearer_call(app.store.clone(), &door.ticket);
    match check_code(&call, door.ticket.clone(), address.clone(), form.code).await {
        Ok(Some(session)) => visitor.begin_code(redirect(&name.base()), session.as_str()),
        Ok(None) => {
            let mistake = "This code is not right, or too old. After five wrong ones ask for a new one.";
            code_page(&visitor, &name, &address, Some(mistake))
        }
        Err(error) => refused(error),
    }
}

fn code_page(visitor: &Visitor, name: &LinkName, address: &Address, mistake: Option<&str>) -> Response {
    let base = name.base();
    let page = CodePage {
        address: address.as_str(),
        action: &format!("{base}/code/check"),
        again: &base,
        mistake,
        token: &visitor.form_token(),
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}
