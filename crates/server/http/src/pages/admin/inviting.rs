//! `/{organization}/admin/inviting`: who brings guests into the directory, and of which domains (sharing-and-guests.md
//! 4.9). It ends nobody's access, so one step is enough.

use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use directory::{Collaboration, CollaborationChange, DirectoryError, change_collaboration, collaboration};

use super::super::Visitor;
use super::super::access::refused_sharing;
use super::super::answer::{redirect, stale_form_page};
use super::door::{AtAdmin, enter_directory, told};
use super::draft::{Draft, Section, Typed};
use super::sharing::{Flags, SettingsPage};
use super::words::INVITES_FROM;
use crate::App;

pub(super) async fn get_inviting(
    State(app): State<App>,
    Path(organization): Path<String>,
    Query(flags): Query<Flags>,
    visitor: Visitor,
) -> Response {
    let at = match enter_directory(&app, &visitor, &organization).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    match collaboration(&at.call).await {
        Ok(now) => {
            let page = page(&at, &visitor, &draft_of(&now));
            SettingsPage { saved: flags.contains_key("saved"), ..page }.answer(&visitor)
        }
        Err(error) => refused_sharing(error.into()),
    }
}

pub(super) async fn post_inviting(
    State(app): State<App>,
    Path(organization): Path<String>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Response {
    let mut draft = Draft::of(typed);
    // Before anything is looked up: a form that is not ours learns nothing.
    if !visitor.sent(draft.text("token")) {
        return stale_form_page();
    }
    let at = match enter_directory(&app, &visitor, &organization).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let change = CollaborationChange {
        invites_from: draft.choice("invites-from", &INVITES_FROM),
        domains: draft.domains(),
    };
    if !draft.is_fine() {
        return page(&at, &visitor, &draft).answer(&visitor);
    }
    match change_collaboration(&at.call, change).await {
        Ok(_) => redirect(&format!("{}/inviting?saved=yes", at.base())),
        Err(DirectoryError::Refused(reason)) => {
            draft.wrong("domains", told(reason));
            page(&at, &visitor, &draft).answer(&visitor)
        }
        Err(error) => refused_sharing(error.into()),
    }
}

fn draft_of(now: &Collaboration) -> Draft {
    let mut draft = Draft::default();
    draft.put_word("invites-from", &INVITES_FROM, &now.policy.invites_from);
    draft.put_domains(now.policy.domains, &now.domains);
    draft
}

fn page(at: &AtAdmin, visitor: &Visitor, draft: &Draft) -> SettingsPage {
    let sections = vec![
        Section {
            title: "Who may invite",
            intro: "Sharing with somebody new makes a guest account, so it needs this leave too.".to_owned(),
            fields: vec![draft.choice_field("invites-from", "Guests are invited by", "", &INVITES_FROM)],
        },
        Section {
            title: "Domains of new guests",
            intro: "This list is about becoming a guest; the list on the page Sharing is about having access. Both \
                    count, and the stricter one wins."
                .to_owned(),
            fields: draft.domain_fields("Up to 25 KB, such as fabrikam.example, without wildcards."),
        },
    ];
    SettingsPage {
        frame: at.frame("inviting"),
        title: "Inviting".to_owned(),
        intro: "Guests who have accepted stay. An invitation that waits is judged again when it is accepted."
            .to_owned(),
        action: format!("{}/inviting", at.base()),
        token: visitor.form_token(),
        sections,
        saved: false,
        button: "Save",
        back: None,
    }
}
