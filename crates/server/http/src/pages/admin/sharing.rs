//! `/{organization}/admin/sharing`: the organization's sharing settings (B05, B07, B08), changed in two steps.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use directory::{DirectoryError, SharingSettings, change_sharing, organization_sharing};
use drive::sharing::{Proposal, SharingError, foresee};
use http::StatusCode;
use model::{Group, GroupKind};

use super::super::Visitor;
use super::super::access::refused_sharing;
use super::super::answer::{FormTargets, html, redirect, stale_form_page};
use super::door::{AtAdmin, Frame, enter_admin, told};
use super::draft::{Draft, Input, Section, Typed, differences};
use super::proposal::{Next, Plan, most_of, next};
use super::sharing_draft::{draft_of, field_of, read, sections};
use crate::App;

/// A page that is one form of settings.
#[derive(Template)]
#[template(path = "admin_settings.html")]
pub(super) struct SettingsPage {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) intro: String,
    pub(super) action: String,
    pub(super) token: String,
    pub(super) sections: Vec<Section>,
    pub(super) saved: bool,
    /// The word on the button.
    pub(super) button: &'static str,
    /// A page above this one.
    pub(super) back: Option<(String, &'static str)>,
}

impl SettingsPage {
    /// Writes the page; with a mistake in it, as a refusal.
    pub(super) fn answer(self, visitor: &Visitor) -> Response {
        let wrong =
            self.sections.iter().flat_map(|section| &section.fields).any(|field| field.mistake.is_some());
        let status = if wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        visitor.keep(html(status, FormTargets::Own, &self))
    }
}

/// What a page was led to from.
pub(super) type Flags = BTreeMap<String, String>;

pub(super) async fn get_sharing(
    State(app): State<App>,
    Path(organization): Path<String>,
    Query(flags): Query<Flags>,
    visitor: Visitor,
) -> Response {
    let at = match enter_admin(&app, &visitor, &organization).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    match load(&at).await {
        Ok((settings, groups)) => {
            let page = page(&at, &visitor, &draft_of(&settings, &groups), &settings);
            SettingsPage { saved: flags.contains_key("saved"), ..page }.answer(&visitor)
        }
        Err(error) => refused_sharing(error.into()),
    }
}

pub(super) async fn post_sharing(
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
    let at = match enter_admin(&app, &visitor, &organization).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    change(&at, &visitor, &mut draft).await.unwrap_or_else(refused_sharing)
}

async fn change(at: &AtAdmin, visitor: &Visitor, draft: &mut Draft) -> Result<Response, SharingError> {
    let (before, groups) = load(at).await?;
    if draft.text("step") == "back" {
        return Ok(page(at, visitor, draft, &before).answer(visitor));
    }
    let Some(change) = read(draft, &groups) else {
        return Ok(page(at, visitor, draft, &before).answer(visitor));
    };
    let proposal = Proposal::Organization(change.clone());
    let foreseen = match foresee(&at.call, proposal, most_of(draft)).await {
        Err(SharingError::Refused(reason) | SharingError::Directory(DirectoryError::Refused(reason))) => {
            draft.wrong(field_of(reason), told(reason));
            return Ok(page(at, visitor, draft, &before).answer(visitor));
        }
        foreseen => foreseen?,
    };
    let after = before.with(&change);
    let laid_out = |settings: &SharingSettings| sections(&draft_of(settings, &groups), settings);
    let changes = differences(&laid_out(&before), &laid_out(&after));
    let action = format!("{}/sharing", at.base());
    if changes.is_empty() {
        return Ok(redirect(&action));
    }
    let about = format!("{before:?} {after:?}");
    let plan = Plan { part: "sharing", title: "Sharing", action: &action, changes, foreseen, about };
    match next(visitor, at, draft, plan) {
        Next::Answer(answer) => Ok(answer),
        Next::Carry => {
            change_sharing(&at.call, change).await?;
            Ok(redirect(&format!("{action}?saved=yes")))
        }
    }
}

async fn load(at: &AtAdmin) -> Result<(SharingSettings, Vec<Group>), DirectoryError> {
    let mut groups = directory::read::list_groups(&at.call).await?;
    groups.retain(|group| group.kind == GroupKind::Security);
    Ok((organization_sharing(&at.call).await?, groups))
}

fn page(at: &AtAdmin, visitor: &Visitor, draft: &Draft, now: &SharingSettings) -> SettingsPage {
    SettingsPage {
        frame: at.frame("sharing"),
        title: "Sharing".to_owned(),
        intro: "What the whole organization may share with people outside. Before anything is changed you see who would \
                lose access."
            .to_owned(),
        action: format!("{}/sharing", at.base()),
        token: visitor.form_token(),
        sections: sections(draft, now),
        saved: false,
        button: "Show what this changes",
        back: None,
    }
}
