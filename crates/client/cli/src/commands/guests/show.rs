//! `footbridge guests show`

use std::process::ExitCode;

use serde_json::Value;

use super::guest_line::state;
use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::person_lookup::{escaped, find_person};
use crate::terminal::plain;

/// Shows what is known of a guest.
pub(super) async fn run(admin: &Admin, guest: &str) -> Result<ExitCode, CliError> {
    let found = find_person(&admin.graph, guest).await?;
    let id = found["id"].as_str().unwrap_or_default();
    // A list does not tell every address; the person alone does.
    let whole = admin.graph.send(http::Method::GET, &format!("/users/{}", escaped(id)), None).await?;
    admin.show(&whole, describe);
    Ok(ExitCode::SUCCESS)
}

fn describe(guest: &Value) -> String {
    let lines = [
        ("Name", text_of(&guest["displayName"])),
        ("Address", text_of(&guest["mail"])),
        ("Also known by", text_of(&guest["otherMails"])),
        ("Sign-in name", text_of(&guest["userPrincipalName"])),
        ("State", state(guest).to_owned()),
        ("Since", text_of(&guest["createdDateTime"])),
        ("Id", text_of(&guest["id"])),
    ];
    let told = lines.iter().filter(|(_, value)| !value.is_empty());
    told.map(|(name, value)| format!("{:<15}{}\n", format!("{name}:"), plain(value))).collect()
}
