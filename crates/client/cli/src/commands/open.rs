//! `footbridge open`: what the Sync button's link calls (D01). It asks before talking to an unknown cloud, never goes
//! on without a yes, and takes all names from the server.

use std::io::BufRead as _;
use std::process::ExitCode;

use agent::Places;

use super::sync_add;
use crate::failure::{CliError, report};
use crate::options::{OpenOptions, SyncAddOptions};

/// Runs the command.
pub async fn run(places: &Places, options: OpenOptions) -> Result<ExitCode, CliError> {
    let adding = SyncAddOptions { url: options.url, yes: false, path: None, account: None };
    let done = sync_add::run(places, adding).await;
    if !options.stay {
        return done;
    }
    let code = done.unwrap_or_else(|error| report(&error));
    println!("\nPress Enter to close this window.");
    // The window closes all the same when nobody can press anything.
    let _pressed = std::io::stdin().lock().read_line(&mut String::new());
    Ok(code)
}
