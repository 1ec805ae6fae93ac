//! `footbridge accounts`: who is signed in.

use std::process::ExitCode;

use agent::Places;
use agent_api::{Command, Message};

use crate::agent_link::{ask, unexpected};
use crate::failure::CliError;
use crate::terminal::plain;

/// Runs the command.
pub async fn run(places: &Places) -> Result<ExitCode, CliError> {
    let Message::Status(status) = ask(places, Command::Status).await? else { return Err(unexpected()) };
    if status.accounts.is_empty() {
        println!("Nobody is signed in. Sign in with `footbridge sign-in --cloud https://…`.");
    }
    for account in status.accounts {
        let name = plain(&account.display_name);
        println!("{}  {name}  {}", plain(&account.address), account.cloud);
    }
    Ok(ExitCode::SUCCESS)
}
