//! `/{organization}/admin/sites`: the active sites, personal drives included, in pages, with the External sharing column
//! that can be hidden and shown (B13).

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use drive::exposure::{ActiveSite, list_active_sites};
use drive::sharing::SharingError;
use drive::sites::SiteError;
use http::StatusCode;
use serde::Deserialize;
use storage::ListPage;

use super::super::Visitor;
use super::super::access::refused_sharing;
use super::super::answer::{FormTargets, html, redirect, stale_form_page};
use super::super::visitor::SharingColumn;
use super::door::{Frame, enter_admin};
use super::words::level_name;
use crate::App;

/// Entries of a page.
pub(super) const PAGE: usize = 50;
/// Most characters of a search that are looked at.
const LONGEST_SEARCH: usize = 200;

#[derive(Template)]
#[template(path = "admin_sites.html")]
struct SitesPage {
    frame: Frame,
    token: String,
    search: String,
    rows: Vec<Row>,
    column: bool,
    first: Option<String>,
    next: Option<String>,
}

/// A site.
struct Row {
    name: String,
    about: String,
    level: &'static str,
    /// The level in effect, where it is another.
    in_effect: Option<&'static str>,
    open: bool,
    change: String,
}

/// Which part of a list is asked for.
#[derive(Default, Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    pub(super) search: String,
    #[serde(default)]
    after: String,
}

impl ListQuery {
    /// Returns the page of the list, and one entry more, which tells whether there is a next page.
    pub(super) fn page(&self) -> ListPage {
        let plain = |text: &str| text.replace('\0', "").chars().take(LONGEST_SEARCH).collect::<String>();
        let after = Some(plain(&self.after)).filter(|after| !after.is_empty());
        let most = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
        ListPage { search: plain(self.search.trim()), after, most }
    }

    /// Returns the address of the part behind an entry.
    pub(super) fn behind(&self, path: &str, after: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("search", self.search.trim())
            .append_pair("after", after)
            .finish();
        format!("{path}?{query}")
    }

    /// Returns the address of the beginning, on a later page.
    pub(super) fn beginning(&self, path: &str) -> Option<String> {
        let begins = Self { search: self.search.clone(), after: String::new() };
        (!self.after.is_empty()).then(|| begins.behind(path, ""))
    }
}

/// Whether the column is shown from now on.
#[derive(Deserialize)]
pub(super) struct ColumnForm {
    #[serde(default)]
    column: String,
    #[serde(default)]
    token: String,
}

pub(super) async fn get_sites(
    State(app): State<App>,
    Path(organization): Path<String>,
    Query(query): Query<ListQuery>,
    visitor: Visitor,
) -> Response {
    let at = match enter_admin(&app, &visitor, &organization).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let mut listed = match list_active_sites(&at.call, query.page()).await {
        Ok(listed) => listed,
        Err(error) => return refused_list(error),
    };
    let path = format!("{}/sites", at.base());
    let more = listed.len() > PAGE;
    listed.truncate(PAGE);
    let last = listed.last().filter(|_| more).map(|last| last.site.name.to_lowercase());
    let page = SitesPage {
        frame: at.frame("sites"),
        token: visitor.form_token(),
        first: query.beginning(&path),
        next: last.map(|last| query.behind(&path, &last)),
        rows: listed.iter().map(|site| row(site, &path)).collect(),
        column: visitor.sharing_column() == SharingColumn::Shown,
        search: query.search,
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}

pub(super) async fn post_columns(
    State(app): State<App>,
    Path(organization): Path<String>,
    visitor: Visitor,
    Form(form): Form<ColumnForm>,
) -> Response {
    // Before anything is looked up: a form that is not ours learns nothing.
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    match enter_admin(&app, &visitor, &organization).await {
        Ok(at) => {
            let wanted = if form.column == "hide" { SharingColumn::Hidden } else { SharingColumn::Shown };
            visitor.remember_column(redirect(&format!("{}/sites", at.base())), wanted)
        }
        Err(answer) => answer,
    }
}

/// Says why a list cannot be shown.
pub(super) fn refused_list(error: SiteError) -> Response {
    refused_sharing(match error {
        SiteError::Refused(reason) => SharingError::Refused(reason),
        SiteError::Storage(error) => SharingError::Storage(error),
        SiteError::NotFound | SiteError::Name | SiteError::LibraryName | SiteError::Taken => {
            SharingError::NotFound
        }
    })
}

fn row(active: &ActiveSite, path: &str) -> Row {
    let site = &active.site;
    let kind = if site.personal_of.is_some() { "personal drive" } else { "site" };
    Row {
        name: site.display_name.clone(),
        about: format!("{kind} · {}", site.name),
        level: level_name(site.sharing),
        in_effect: (site.sharing != active.level).then(|| level_name(active.level)),
        open: active.open_to_outsiders,
        change: format!("{path}/{}", site.id),
    }
}
