//! `/{organization}/sites/{site}/recycle-bin`: what was deleted and can be brought back (X10). Owners see all of it,
//! others what they deleted themselves.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use drive::ItemError;
use drive::recycle_bin::{BinAction, BinPage, BinRequest, BinView, change_bin, list_bin};
use drive::sharing::Place;
use http::StatusCode;
use model::{BinKey, BinStage, ItemKind, ItemVersion, SiteId};
use serde::Deserialize;

use super::Visitor;
use super::access_door::{AtPlace, PlaceName, enter_place};
use super::answer::{FormTargets, absent_page, html, redirect, stale_form_page};
use super::hand::refused_change;
use super::restore_form::RestoreForm;
use super::size::{minute, size};
use crate::App;

/// Most entries that are shown.
const MOST: i64 = 1_000;

#[derive(Template)]
#[template(path = "recycle_bin.html")]
struct BinTemplate<'a> {
    person: &'a str,
    site: &'a str,
    page: &'a str,
    action: String,
    token: String,
    second: bool,
    rows: Vec<Row>,
    more: bool,
}

/// An entry.
struct Row {
    id: String,
    name: String,
    about: String,
    deleted: String,
    size: String,
}

/// Which of the two stages is shown.
#[derive(Deserialize)]
pub(super) struct StageQuery {
    #[serde(default)]
    stage: String,
}

pub(super) async fn get_bin(
    State(app): State<App>,
    Path(name): Path<PlaceName>,
    Query(query): Query<StageQuery>,
    visitor: Visitor,
) -> Response {
    let (at, site) = match enter(&app, &visitor, &name).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let stage = if query.stage == "second" { BinStage::Second } else { BinStage::First };
    let request = BinRequest { caller: at.bearer.caller, site, stage, after: None, most: MOST };
    match list_bin(&at.bearer.call, request).await {
        Ok(found) => show(&visitor, &at, stage, &found),
        Err(error) => refused_change(error.into()),
    }
}

pub(super) async fn post_restore(
    State(app): State<App>,
    Path(name): Path<PlaceName>,
    visitor: Visitor,
    Form(form): Form<RestoreForm>,
) -> Response {
    // Before anything is looked up: a form that is not ours learns nothing.
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    let (at, site) = match enter(&app, &visitor, &name).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let Ok(key) = form.id.parse::<BinKey>() else { return absent_page() };
    let done = change_bin(&at.bearer.call, at.bearer.caller, site, vec![key], BinAction::Restore).await;
    let done =
        done.and_then(|done| done.into_iter().next().map_or(Err(ItemError::NotFound), |(_, done)| done));
    match done {
        Ok(_) => redirect(&format!("{}/recycle-bin", at.page)),
        Err(error) => refused_change(error.into()),
    }
}

async fn enter(app: &App, visitor: &Visitor, name: &PlaceName) -> Result<(AtPlace, SiteId), Response> {
    let at = enter_place(app, visitor, name).await?;
    match at.place {
        Place::Site(site) => Ok((at, site)),
        Place::Item { .. } => Err(absent_page()),
    }
}

fn show(visitor: &Visitor, at: &AtPlace, stage: BinStage, found: &BinPage) -> Response {
    let person = match visitor.require() {
        Ok(person) => &person.principal_name,
        Err(sign_in) => return sign_in,
    };
    let template = BinTemplate {
        person,
        site: &found.site,
        page: &at.page,
        action: format!("{}/recycle-bin/restore", at.page),
        token: visitor.form_token(),
        second: stage == BinStage::Second,
        rows: found.entries.iter().map(row).collect(),
        more: found.next.is_some(),
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &template))
}

fn row(view: &BinView) -> Row {
    let entry = &view.entry;
    let what = match (entry.key.version, view.kind) {
        (Some(number), _) => format!("version {} of the file", ItemVersion::id_of(number)),
        (None, ItemKind::Folder) => "folder with everything in it".to_owned(),
        (None, ItemKind::File) => "file".to_owned(),
    };
    let by = view.deleted_by.as_ref().map(|doer| format!(" · deleted by {}", doer.display_name));
    Row {
        id: entry.key.to_string(),
        name: view.name.clone(),
        about: format!("{what} · from {}{}", view.location.join("/"), by.unwrap_or_default()),
        deleted: format!("{}, kept until {}", minute(entry.deleted.at), minute(entry.expires())),
        size: size(view.size),
    }
}
