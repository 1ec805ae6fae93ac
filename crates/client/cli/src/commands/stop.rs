//! `footbridge stop`: ends the running agent in order.

use std::process::ExitCode;

use agent::Places;
use agent_api::Command;

use crate::agent_link::AgentLink;
use crate::failure::CliError;

/// Runs the command.
pub async fn run(places: &Places) -> Result<ExitCode, CliError> {
    match AgentLink::send_if_running(places, Command::Stop).await? {
        Some(mut link) => {
            link.next().await?;
            println!("The agent ends. Nothing syncs until it runs again.");
        }
        None => println!("The agent is not running."),
    }
    Ok(ExitCode::SUCCESS)
}
