//! `/{organization}/admin/guests/{guest}`: one guest; blocked and allowed again, removed and brought back. Each is asked
//! about first, with what it ends.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use directory::{DirectoryError, delete_person, restore_person, set_sign_in};
use drive::exposure::{ListedGuest, find_guest};
use http::StatusCode;
use model::UserId;
use serde::Deserialize;
use storage::SignIn;

use super::super::Visitor;
use super::super::answer::{
    FormTargets, absent_page, html, message_page, redirect, server_failure, stale_form_page,
};
use super::door::{AtAdmin, Frame, enter_admin, enter_directory, told};
use super::guests::invited;
use super::sites::refused_list;
use super::words::standing;
use crate::App;

/// What can be done with a guest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Block,
    Allow,
    Remove,
    Restore,
}

/// A deed in words.
struct Question {
    value: &'static str,
    label: &'static str,
    ends: &'static str,
}

#[derive(Template)]
#[template(path = "admin_guest.html")]
struct GuestPage<'a> {
    frame: Frame,
    token: String,
    action: String,
    list: String,
    name: &'a str,
    address: &'a str,
    state: &'static str,
    invited: String,
    sites: Vec<(String, String)>,
    /// What can be done; nothing for who does not manage guests.
    deeds: Vec<Question>,
    /// What is asked about now.
    asked: Option<Question>,
}

#[derive(Deserialize)]
pub(super) struct DeedForm {
    #[serde(default)]
    deed: String,
    #[serde(default)]
    token: String,
}

impl Deed {
    const ALL: [Self; 4] = [Self::Block, Self::Allow, Self::Remove, Self::Restore];

    fn question(self) -> Question {
        let (value, label, ends) = match self {
            Self::Block => (
                "block",
                "Block sign-in",
                "From their next request on they reach nothing here, and their computers stop syncing. What was synced \
                 stays on their computers. The account and what was shared with it are kept, so that you can allow \
                 sign-in again.",
            ),
            Self::Allow => (
                "allow",
                "Allow sign-in",
                "They reach again what is shared with them, as far as the sharing settings admit it.",
            ),
            Self::Remove => (
                "remove",
                "Remove guest",
                "From their next request on they reach nothing here, and their computers stop syncing. What was synced \
                 stays on their computers. Their address is free to be invited anew. You can restore the account \
                 with what was shared with it from the list of removed guests.",
            ),
            Self::Restore => (
                "restore",
                "Restore guest",
                "The account comes back with what was shared with it. They reach it again, as far as the sharing \
                 settings admit it.",
            ),
        };
        Question { value, label, ends }
    }

    fn fits(self, listed: &ListedGuest) -> bool {
        let (removed, enabled) = (listed.guest.deleted.is_some(), listed.guest.enabled);
        match self {
            Self::Block => !removed && enabled,
            Self::Allow => !removed && !enabled,
            Self::Remove => !removed,
            Self::Restore => removed,
        }
    }

    fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.question().value == text)
    }
}

pub(super) async fn get_guest(
    State(app): State<App>,
    Path((organization, guest)): Path<(String, String)>,
    Query(asked): Query<DeedForm>,
    visitor: Visitor,
) -> Response {
    let at = match enter_admin(&app, &visitor, &organization).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    match find(&at, &guest).await {
        Ok(listed) => show(&at, &visitor, &listed, Deed::named(&asked.deed)),
        Err(answer) => answer,
    }
}

pub(super) async fn post_guest(
    State(app): State<App>,
    Path((organization, guest)): Path<(String, String)>,
    visitor: Visitor,
    Form(form): Form<DeedForm>,
) -> Response {
    // Before anything is looked up: a form that is not ours learns nothing.
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    let at = match enter_directory(&app, &visitor, &organization).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let listed = match find(&at, &guest).await {
        Ok(listed) => listed,
        Err(answer) => return answer,
    };
    // What no longer fits was done by somebody else meanwhile; the page shows how the guest stands now.
    let Some(deed) = Deed::named(&form.deed).filter(|deed| deed.fits(&listed)) else {
        return show(&at, &visitor, &listed, None);
    };
    match carry_out(&at, deed, listed.guest.id).await {
        Ok(()) => redirect(&format!("{}/guests/{}", at.base(), listed.guest.id)),
        Err(error) => refused(error),
    }
}

async fn carry_out(at: &AtAdmin, deed: Deed, guest: UserId) -> Result<(), DirectoryError> {
    match deed {
        Deed::Block => set_sign_in(&at.call, guest, SignIn::Blocked).await,
        Deed::Allow => set_sign_in(&at.call, guest, SignIn::Allowed).await,
        Deed::Remove => delete_person(&at.call, guest).await,
        Deed::Restore => restore_person(&at.call, guest).await.map(|_| ()),
    }
}

fn refused(error: DirectoryError) -> Response {
    let text = match &error {
        DirectoryError::NotFound => return absent_page(),
        DirectoryError::Refused(reason) => told(*reason),
        DirectoryError::Taken => {
            "The name or address belongs to somebody else by now. Remove that account first, or invite the person anew."
                .to_owned()
        }
        DirectoryError::Storage(_) => return server_failure(&error),
        other => format!("{other}."),
    };
    message_page(StatusCode::CONFLICT, "That was not done", &text)
}

async fn find(at: &AtAdmin, guest: &str) -> Result<ListedGuest, Response> {
    let guest: UserId = guest.parse().map_err(|_| absent_page())?;
    find_guest(&at.call, guest).await.map_err(refused_list)?.ok_or_else(absent_page)
}

fn show(at: &AtAdmin, visitor: &Visitor, listed: &ListedGuest, asked: Option<Deed>) -> Response {
    let frame = at.frame("guests");
    let fitting = |deed: &Deed| frame.directory && deed.fits(listed);
    let base = at.base();
    let page = GuestPage {
        token: visitor.form_token(),
        action: format!("{base}/guests/{}", listed.guest.id),
        list: format!("{base}/guests"),
        name: &listed.guest.display_name,
        address: listed.guest.mail.as_deref().unwrap_or_default(),
        state: standing(&listed.guest),
        invited: invited(listed),
        sites: listed
            .sites
            .iter()
            .map(|site| (site.display_name.clone(), format!("{base}/sites/{}", site.id)))
            .collect(),
        deeds: Deed::ALL.into_iter().filter(fitting).map(Deed::question).collect(),
        asked: asked.filter(fitting).map(Deed::question),
        frame,
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}
