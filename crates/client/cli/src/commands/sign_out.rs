//! `footbridge sign-out`: forgets an account on this computer. Its folders stop; files stay.

use std::process::ExitCode;

use agent::Places;
use agent_api::Command;

use crate::agent_link::ask;
use crate::failure::CliError;

/// Runs the command.
pub async fn run(places: &Places, account: String) -> Result<ExitCode, CliError> {
    ask(places, Command::SignOut { account: account.clone() }).await?;
    println!("{account} is signed out here. Folders of that account stop syncing; the files stay.");
    Ok(ExitCode::SUCCESS)
}
