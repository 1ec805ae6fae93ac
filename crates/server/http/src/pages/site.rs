//! `/{organization}/sites/{site}`: a site, library or folder in the browser, with its Sync button (D01).
//!
//! Somebody the organization invited who opens this address for the first time gets the invitation's consent page here,
//! without the mail's link (A06). What is hidden and what does not exist look the same.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use drive::ItemError;
use drive::browse::{Browsed, FolderView, Part, Place, browse};
use drive::sharing::manages_access;
use drive::sites::WebAddress;
use http::StatusCode;
use identity::{Authority, Bearer, IdentityError, Refusal, SignedIn};
use model::{Drive, DriveId, Item, ItemId, ItemKind, Road, Role, TenantId, UserKind};
use policy::{Reason, may_change_at, may_download, may_pass};

use super::Visitor;
use super::answer::{FormTargets, absent_page, failed_page, html, server_failure};
use super::edit_forms::EditForms;
use super::hand::refused_change;
use super::redeem::meet_offer;
use super::size::{minute, size};
use crate::App;

#[derive(Template)]
#[template(path = "site.html")]
struct SitePage<'a> {
    person: &'a str,
    title: &'a str,
    organization: &'a str,
    domain: &'a str,
    open_to_outsiders: bool,
    view_only: bool,
    /// What the site as a whole keeps from happening.
    told: Option<Reason>,
    path: Vec<Crumb>,
    rows: Vec<Row>,
    more: bool,
    sync: Option<Sync>,
    file: Option<File>,
    edit: Option<EditForms>,
    /// The page of who has access, for those who decide about it.
    share: Option<String>,
    /// The page of a file's versions.
    versions: Option<String>,
    /// The page of what was deleted, for those who may delete here.
    bin: Option<String>,
}

/// The file that is shown.
struct File {
    handed_out: bool,
    download: String,
    size: String,
    modified: String,
}

/// A folder above, as a link.
struct Crumb {
    name: String,
    address: Option<String>,
}

/// A line of the list.
struct Row {
    name: String,
    address: Option<String>,
    folder: bool,
    size: String,
    modified: String,
}

/// How to sync what the page shows.
struct Sync {
    what: &'static str,
    link: String,
    address: String,
}

pub(super) async fn get_site(
    State(app): State<App>,
    Path((organization, site)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    let address = WebAddress { domain: organization.to_lowercase(), site, item: None };
    show(&app, &visitor, address).await
}

pub(super) async fn get_item(
    State(app): State<App>,
    Path((organization, site, drive, item)): Path<(String, String, String, String)>,
    visitor: Visitor,
) -> Response {
    // Ids are read only after sign-in, so that a stranger learns nothing from how an address is answered.
    let item = drive.parse::<DriveId>().ok().zip(item.parse::<ItemId>().ok());
    let Some(item) = item else {
        return visitor.require().map_or_else(|sign_in| sign_in, |_| absent_page());
    };
    let address = WebAddress { domain: organization.to_lowercase(), site, item: Some(item) };
    show(&app, &visitor, address).await
}

async fn show(app: &App, visitor: &Visitor, address: WebAddress) -> Response {
    let person = match visitor.require() {
        Ok(person) => person,
        Err(sign_in) => return sign_in,
    };
    let tenant = match app.identity.authority(&address.domain).await {
        Ok(Authority::Tenant(tenant)) => tenant,
        Ok(Authority::Home) | Err(IdentityError::Refused(_)) => return absent_page(),
        Err(failure) => return failed_page(failure),
    };
    let bearer = match visitor.identity().enter(person, tenant).await {
        Ok(bearer) => bearer,
        Err(IdentityError::Refused(Refusal::InvitationPending)) => {
            return offer(app, visitor, person, tenant, &address).await;
        }
        Err(IdentityError::Refused(refusal)) if refusal.is_of_the_door() => {
            return visitor.step_up(&refusal, tenant).unwrap_or_else(|| failed_page(refusal.into()));
        }
        Err(IdentityError::Refused(_)) => return absent_page(),
        Err(failure) => return failed_page(failure),
    };
    let Bearer { call, caller, .. } = bearer;
    match browse(&call, caller, address.clone()).await {
        Ok(browsed) => page(app, visitor, person, caller.kind, browsed),
        Err(ItemError::NotFound | ItemError::NotAFolder) => absent_page(),
        Err(error @ ItemError::Refused(_)) => refused_change(error.into()),
        Err(failure) => server_failure(&failure),
    }
}

/// Shows the consent page for what the organization has offered; acceptance leads back here.
async fn offer(
    app: &App,
    visitor: &Visitor,
    person: &SignedIn,
    tenant: TenantId,
    address: &WebAddress,
) -> Response {
    match app.identity.offer(person, tenant).await {
        Ok(Some(invitation)) => meet_offer(visitor, person, &invitation, &address.url("")).await,
        Ok(None) => absent_page(),
        Err(failure) => failed_page(failure),
    }
}

fn page(app: &App, visitor: &Visitor, person: &SignedIn, kind: UserKind, browsed: Browsed) -> Response {
    let Browsed { tenant, site, gate, open_to_outsiders, place } = browsed;
    let (syncs, downloads) = (may_pass(&gate, Road::Sync), may_download(&gate));
    let base = WebAddress { domain: tenant.initial_domain.clone(), site: site.name.clone(), item: None };
    let versions_at = versions_of(&base, &place);
    let mut file_shown = None;
    let (edit, share) = (forms(visitor, &base, &place), share_of(kind, &base, &place));
    let (path, rows, more, view_only, sync) = match place {
        Place::File { drive, file, above, .. } => {
            let mut path: Vec<Crumb> = above.iter().map(|item| crumb(&base, &drive, item)).collect();
            path.push(Crumb { name: file.name.clone(), address: None });
            file_shown = Some(File {
                handed_out: downloads.allows(),
                download: format!("{}/content", item_address(&base, drive.id, &file)),
                size: size(file.size()),
                modified: minute(file.file_modified),
            });
            (path, Vec::new(), false, false, None)
        }
        Place::Folder(view) => {
            let sync = sync_of(app, person, tenant.id, &base, &view);
            let (path, view_only) = (path_of(&base, &view), view.role == Role::Read);
            let rows = view.children.iter().map(|child| row_of(&base, view.drive.id, child)).collect();
            (path, rows, view.more, view_only, syncs.allows().then_some(sync))
        }
        Place::Parts(parts) => {
            let row = |part: &Part| row_of(&base, part.drive.id, &part.item);
            (Vec::new(), parts.iter().map(row).collect(), false, false, None)
        }
    };
    let template = SitePage {
        person: &person.principal_name,
        title: &site.display_name,
        organization: &tenant.display_name,
        domain: &tenant.initial_domain,
        open_to_outsiders,
        view_only,
        told: may_change_at(gate.lock).and(downloads).and(syncs).refusal(),
        path,
        rows,
        more,
        sync,
        file: file_shown,
        bin: edit.is_some().then(|| format!("{}/recycle-bin", base.url(""))),
        versions: versions_at,
        edit,
        share,
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &template))
}

fn forms(visitor: &Visitor, base: &WebAddress, place: &Place) -> Option<EditForms> {
    let (drive, item, role) = shown(place)?;
    let at = WebAddress { item: Some((drive, item.id)), ..base.clone() };
    EditForms::of(visitor, role, item.kind, at.url(""))
}

/// Returns where sharing what is shown begins; at a library for the site's owners with the site.
fn share_of(kind: UserKind, base: &WebAddress, place: &Place) -> Option<String> {
    let (drive, item, role) = shown(place)?;
    let whole = item.parent.is_none() && role >= Role::Owner;
    let at = WebAddress { item: (!whole).then_some((drive, item.id)), ..base.clone() };
    manages_access(role, kind).then(|| format!("{}/access", at.url("")))
}

fn versions_of(base: &WebAddress, place: &Place) -> Option<String> {
    let (drive, item, _) = shown(place)?;
    let address = item_address(base, drive, item);
    (item.kind == ItemKind::File).then(|| format!("{address}/versions"))
}

fn shown(place: &Place) -> Option<(DriveId, &Item, Role)> {
    match place {
        Place::File { drive, file, role, .. } => Some((drive.id, file, *role)),
        Place::Folder(view) => Some((view.drive.id, &view.folder, view.role)),
        Place::Parts(_) => None,
    }
}

fn path_of(base: &WebAddress, view: &FolderView) -> Vec<Crumb> {
    let mut path: Vec<Crumb> = view.above.iter().map(|item| crumb(base, &view.drive, item)).collect();
    path.push(Crumb { address: None, ..crumb(base, &view.drive, &view.folder) });
    path
}

fn crumb(base: &WebAddress, drive: &Drive, item: &Item) -> Crumb {
    let name = if item.parent.is_none() { drive.name.clone() } else { item.name.clone() };
    Crumb { name, address: Some(item_address(base, drive.id, item)) }
}

fn row_of(base: &WebAddress, drive: DriveId, item: &Item) -> Row {
    let folder = item.kind == ItemKind::Folder;
    Row {
        name: item.name.clone(),
        address: Some(item_address(base, drive, item)),
        folder,
        size: if folder { String::new() } else { size(item.size()) },
        modified: minute(item.file_modified),
    }
}

/// Returns the path of an item's page; a library's root is the site's own page.
fn item_address(base: &WebAddress, drive: DriveId, item: &Item) -> String {
    let item = item.parent.is_some().then_some((drive, item.id));
    WebAddress { item, ..base.clone() }.url("")
}

fn sync_of(app: &App, person: &SignedIn, tenant: TenantId, base: &WebAddress, view: &FolderView) -> Sync {
    let origin = &app.settings.origin;
    let library = view.folder.parent.is_none();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("cloud", origin)
        .append_pair("tenant", &tenant.to_string())
        .append_pair("drive", &view.drive.id.to_string())
        .append_pair("item", &view.folder.id.to_string())
        .append_pair("address", &person.principal_name)
        .finish();
    Sync {
        what: if library { "library" } else { "folder" },
        link: format!("footbridge://sync?{query}"),
        address: format!("{origin}{}", item_address(base, view.drive.id, &view.folder)),
    }
}
