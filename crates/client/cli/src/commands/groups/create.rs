//! `footbridge groups create`

use std::process::ExitCode;

use http::Method;
use serde_json::json;

use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::terminal::plain;

/// Makes a security group.
pub(super) async fn run(admin: &Admin, name: &str) -> Result<ExitCode, CliError> {
    let body = json!({
        "displayName": name, "securityEnabled": true, "mailEnabled": false, "mailNickname": "group",
    });
    let made = admin.graph.send(Method::POST, "/groups", Some(&body)).await?;
    admin.show(&made, |made| format!("The group {} is ready.", plain(&text_of(&made["displayName"]))));
    Ok(ExitCode::SUCCESS)
}
