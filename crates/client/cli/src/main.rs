//! `footbridge`: the command line of the sync client, and the agent itself (`footbridge agent`).
//!
//! Entry point: [`options::Options`] lists the commands; each is one file in `commands`. Commands for this computer
//! speak to the agent over its socket and start it when it is not running; commands for a cloud speak Graph with
//! tokens they get from the agent. Commands of administrators share [`admin`].
//!
//! Invariants: every failure ends in [`failure`], which gives it a hint and an exit code; nothing a person wrote is
//! ever touched by a command.
//!
//! Deliberately unknown here: how anything is synced.

mod admin;
mod agent_link;
mod commands;
mod desktop_entry;
mod environment;
mod failure;
mod graph;
mod options;
mod person_lookup;
mod site_lookup;
mod status_text;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use crate::failure::CliError;
use crate::options::Options;

fn main() -> ExitCode {
    runtime::bound_arenas();
    let options = Options::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::report(&CliError::Computer(error.to_string())),
    };
    let ended = runtime.block_on(commands::run(options));
    // Blocking work that hangs on a dead disk must not keep the program alive.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    match ended {
        Ok(code) => code,
        Err(error) => failure::report(&error),
    }
}
