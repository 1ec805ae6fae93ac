//! `footbridge sync pause|resume|remove`: one word to the agent, one line to the person.

use std::process::ExitCode;

use agent::Places;
use agent_api::Command;

use crate::agent_link::ask;
use crate::failure::CliError;

/// Runs the command and says what it did.
pub async fn run(places: &Places, command: Command, told: &str) -> Result<ExitCode, CliError> {
    ask(places, command).await?;
    println!("{told}");
    Ok(ExitCode::SUCCESS)
}
