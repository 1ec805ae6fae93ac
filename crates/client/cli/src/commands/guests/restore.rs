//! `footbridge guests restore`

use std::process::ExitCode;

use http::Method;

use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::terminal::plain;

/// Brings a deleted guest back.
pub(super) async fn run(admin: &Admin, guest: &str) -> Result<ExitCode, CliError> {
    let deleted = admin.graph.list("/directory/deletedItems/microsoft.graph.user").await?;
    let named = |person: &&serde_json::Value| {
        ["id", "mail", "userPrincipalName"]
            .iter()
            .any(|field| person[*field].as_str().is_some_and(|text| text.eq_ignore_ascii_case(guest)))
    };
    let found = deleted.iter().find(named).ok_or_else(|| CliError::NoSuchPerson(guest.to_owned()))?;
    let path = format!("/directory/deletedItems/{}/restore", text_of(&found["id"]));
    let back = admin.graph.send(Method::POST, &path, None).await?;
    admin.show(&back, |back| format!("{} is back with what they had.", plain(&text_of(&back["mail"]))));
    Ok(ExitCode::SUCCESS)
}
