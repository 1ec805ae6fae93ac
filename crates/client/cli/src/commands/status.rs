//! `footbridge status`: what is synced, what goes on, what needs the person. Live on a terminal.
//!
//! Ends with exit code 4 when a folder is in error; with `--json` always with 0, because the answer says it.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use agent::Places;
use agent_api::{Command, Message, StatusSnapshot};

use crate::agent_link::{AgentLink, ask, unexpected};
use crate::failure::{CliError, FOLDER_IN_ERROR};
use crate::options::StatusOptions;
use crate::status_text::describe;

/// Runs the command.
pub async fn run(places: &Places, options: &StatusOptions) -> Result<ExitCode, CliError> {
    let terminal = std::io::stdout().is_terminal();
    if options.watch || (terminal && !options.json && !options.wait_idle && !options.once) {
        return watch(places, options, terminal).await;
    }
    let command = if options.wait_idle { Command::WaitIdle } else { Command::Status };
    let Message::Status(status) = ask(places, command).await? else { return Err(unexpected()) };
    print!("{}", text(&status, options)?);
    let in_error = status.roots.iter().any(|root| root.state.is_error());
    Ok(if in_error && !options.json { ExitCode::from(FOLDER_IN_ERROR) } else { ExitCode::SUCCESS })
}

async fn watch(places: &Places, options: &StatusOptions, terminal: bool) -> Result<ExitCode, CliError> {
    let mut link = AgentLink::send(places, Command::Watch).await?;
    let mut shown = 0;
    loop {
        let message = tokio::select! {
            biased;
            _ = tokio::signal::ctrl_c() => return Ok(ExitCode::SUCCESS),
            message = link.next() => message?,
        };
        let Message::Status(status) = message else { return Err(unexpected()) };
        let text = text(&status, options)?;
        let mut out = std::io::stdout().lock();
        let drawn = if terminal && shown > 0 {
            // Back to where the last picture began, and wipe it.
            write!(out, "\x1b[{shown}F\x1b[J{text}")
        } else {
            write!(out, "{text}")
        };
        if drawn.and_then(|()| out.flush()).is_err() {
            return Ok(ExitCode::SUCCESS);
        }
        shown = text.lines().count();
    }
}

fn text(status: &StatusSnapshot, options: &StatusOptions) -> Result<String, CliError> {
    if options.json {
        let json = serde_json::to_string(status).map_err(|error| CliError::Computer(error.to_string()))?;
        return Ok(format!("{json}\n"));
    }
    Ok(describe(status))
}
