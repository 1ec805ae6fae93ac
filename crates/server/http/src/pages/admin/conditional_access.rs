//! `/{organization}/admin/conditional-access`: the policies that decide who gets in, read only. They are made and changed
//! over the API.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use directory::list_access_policies;
use http::StatusCode;
use model::{AccessControl, AccessPolicy, GrantOperator, PolicyState, UserSet};

use super::super::Visitor;
use super::super::access::refused_sharing;
use super::super::answer::{FormTargets, html};
use super::super::size::minute;
use super::door::{Frame, enter_directory};
use crate::App;

#[derive(Template)]
#[template(path = "admin_policies.html")]
struct PoliciesPage {
    frame: Frame,
    rows: Vec<Row>,
}

/// A policy.
struct Row {
    name: String,
    state: &'static str,
    about: &'static str,
    concerns: String,
    asks: String,
    changed: String,
}

pub(super) async fn get_conditional_access(
    State(app): State<App>,
    Path(organization): Path<String>,
    visitor: Visitor,
) -> Response {
    let at = match enter_directory(&app, &visitor, &organization).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    match list_access_policies(&at.call).await {
        Ok(policies) => {
            let rows = policies.iter().map(row).collect();
            let page = PoliciesPage { frame: at.frame("conditional-access"), rows };
            visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
        }
        Err(error) => refused_sharing(error.into()),
    }
}

fn row(policy: &AccessPolicy) -> Row {
    let (state, about) = match policy.state {
        PolicyState::Enabled => ("On", "it decides every request"),
        PolicyState::ReportOnly => ("Report only", "it stops nobody"),
        PolicyState::Disabled => ("Off", "it does nothing"),
    };
    Row {
        name: policy.display_name.clone(),
        state,
        about,
        concerns: concerns(policy),
        asks: asks(policy),
        changed: format!("{} UTC", minute(policy.modified)),
    }
}

/// Says whom and where a policy concerns, in short.
fn concerns(policy: &AccessPolicy) -> String {
    let conditions = &policy.conditions;
    let mut parts = vec![people(&conditions.users.include)];
    let except = people(&conditions.users.exclude);
    if except != NOBODY {
        parts.push(format!("except {except}"));
    }
    if conditions.locations.is_some() {
        parts.push("at certain places".to_owned());
    }
    if conditions.platforms.is_some() {
        parts.push("on certain kinds of computers".to_owned());
    }
    if !conditions.client_apps.is_empty() {
        parts.push("with certain kinds of programs".to_owned());
    }
    parts.join(", ")
}

const NOBODY: &str = "nobody";

fn people(set: &UserSet) -> String {
    if set.all {
        return "everybody".to_owned();
    }
    let counted = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("one {what}")),
        count => Some(format!("{count} {what}s")),
    };
    let parts = [
        set.guests.is_some().then(|| "guests".to_owned()),
        counted(set.users.len(), "named person"),
        counted(set.groups.len(), "group"),
        counted(set.roles.len(), "administrative role"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { NOBODY.to_owned() } else { parts.join(" and ") }
}

/// Says what a policy asks for.
fn asks(policy: &AccessPolicy) -> String {
    let each = policy.controls.iter().map(|control| match control {
        AccessControl::Block => "nothing helps: access is blocked",
        AccessControl::Mfa => "a second proof of who signs in",
        AccessControl::CompliantDevice => "a computer that its organization manages",
        AccessControl::JoinedDevice => "a computer that is joined to its organization",
        AccessControl::Terms(_) => "acceptance of terms of use",
    });
    let mut parts = vec![each.collect::<Vec<_>>().join(match policy.operator {
        GrantOperator::And => " and ",
        GrantOperator::Or => " or ",
    })];
    if let Some(seconds) = policy.sign_in_every_s {
        parts.push(format!("a sign-in every {} hours", (seconds + 3_599) / 3_600));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", and ")
}
