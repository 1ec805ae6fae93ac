//! `footbridge open`: what the Sync button's link calls (D01). It asks before talking to an unknown cloud, never goes
//! on without a yes, and takes all names from the server.

use std::process::ExitCode;

use agent::Places;

use super::sync_add;
use crate::failure::CliError;
use crate::options::SyncAddOptions;

/// Runs the command.
pub async fn run(places: &Places, url: String) -> Result<ExitCode, CliError> {
    sync_add::run(places, SyncAddOptions { url, yes: false, path: None, account: None }).await
}
