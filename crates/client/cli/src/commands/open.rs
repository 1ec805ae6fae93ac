//! `footbridge open`: what the Sync button's link calls (D01). Any page can hold such a link, so it adds nothing without a
//! yes, and takes all names from the server.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use agent::Places;
use agent_api::{Command, FailureKind, Message};

use super::sync_add;
use crate::agent_link::{ask, unexpected};
use crate::failure::{CliError, report};
use crate::options::{OpenOptions, SyncAddOptions};
use crate::terminal::{confirm, plain};

/// Runs the command.
pub async fn run(places: &Places, options: OpenOptions) -> Result<ExitCode, CliError> {
    let done = add(places, options.url).await;
    if !options.stay {
        return done;
    }
    let code = done.unwrap_or_else(|error| report(&error));
    println!("\nPress Enter to close this window.");
    // The window closes all the same when nobody can press anything.
    let _pressed = std::io::stdin().lock().read_line(&mut String::new());
    Ok(code)
}

async fn add(places: &Places, url: String) -> Result<ExitCode, CliError> {
    agree(places, &url).await?;
    sync_add::run(places, SyncAddOptions { url, yes: false, path: None, account: None }).await
}

/// Asks whether what the link means shall come to this computer. What cannot be told yet — a cloud nobody is signed in
/// to, a demand of its owner — is asked about on the way.
async fn agree(places: &Places, url: &str) -> Result<(), CliError> {
    let known = match ask(places, Command::Explain { subject: url.to_owned() }).await {
        Ok(Message::Explained(known)) => known,
        Ok(_) => return Err(unexpected()),
        Err(CliError::Agent(failure))
            if matches!(failure.kind, FailureKind::NoAccount | FailureKind::InteractionNeeded) =>
        {
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    if known.verdict != "canSync" {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(CliError::NobodyToAsk(known.message));
    }
    println!("{}", plain(&known.message));
    confirm("Do you want to sync it to this computer?")
}
