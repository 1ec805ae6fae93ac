//! `/{organization}/admin/guests`: the guests, in pages: how they stand, who invited them and when, what they were given.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use drive::exposure::{ListedGuest, list_deleted_guests, list_guests};
use http::StatusCode;
use serde::Deserialize;

use super::super::Visitor;
use super::super::answer::{FormTargets, html};
use super::super::size::minute;
use super::door::{Frame, enter_admin};
use super::sites::{ListQuery, PAGE, refused_list};
use super::words::standing;
use crate::App;

/// Most removed guests that are listed.
const MOST_REMOVED: i64 = 200;
/// Most sites that are named in the list.
const MOST_SITES: usize = 3;

#[derive(Template)]
#[template(path = "admin_guests.html")]
struct GuestsPage {
    frame: Frame,
    search: String,
    removed: bool,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

/// A guest.
struct Row {
    name: String,
    address: String,
    state: &'static str,
    invited: String,
    sites: String,
    page: String,
}

/// Which guests are asked for.
#[derive(Deserialize)]
pub(super) struct RemovedQuery {
    #[serde(default)]
    removed: String,
}

pub(super) async fn get_guests(
    State(app): State<App>,
    Path(organization): Path<String>,
    Query(query): Query<ListQuery>,
    Query(RemovedQuery { removed }): Query<RemovedQuery>,
    visitor: Visitor,
) -> Response {
    let at = match enter_admin(&app, &visitor, &organization).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let removed = !removed.is_empty();
    let found = if removed {
        list_deleted_guests(&at.call, MOST_REMOVED).await
    } else {
        list_guests(&at.call, query.page()).await
    };
    let mut listed = match found {
        Ok(listed) => listed,
        Err(error) => return refused_list(error),
    };
    let path = format!("{}/guests", at.base());
    let more = !removed && listed.len() > PAGE;
    if more {
        listed.truncate(PAGE);
    }
    let last = listed.last().filter(|_| more).map(|last| last.guest.principal_name.to_lowercase());
    let page = GuestsPage {
        frame: at.frame("guests"),
        first: query.beginning(&path),
        next: last.map(|last| query.behind(&path, &last)),
        rows: listed.iter().map(|guest| row(guest, &path)).collect(),
        removed,
        search: query.search,
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}

fn row(listed: &ListedGuest, path: &str) -> Row {
    let guest = &listed.guest;
    let mut sites: Vec<String> =
        listed.sites.iter().take(MOST_SITES).map(|site| site.display_name.clone()).collect();
    if listed.sites.len() > MOST_SITES {
        sites.push(format!("{} more", listed.sites.len() - MOST_SITES));
    }
    Row {
        name: guest.display_name.clone(),
        address: guest.mail.clone().unwrap_or_default(),
        state: standing(guest),
        invited: invited(listed),
        sites: if sites.is_empty() { "None".to_owned() } else { sites.join(", ") },
        page: format!("{path}/{}", guest.id),
    }
}

/// Says who invited a guest, and when.
pub(super) fn invited(listed: &ListedGuest) -> String {
    let by = listed.inviter.as_ref().map(|inviter| format!(" by {}", inviter.display_name));
    match &listed.invited {
        Some(invited) => format!("{} UTC{}", minute(invited.at), by.unwrap_or_default()),
        None => format!("{} UTC, without an invitation", minute(listed.guest.created)),
    }
}
