//! `footbridge guests block` and `unblock`

use std::process::ExitCode;

use http::Method;
use serde_json::json;

use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::person_lookup::find_person;
use crate::terminal::plain;

/// Whether a guest may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignIn {
    /// They may.
    Allowed,
    /// They may not.
    Blocked,
}

/// Blocks or lets in.
pub(super) async fn run(admin: &Admin, guest: &str, sign_in: SignIn) -> Result<ExitCode, CliError> {
    let found = find_person(&admin.graph, guest).await?;
    let body = json!({"accountEnabled": sign_in == SignIn::Allowed});
    admin.graph.send(Method::PATCH, &format!("/users/{}", text_of(&found["id"])), Some(&body)).await?;
    let told = match sign_in {
        SignIn::Allowed => "is let in again.",
        SignIn::Blocked => "is kept out from now on; files that were synced stay on their computer.",
    };
    let answer = json!({"id": found["id"], "accountEnabled": body["accountEnabled"]});
    admin.show(&answer, |_| format!("{} {told}", plain(&text_of(&found["mail"]))));
    Ok(ExitCode::SUCCESS)
}
