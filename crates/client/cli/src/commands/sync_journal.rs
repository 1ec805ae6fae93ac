//! `footbridge sync journal`: what happened that a person may want to know later, oldest first.

use std::process::ExitCode;

use agent::Places;
use agent_api::{Command, Message};

use crate::agent_link::{ask, unexpected};
use crate::failure::CliError;
use crate::terminal::plain;

/// Runs the command.
pub async fn run(places: &Places, root: String, limit: usize) -> Result<ExitCode, CliError> {
    let Message::Journal { lines } = ask(places, Command::Journal { root, limit }).await? else {
        return Err(unexpected());
    };
    if lines.is_empty() {
        println!("Nothing out of the ordinary has happened.");
    }
    for line in lines.iter().rev() {
        println!("{}  {}  {}", line.at, line.kind, plain(&line.text));
        if let Some(path) = &line.path {
            println!("  {}", plain(path));
        }
    }
    Ok(ExitCode::SUCCESS)
}
