//! `footbridge status`: what is synced, what goes on, what needs the person. Live on a terminal.
//!
//! Ends with exit code 4 when a folder is in error. With `--wait-idle` it ends with 8 when nothing is left to do but
//! some items need a person: that is rest, but it is not *in sync*. With `--json` alone always with 0, because the answer
//! says it.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use agent::Places;
use agent_api::{Command, Message, StatusSnapshot};

use crate::agent_link::{AgentLink, ask, unexpected};
use crate::failure::{CliError, IDLE_WITH_PROBLEMS, IN_THE_WAY};
use crate::options::StatusOptions;
use crate::status_text::{Detail, describe};
use crate::terminal::json_line;

/// Runs the command.
pub async fn run(places: &Places, options: &StatusOptions) -> Result<ExitCode, CliError> {
    let terminal = std::io::stdout().is_terminal();
    if options.watch || (terminal && !options.json && !options.wait_idle && !options.once) {
        return watch(places, options, terminal).await;
    }
    let command = if options.wait_idle { Command::WaitIdle } else { Command::Status };
    let Message::Status(status) = ask(places, command).await? else { return Err(unexpected()) };
    print!("{}", text(&status, options, Detail::Full)?);
    if options.json && !options.wait_idle {
        return Ok(ExitCode::SUCCESS);
    }
    Ok(if status.roots.iter().any(|root| root.state.is_error()) {
        ExitCode::from(IN_THE_WAY)
    } else if options.wait_idle && status.problems > 0 {
        ExitCode::from(IDLE_WITH_PROBLEMS)
    } else {
        ExitCode::SUCCESS
    })
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
        let text = text(&status, options, Detail::Short)?;
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

fn text(status: &StatusSnapshot, options: &StatusOptions, detail: Detail) -> Result<String, CliError> {
    if options.json {
        return Ok(format!("{}\n", json_line(status)?));
    }
    Ok(describe(status, detail))
}
