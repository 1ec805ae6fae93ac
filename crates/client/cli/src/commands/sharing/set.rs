//! `footbridge sharing set` and `preview`: what a change would end is shown before it is made.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use http::Method;
use serde_json::{Value, json};

use super::change::OrganizationChange;
use super::{losses, show};
use crate::admin::Admin;
use crate::failure::CliError;
use crate::terminal::confirm;

const SETTINGS: &str = "/admin/sharepoint/settings";

/// Changes the organization's settings.
pub(super) async fn run(admin: &Admin, change: &OrganizationChange, yes: bool) -> Result<ExitCode, CliError> {
    let body = change.body(&admin.graph).await?;
    agree(admin, SETTINGS, &body, yes).await?;
    let after = admin.graph.send(Method::PATCH, SETTINGS, Some(&body)).await?;
    admin.show(&after, show::describe);
    Ok(ExitCode::SUCCESS)
}

/// Sets the level of every site that is looser than the organization's new one (L-23). What is masked anyway ends nothing now.
pub(super) async fn close_sites(admin: &Admin, change: &OrganizationChange) -> Result<(), CliError> {
    let Some(level) = change.sites() else { return Ok(()) };
    let mut closed = 0;
    for site in admin.graph.list("/admin/sites").await? {
        let own = site["footbridge"]["sharingCapability"].as_str().unwrap_or_default();
        if level.is_stricter_than(own) {
            let path = format!("/admin/sites/{}", site["id"].as_str().unwrap_or_default());
            let body = json!({"sharingCapability": level.graph_name()});
            admin.graph.send(Method::PATCH, &path, Some(&body)).await?;
            closed += 1;
        }
    }
    eprintln!("{closed} sites were set to the same level.");
    Ok(())
}

/// Shows what a change would end.
pub(super) async fn preview(admin: &Admin, change: &OrganizationChange) -> Result<ExitCode, CliError> {
    let body = change.body(&admin.graph).await?;
    preview_of(admin, SETTINGS, &body).await
}

/// Shows what a change of the settings at a path would end.
pub(super) async fn preview_of(admin: &Admin, path: &str, body: &Value) -> Result<ExitCode, CliError> {
    let found = admin.graph.send(Method::POST, &format!("{path}/preview"), Some(body)).await?;
    admin.show(&found, losses::describe);
    Ok(ExitCode::SUCCESS)
}

/// Goes on when nothing ends, or when the person agrees to what ends.
pub(super) async fn agree(admin: &Admin, path: &str, body: &Value, yes: bool) -> Result<(), CliError> {
    if yes {
        return Ok(());
    }
    let found = admin.graph.send(Method::POST, &format!("{path}/preview"), Some(body)).await?;
    if found["value"].as_array().is_none_or(Vec::is_empty) {
        return Ok(());
    }
    // What a program reads stays clean: this is for the person beside it.
    eprint!("{}", losses::describe(&found));
    if admin.for_scripts() || !std::io::stdin().is_terminal() {
        return Err(CliError::Typed {
            text: "Nothing was changed: nobody could be asked.".to_owned(),
            hint: "Add `--yes` to change it all the same.".to_owned(),
        });
    }
    confirm("Change it?")
}
