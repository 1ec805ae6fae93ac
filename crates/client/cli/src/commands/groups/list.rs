//! `footbridge groups list`

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::admin::{Admin, table, text_of};
use crate::failure::CliError;
use crate::person_lookup::find_group;

/// Lists the groups.
pub(super) async fn groups(admin: &Admin) -> Result<ExitCode, CliError> {
    let found = admin.graph.list("/groups").await?;
    admin.show(&json!({"value": found}), |_| {
        let line = |group: &Value| vec![text_of(&group["displayName"]), text_of(&group["id"])];
        table(&["Name", "Id"], &found.iter().map(line).collect::<Vec<_>>())
    });
    Ok(ExitCode::SUCCESS)
}

/// Lists who is in a group.
pub(super) async fn members(admin: &Admin, group: &str) -> Result<ExitCode, CliError> {
    let group = find_group(&admin.graph, group).await?;
    let found = admin.graph.list(&format!("/groups/{group}/members")).await?;
    admin.show(&json!({"value": found}), |_| {
        let line = |person: &Value| {
            ["mail", "displayName", "userType"].iter().map(|field| text_of(&person[*field])).collect()
        };
        table(&["Address", "Name", "Kind"], &found.iter().map(line).collect::<Vec<Vec<_>>>())
    });
    Ok(ExitCode::SUCCESS)
}
