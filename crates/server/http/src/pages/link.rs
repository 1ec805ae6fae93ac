//! `/:f:/g/{secret}` and what lies beneath it: a sharing link in the browser (B02, B04).
//!
//! A link that binds people leads on to the item's own page once it is opened; the others show their item here. What is
//! not for the visitor looks like what does not exist; what ended or is switched off says so to those it was for.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use drive::links::{LinkPage, LinkUse, LinkViewer, Shown, bearer_call, open_page, record_use};
use http::StatusCode;
use model::{GuestIntegration, Item, ItemId, ItemKind};
use serde::Deserialize;

use super::Visitor;
use super::answer::{FormTargets, absent_page, html, server_failure};
use super::edit_forms::EditForms;
use super::link_door::{Entered, enter, refused};
use super::size::{minute, size};
use crate::App;

#[derive(Template)]
#[template(path = "link.html")]
struct LinkItemPage<'a> {
    title: &'a str,
    organization: &'a str,
    domain: &'a str,
    sharer: Option<&'a str>,
    no_sync: Option<String>,
    path: Vec<Crumb>,
    rows: Vec<Row>,
    more: bool,
    file: Option<File>,
    edit: Option<EditForms>,
}

/// A folder above, as an address; none for what is shown.
struct Crumb {
    name: String,
    address: Option<String>,
}

/// A line of the list.
struct Row {
    name: String,
    address: String,
    folder: bool,
    size: String,
    modified: String,
}

/// The file that is shown.
struct File {
    download: String,
    size: String,
    modified: String,
}

/// Names in a link's address.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct LinkName {
    /// `:f:` or `:u:`; it says nothing that is believed.
    pub(super) letter: String,
    pub(super) secret: String,
    #[serde(default)]
    pub(super) item: Option<String>,
}

impl LinkName {
    /// Returns the link's own path.
    pub(super) fn base(&self) -> String {
        format!("/{}/g/{}", self.letter, self.secret)
    }
}

pub(super) async fn get_link(
    State(app): State<App>,
    Path(name): Path<LinkName>,
    visitor: Visitor,
) -> Response {
    let used = match enter(&app, &visitor, &name).await {
        Entered::Here(used) => *used,
        Entered::Answered(answer) => return answer,
    };
    let call = visitor.seen_in(bearer_call(app.store.clone(), &used.ticket));
    // Looking around within it is the same use.
    if name.item.is_none()
        && let Err(failure) = record_use(&call, &used).await
    {
        return server_failure(&failure);
    }
    show(&app, &visitor, &name, used).await
}

async fn show(app: &App, visitor: &Visitor, name: &LinkName, used: LinkUse) -> Response {
    let item: Option<ItemId> = match name.item.as_deref().map(str::parse).transpose() {
        Ok(item) => item,
        Err(_) => return absent_page(),
    };
    let call = bearer_call(app.store.clone(), &used.ticket);
    let by_code = matches!(used.viewer, LinkViewer::Address(_));
    match open_page(&call, used, item).await {
        Ok(page) => render(visitor, name, &page, by_code),
        Err(error) => refused(error),
    }
}

fn render(visitor: &Visitor, name: &LinkName, page: &LinkPage, by_code: bool) -> Response {
    let base = name.base();
    let at = |item: &Item| {
        if item.id == page.root.id { base.clone() } else { format!("{base}/items/{}", item.id) }
    };
    let (shown, above) = match &page.shown {
        Shown::Folder(view) => (&view.folder, &view.above),
        Shown::File { file, above } => (&**file, above),
    };
    let role = match &page.shown {
        Shown::Folder(view) => view.role,
        Shown::File { .. } => page.role,
    };
    let crumb = |item: &Item| Crumb { name: item.name.clone(), address: Some(at(item)) };
    let mut path: Vec<Crumb> = above.iter().map(crumb).collect();
    path.push(Crumb { name: shown.name.clone(), address: None });
    let (rows, more, file) = match &page.shown {
        Shown::Folder(view) => {
            (view.children.iter().map(|child| row(child, at(child))).collect(), view.more, None)
        }
        Shown::File { file, .. } => {
            let download = format!("{base}/items/{}/content", file.id);
            let file = File { download, size: size(file.size()), modified: minute(file.file_modified) };
            (Vec::new(), false, Some(file))
        }
    };
    let template = LinkItemPage {
        title: &shown.name,
        organization: &page.tenant.display_name,
        domain: &page.tenant.initial_domain,
        sharer: page.sharer.as_deref(),
        no_sync: by_code.then(|| sync_advice(page)).flatten(),
        path,
        rows,
        more,
        file,
        edit: EditForms::of(visitor, role, shown.kind, format!("{base}/items/{}", shown.id)),
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &template))
}

/// Tells who came by a code why it does not sync, and how that can change (A05, A12).
fn sync_advice(page: &LinkPage) -> Option<String> {
    let reason = page.no_sync?;
    let organization = &page.tenant.display_name;
    let remedy = match page.integration {
        GuestIntegration::On => format!(
            "To sync it to your computer you need a guest account at {organization}: your organization's administrator \
             can ask the operator of this cloud to add your organization, and whoever shared this can then share it \
             again."
        ),
        GuestIntegration::Off => format!(
            "{organization} shares with new people outside in this way alone. To sync it to your computer, ask there \
             for a guest account."
        ),
    };
    Some(format!("{} {remedy}", reason.message()))
}

fn row(item: &Item, address: String) -> Row {
    let folder = item.kind == ItemKind::Folder;
    Row {
        name: item.name.clone(),
        address,
        folder,
        size: if folder { String::new() } else { size(item.size()) },
        modified: minute(item.file_modified),
    }
}
