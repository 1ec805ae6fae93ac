//! `footbridge sharing show`: what is set for the organization.

use std::process::ExitCode;

use http::Method;
use serde_json::Value;

use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::terminal::plain;

/// Shows the settings.
pub(super) async fn run(admin: &Admin) -> Result<ExitCode, CliError> {
    let settings = admin.graph.send(Method::GET, "/admin/sharepoint/settings", None).await?;
    admin.show(&settings, describe);
    Ok(ExitCode::SUCCESS)
}

/// Describes what is set.
pub(super) fn describe(settings: &Value) -> String {
    let of = |name: &str| &settings[name];
    let groups = match of("isExternalSharingLimitedToGroups").as_bool() {
        Some(true) => format!(
            "only the groups {}; with links without sign-in too: {}",
            or_none(of("whoCanShareAuthenticatedGuestAllowList")),
            or_none(of("whoCanShareAnonymousAllowList")),
        ),
        _ => "everybody".to_owned(),
    };
    let lines = [
        ("Sites", level(of("sharingCapability"))),
        ("Personal drives", level(of("oneDriveSharingCapability"))),
        ("Domains", domains(settings)),
        ("Who shares outside", groups),
        ("Sharing makes guests", switch(of("isGuestIntegrationEnabled"))),
        ("Guests share on", switch(of("isResharingByExternalUsersEnabled"))),
        ("Guests keep a site", days(of("externalUserExpireInDays"))),
        ("Anyone links last", days(of("requireAnonymousLinksExpireInDays"))),
        (
            "Anyone links let",
            format!(
                "{} files, {} folders",
                text_of(of("fileAnonymousLinkType")),
                text_of(of("folderAnonymousLinkType"))
            ),
        ),
        (
            "A new link is for",
            format!("{}, {}", text_of(of("defaultShareLinkScope")), text_of(of("defaultShareLinkRole"))),
        ),
    ];
    lines.iter().map(|(name, value)| format!("{:<22}{}\n", format!("{name}:"), plain(value))).collect()
}

/// Names a level as it is typed.
pub(super) fn level(name: &Value) -> String {
    match name.as_str().unwrap_or_default() {
        "externalUserAndGuestSharing" => "anyone",
        "externalUserSharingOnly" => "new-and-existing-guests",
        "existingExternalUserSharingOnly" => "existing-guests",
        "disabled" => "only-our-people",
        other => other,
    }
    .to_owned()
}

/// Says which domains are shared with.
pub(super) fn domains(settings: &Value) -> String {
    match settings["sharingDomainRestrictionMode"].as_str() {
        Some("allowList") => format!("only {}", or_none(&settings["sharingAllowedDomainList"])),
        Some("blockList") => format!("any but {}", or_none(&settings["sharingBlockedDomainList"])),
        _ => "any".to_owned(),
    }
}

/// Says for how long something lasts.
pub(super) fn days(value: &Value) -> String {
    match value.as_u64() {
        Some(0) | None => "without an end".to_owned(),
        Some(days) => format!("{days} days"),
    }
}

fn switch(value: &Value) -> String {
    if value.as_bool() == Some(true) { "yes" } else { "no" }.to_owned()
}

fn or_none(list: &Value) -> String {
    let text = text_of(list);
    if text.is_empty() { "none".to_owned() } else { text }
}
