//! `footbridge guests remove`

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::json;

use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::person_lookup::find_person;
use crate::terminal::{confirm, plain};

/// Whom to delete.
#[derive(Debug, Args)]
pub(super) struct RemoveOptions {
    /// Addresses, sign-in names or ids
    #[arg(required = true, value_name = "GUEST")]
    guests: Vec<String>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// Deletes guests.
pub(super) async fn run(admin: &Admin, options: &RemoveOptions) -> Result<ExitCode, CliError> {
    // Everybody is looked up before anybody is deleted: a slip in one name ends nobody's access.
    let mut found = Vec::new();
    for guest in &options.guests {
        let person = find_person(&admin.graph, guest).await?;
        if person["userType"] != "Guest" {
            return Err(CliError::Typed {
                text: format!("{guest} is a member of the organization, not a guest."),
                hint: "Members are not deleted with this command.".to_owned(),
            });
        }
        found.push(person);
    }
    if !options.yes && !admin.for_scripts() && std::io::stdin().is_terminal() {
        confirm(&format!("Delete {} guests? All of their access here ends at once.", found.len()))?;
    }
    for person in &found {
        admin.graph.send(Method::DELETE, &format!("/users/{}", text_of(&person["id"])), None).await?;
    }
    let ids: Vec<_> = found.iter().map(|person| person["id"].clone()).collect();
    admin.show(&json!({"deleted": ids}), |_| {
        let line = |person: &serde_json::Value| {
            format!("{} is deleted and can be restored for 30 days.\n", plain(&text_of(&person["mail"])))
        };
        found.iter().map(line).collect()
    });
    Ok(ExitCode::SUCCESS)
}
