//! `footbridge sync list`: what is synced, one line each.

use std::process::ExitCode;

use agent::Places;
use agent_api::{Command, Message};

use crate::agent_link::{ask, unexpected};
use crate::failure::CliError;
use crate::status_text::state_word;
use crate::terminal::plain;

/// Runs the command.
pub async fn run(places: &Places) -> Result<ExitCode, CliError> {
    let Message::Status(status) = ask(places, Command::Status).await? else { return Err(unexpected()) };
    if status.roots.is_empty() {
        println!("Nothing is synced yet. Open a site in your browser and press Sync.");
    }
    for root in status.roots {
        let (owner, title) = (plain(&root.organization), plain(&root.title));
        println!("{}  {owner}  {title}  {}", root.id, state_word(root.state, Some(root.counts.problems)));
        println!("  {}", plain(&root.folder));
    }
    Ok(ExitCode::SUCCESS)
}
