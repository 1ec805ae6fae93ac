//! `…/versions` of a file: what it held before, each with a button that brings it back (X10). Nothing is lost by it: the
//! content of before becomes the newest version.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use drive::items::Condition;
use drive::reading::{ItemAddress, Reader};
use drive::versions::{VersionView, VersionsPage, list_versions};
use http::StatusCode;
use model::ItemVersion;

use super::Visitor;
use super::answer::{FormTargets, absent_page, html, redirect, stale_form_page};
use super::hand::{Hand, refused_change};
use super::restore_form::RestoreForm;
use super::site_door::{AtItem, ItemName, enter_item};
use super::size::{minute, size};
use crate::App;

/// Most versions that are shown: as many as are kept.
const MOST: i64 = 500;

#[derive(Template)]
#[template(path = "versions.html")]
struct VersionsTemplate<'a> {
    person: &'a str,
    name: &'a str,
    page: &'a str,
    token: String,
    rows: Vec<Row>,
}

/// A version.
struct Row {
    number: String,
    written: String,
    by: String,
    size: String,
    restore: Option<String>,
}

pub(super) async fn get_versions(
    State(app): State<App>,
    Path(name): Path<ItemName>,
    visitor: Visitor,
) -> Response {
    let at = match enter_item(&app, &visitor, &name).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let reader = Reader { caller: at.bearer.caller, drive: at.drive, runtime: app.runtime.clone() };
    let address = ItemAddress { start: Some(at.item), path: Vec::new() };
    match list_versions(&at.bearer.call, reader, address, None, MOST).await {
        Ok(found) => show(&visitor, &at, &found),
        Err(error) => refused_change(error.into()),
    }
}

fn show(visitor: &Visitor, at: &AtItem, found: &VersionsPage) -> Response {
    let person = match visitor.require() {
        Ok(person) => &person.principal_name,
        Err(sign_in) => return sign_in,
    };
    let row = |(place, view): (usize, &VersionView)| {
        let number = ItemVersion::id_of(view.version.number);
        // The first one is what the file holds now.
        let restorable = place > 0 && found.may_change();
        Row {
            written: minute(view.version.written.at),
            by: view.written_by.as_ref().map(|doer| doer.display_name.clone()).unwrap_or_default(),
            size: size(view.version.content.size),
            restore: restorable.then(|| format!("{}/versions/{number}/restore", at.page)),
            number,
        }
    };
    let template = VersionsTemplate {
        person,
        name: &found.seen.item.name,
        page: &at.page,
        token: visitor.form_token(),
        rows: found.versions.iter().enumerate().map(row).collect(),
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &template))
}

pub(super) async fn post_restore(
    State(app): State<App>,
    Path(name): Path<ItemName>,
    visitor: Visitor,
    Form(form): Form<RestoreForm>,
) -> Response {
    let at = match enter_item(&app, &visitor, &name).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let Some(number) = name.version.as_deref().and_then(ItemVersion::number_of) else { return absent_page() };
    let (item, hand) = (at.item, Hand::of_person(&app, at.bearer, at.drive));
    if let Err(answer) = hand.room(item).await {
        return answer;
    }
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    match hand.edit(move |editor| editor.restore_version(item, number, &Condition::None)).await {
        Ok(_) => redirect(&format!("{}/versions", at.page)),
        Err(answer) => answer,
    }
}
