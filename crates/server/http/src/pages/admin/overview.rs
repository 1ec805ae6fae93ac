//! `/{organization}/admin`: what of the organization is open to the outside, at a glance.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use drive::exposure::{Exposure, exposure};
use http::StatusCode;
use model::PolicyState;

use super::super::Visitor;
use super::super::answer::{FormTargets, html};
use super::door::{Frame, enter_admin};
use super::sites::refused_list;
use super::words::level_name;
use crate::App;

#[derive(Template)]
#[template(path = "admin_overview.html")]
struct OverviewPage {
    frame: Frame,
    sites_level: &'static str,
    personal_level: &'static str,
    /// The level set for personal drives, where another is in effect.
    personal_set: Option<&'static str>,
    found: Exposure,
    on: usize,
    report_only: usize,
}

pub(super) async fn get_overview(
    State(app): State<App>,
    Path(organization): Path<String>,
    visitor: Visitor,
) -> Response {
    let at = match enter_admin(&app, &visitor, &organization).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let found = match exposure(&at.call).await {
        Ok(found) => found,
        Err(error) => return refused_list(error),
    };
    let count = |state| found.policies.iter().filter(|policy| policy.state == state).count();
    let settings = &found.settings;
    let in_effect = settings.personal_in_effect();
    let page = OverviewPage {
        frame: at.frame("overview"),
        sites_level: level_name(settings.sites),
        personal_level: level_name(in_effect),
        personal_set: (settings.personal != in_effect).then(|| level_name(settings.personal)),
        on: count(PolicyState::Enabled),
        report_only: count(PolicyState::ReportOnly),
        found,
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}
