//! `footbridge guests merge`: two guests who are one person become one (A11).

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::json;

use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::person_lookup::find_person;
use crate::terminal::plain;

/// Which guest stays, and which becomes part of it.
#[derive(Debug, Args)]
pub(super) struct MergeOptions {
    /// The guest who stays: the one who has accepted, if one has
    keep: String,
    /// The guest whose groups, permissions and addresses go to the other
    duplicate: String,
}

/// Makes one guest of two.
pub(super) async fn run(admin: &Admin, options: &MergeOptions) -> Result<ExitCode, CliError> {
    let keep = find_person(&admin.graph, &options.keep).await?;
    let duplicate = find_person(&admin.graph, &options.duplicate).await?;
    let path = format!("/admin/guests/{}/merge", text_of(&keep["id"]));
    let body = json!({"duplicateId": duplicate["id"]});
    let merged = admin.graph.send(Method::POST, &path, Some(&body)).await?;
    admin.show(&merged, |merged| format!("{} has everything of both now.", plain(&text_of(&merged["mail"]))));
    Ok(ExitCode::SUCCESS)
}
