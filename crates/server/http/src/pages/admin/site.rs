//! `/{organization}/admin/sites/{site}`: what one site sets about sharing (B06, B07), personal drives included, changed in
//! two steps.

use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use directory::{DirectoryError, organization_sharing};
use drive::sharing::{Proposal, SharingError, foresee};
use drive::sites::{SiteError, SiteSharing, change_site_sharing, site_sharing};
use model::{SharingLevel, SiteId};

use super::super::Visitor;
use super::super::access::refused_sharing;
use super::super::answer::{absent_page, redirect, stale_form_page};
use super::door::{AtAdmin, enter_admin, told};
use super::draft::{Draft, Typed, differences};
use super::proposal::{Next, Plan, most_of, next};
use super::sharing::{Flags, SettingsPage};
use super::site_draft::{draft_of, field_of, read, sections};
use super::words::level_name;
use crate::App;

pub(super) async fn get_site(
    State(app): State<App>,
    Path((organization, site)): Path<(String, String)>,
    Query(flags): Query<Flags>,
    visitor: Visitor,
) -> Response {
    let (at, site) = match enter(&app, &visitor, &organization, &site).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    match load(&at, site).await {
        Ok((sharing, widest)) => {
            let page = page(&at, &visitor, &draft_of(&sharing), &sharing, widest);
            SettingsPage { saved: flags.contains_key("saved"), ..page }.answer(&visitor)
        }
        Err(error) => refused_sharing(error),
    }
}

pub(super) async fn post_site(
    State(app): State<App>,
    Path((organization, site)): Path<(String, String)>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Response {
    let mut draft = Draft::of(typed);
    // Before anything is looked up: a form that is not ours learns nothing.
    if !visitor.sent(draft.text("token")) {
        return stale_form_page();
    }
    match enter(&app, &visitor, &organization, &site).await {
        Ok((at, site)) => change(&at, &visitor, &mut draft, site).await.unwrap_or_else(refused_sharing),
        Err(answer) => answer,
    }
}

async fn enter(
    app: &App,
    visitor: &Visitor,
    organization: &str,
    site: &str,
) -> Result<(AtAdmin, SiteId), Response> {
    let at = enter_admin(app, visitor, organization).await?;
    Ok((at, site.parse().map_err(|_| absent_page())?))
}

async fn change(
    at: &AtAdmin,
    visitor: &Visitor,
    draft: &mut Draft,
    site: SiteId,
) -> Result<Response, SharingError> {
    let (before, widest) = load(at, site).await?;
    let wanted = if draft.text("step") == "back" { None } else { read(draft, &before) };
    let Some(change) = wanted else {
        return Ok(page(at, visitor, draft, &before, widest).answer(visitor));
    };
    let foreseen = match foresee(&at.call, Proposal::Site(site, change.clone()), most_of(draft)).await {
        Err(SharingError::Refused(reason)) => {
            draft.wrong(field_of(reason), told(reason));
            return Ok(page(at, visitor, draft, &before, widest).answer(visitor));
        }
        foreseen => foreseen?,
    };
    let after = before.with(&change);
    let laid_out = |sharing: &SiteSharing| sections(&draft_of(sharing), level_name(widest));
    let changes = differences(&laid_out(&before), &laid_out(&after));
    let action = format!("{}/sites/{site}", at.base());
    if changes.is_empty() {
        return Ok(redirect(&action));
    }
    let about = format!("{before:?} {after:?} {widest:?}");
    let title = &before.site.display_name;
    let plan = Plan { part: "sites", title, action: &action, changes, foreseen, about };
    match next(visitor, at, draft, plan) {
        Next::Answer(answer) => Ok(answer),
        Next::Carry => {
            change_site_sharing(&at.call, site, change).await.map_err(of_site)?;
            Ok(redirect(&format!("{action}?saved=yes")))
        }
    }
}

/// Reads what a site sets, and the most that the organization allows it.
async fn load(at: &AtAdmin, site: SiteId) -> Result<(SiteSharing, SharingLevel), SharingError> {
    let sharing = site_sharing(&at.call, site).await.map_err(of_site)?;
    let settings = organization_sharing(&at.call).await?;
    let widest = directory::widest_level(&sharing.site, settings.sites, settings.personal);
    Ok((sharing, widest))
}

fn of_site(error: SiteError) -> SharingError {
    match error {
        SiteError::Refused(reason) => SharingError::Directory(DirectoryError::Refused(reason)),
        SiteError::Storage(error) => SharingError::Storage(error),
        SiteError::NotFound | SiteError::Name | SiteError::LibraryName | SiteError::Taken => {
            SharingError::NotFound
        }
    }
}

fn page(
    at: &AtAdmin,
    visitor: &Visitor,
    draft: &Draft,
    sharing: &SiteSharing,
    widest: SharingLevel,
) -> SettingsPage {
    let site = &sharing.site;
    let what = if site.personal_of.is_some() { "A personal drive" } else { "A site" };
    let level = policy::effective_level(widest, site.sharing);
    SettingsPage {
        frame: at.frame("sites"),
        title: format!("Sharing of {}", site.display_name),
        intro: format!("{what}. “{}” is in effect here now.", level_name(level)),
        action: format!("{}/sites/{}", at.base(), site.id),
        token: visitor.form_token(),
        sections: sections(draft, level_name(widest)),
        saved: false,
        button: "Show what this changes",
        back: Some((format!("{}/sites", at.base()), "All sites")),
    }
}
