//! `footbridge sync deletion`: answers a large deletion that was held back (X10).

use std::process::ExitCode;

use agent::Places;
use agent_api::{Command, DeletionAnswer};

use super::sync_state;
use crate::failure::CliError;
use crate::options::DeletionOptions;

/// Runs the command.
pub async fn run(places: &Places, options: DeletionOptions) -> Result<ExitCode, CliError> {
    let (answer, told) = if options.answer.delete {
        (DeletionAnswer::Delete, "They are deleted on the server too.")
    } else {
        (DeletionAnswer::Restore, "They are brought back to this computer.")
    };
    sync_state::run(places, Command::AnswerDeletion { root: super::root_name(options.root), answer }, told)
        .await
}
