//! `…/access` of a site, library, folder or file: who has access, and the form that gives it by address (B01, B12).
//!
//! What a rule refuses whomever one names is said above the form, with the reason; what it refuses one person is said
//! beside their address once it was tried, and keeps nothing from the others.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use drive::links::{LinkHolder, LinkView};
use drive::sharing::{AccessOverview, Holder, PermissionView, SharingError, overview};
use http::StatusCode;
use model::{GroupKind, GuestState, LinkKind, Role};
use policy::Reason;

use super::Visitor;
use super::access_door::{AtPlace, PlaceName, enter_place};
use super::answer::{FormTargets, absent_page, html, message_page, server_failure};
use super::size::minute;
use crate::App;

#[derive(Template)]
#[template(path = "access.html")]
struct AccessPage<'a> {
    person: &'a str,
    name: &'a str,
    organization: &'a str,
    page: String,
    /// The whole site's page of access, for who owns it and looks at a part.
    whole: Option<String>,
    action: String,
    token: String,
    manages: bool,
    cannot: Vec<String>,
    outcomes: Vec<Outcome>,
    holders: Vec<Row>,
    links: Vec<Row>,
}

/// What came of one address.
pub(super) struct Outcome {
    pub(super) address: String,
    pub(super) done: bool,
    pub(super) text: String,
    /// What still stands between the person and syncing it; empty when nothing does or they got nothing.
    pub(super) conditions: Vec<Told>,
}

/// A condition that does not hold yet.
pub(super) struct Told {
    pub(super) failed: bool,
    pub(super) text: String,
    pub(super) remedy: String,
}

/// Somebody, or a link, with what it opens.
struct Row {
    name: String,
    about: String,
    role: &'static str,
    remove: Option<String>,
}

pub(super) async fn get_access(
    State(app): State<App>,
    Path(name): Path<PlaceName>,
    visitor: Visitor,
) -> Response {
    match enter_place(&app, &visitor, &name).await {
        Ok(at) => show(&app, &visitor, &at, Vec::new()).await,
        Err(answer) => answer,
    }
}

/// Shows a place's access, and what came of sharing it, if it was just shared.
pub(super) async fn show(app: &App, visitor: &Visitor, at: &AtPlace, outcomes: Vec<Outcome>) -> Response {
    let found = match overview(&at.bearer.call, at.bearer.caller, at.place).await {
        Ok(found) => found,
        Err(error) => return refused_sharing(error),
    };
    let person = match visitor.require() {
        Ok(person) => &person.principal_name,
        Err(sign_in) => return sign_in,
    };
    let refused = !outcomes.is_empty() && outcomes.iter().all(|outcome| !outcome.done);
    let action = format!("{}/access", at.page);
    let whole = found.owns && found.address.item.is_some();
    let template = AccessPage {
        person,
        name: &found.name,
        organization: &found.organization,
        page: at.page.clone(),
        whole: whole.then(|| format!("{}/access", at.site)),
        token: visitor.form_token(),
        manages: found.manages,
        cannot: cannot(&found),
        outcomes,
        holders: found.people.iter().map(|view| holder(&found, view, &action)).collect(),
        links: found.links.iter().map(|view| link(app, &found, view, &action)).collect(),
        action: action.clone(),
    };
    let status = if refused { StatusCode::FORBIDDEN } else { StatusCode::OK };
    visitor.keep(html(status, FormTargets::Own, &template))
}

/// Says why nothing was shared or taken away.
pub(super) fn refused_sharing(error: SharingError) -> Response {
    let text = match &error {
        SharingError::NotFound => return absent_page(),
        SharingError::Refused(reason) => explain(*reason),
        SharingError::Storage(_) | SharingError::Directory(_) => return server_failure(&error),
        SharingError::Inherited => {
            return message_page(
                StatusCode::FORBIDDEN,
                "That was not done",
                "This access was given further up. Open the folder or site where it was given and remove it there.",
            );
        }
        other => {
            return message_page(StatusCode::BAD_REQUEST, "That was not done", &format!("Please {other}."));
        }
    };
    message_page(StatusCode::FORBIDDEN, "That was not done", &text)
}

/// Writes a reason with what can be done.
pub(super) fn explain(reason: Reason) -> String {
    format!("{} {}", reason.message(), reason.remedy())
}

/// Says what cannot be done here, whomever one names.
fn cannot(found: &AccessOverview) -> Vec<String> {
    if let Some(reason) = found.no_sharing {
        return vec![explain(reason)];
    }
    match (found.no_guests, found.no_new_guests) {
        (Some(reason), _) | (None, Some(reason)) => vec![explain(reason)],
        (None, None) => Vec::new(),
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Read => "Can view",
        Role::Write => "Can edit",
        Role::Owner => "Owner",
    }
}

fn holder(found: &AccessOverview, view: &PermissionView, action: &str) -> Row {
    let (name, mut about, of_owners) = match &view.holder {
        Holder::Person(person) => {
            let mut about = vec![person.mail.clone().unwrap_or_default()];
            if person.guest_state == Some(GuestState::PendingAcceptance) {
                about.push("has not accepted the invitation yet".to_owned());
            }
            (person.display_name.clone(), about, false)
        }
        Holder::Group(group) => {
            let owners = group.kind == GroupKind::SiteOwners;
            (group.display_name.clone(), vec!["a group".to_owned()], owners)
        }
    };
    if view.inherited {
        about.push("given further up".to_owned());
    }
    if let Some(end) = view.permission.expires {
        about.push(format!("until {} UTC", minute(end)));
    }
    about.retain(|fact| !fact.is_empty());
    let removable = found.manages && !view.inherited && !of_owners && view.permission.role < Role::Owner;
    let remove = removable.then(|| format!("{action}/{}/remove", view.permission.id));
    Row { name, about: about.join(" · "), role: role(view.permission.role), remove }
}

fn link(app: &App, found: &AccessOverview, view: &LinkView, action: &str) -> Row {
    let name = match view.link.kind {
        LinkKind::Anyone => "Anyone with the link".to_owned(),
        LinkKind::Organization => format!("People of {} with the link", found.organization),
        LinkKind::SpecificPeople => "Certain people with the link".to_owned(),
        LinkKind::ExistingAccess => "People with access, by the link".to_owned(),
    };
    let mut about: Vec<String> = view.holders.iter().map(named).collect();
    if view.link.password.is_some() {
        about.push("asks for a password".to_owned());
    }
    if let Some(end) = view.link.expires {
        about.push(format!("until {} UTC", minute(end)));
    }
    if view.inherited {
        about.push("made further up".to_owned());
    }
    about.extend(view.url(&app.settings.origin));
    let remove = (found.manages && !view.inherited).then(|| format!("{action}/{}/remove", view.link.id));
    Row { name, about: about.join(" · "), role: role(view.link.role), remove }
}

fn named(holder: &LinkHolder) -> String {
    match holder {
        LinkHolder::Person(person) => person.display_name.clone(),
        LinkHolder::Address(address) => address.clone(),
    }
}
