//! `footbridge guests list`

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::guest_line::{HEADINGS, line};
use crate::admin::{Admin, table};
use crate::failure::CliError;
use crate::person_lookup::equals;

/// Which guests.
#[derive(Debug, Args)]
pub(super) struct ListOptions {
    /// Only those who have not accepted yet
    #[arg(long, conflicts_with = "deleted")]
    pending: bool,
    /// Those who were deleted, the last ones first
    #[arg(long)]
    deleted: bool,
}

/// Lists the guests.
pub(super) async fn run(admin: &Admin, options: &ListOptions) -> Result<ExitCode, CliError> {
    let path = if options.deleted {
        "/directory/deletedItems/microsoft.graph.user".to_owned()
    } else if options.pending {
        format!("/users?$top=500&$filter={}", equals("externalUserState", "PendingAcceptance"))
    } else {
        format!("/users?$top=500&$filter={}", equals("userType", "Guest"))
    };
    let mut found = admin.graph.list(&path).await?;
    found.retain(|person| person["userType"] == "Guest");
    admin.show(&json!({"value": found}), |_| describe(&found));
    Ok(ExitCode::SUCCESS)
}

fn describe(guests: &[Value]) -> String {
    if guests.is_empty() {
        return "There are none. `footbridge guests invite` invites one.\n".to_owned();
    }
    table(&HEADINGS, &guests.iter().map(line).collect::<Vec<_>>())
}
