//! Commands, one file each.

mod accounts;
mod agent;
mod desktop;
mod explain;
mod explain_person;
mod groups;
mod guests;
mod managed;
mod open;
mod resolve;
mod share;
mod sharing;
mod sign_in;
mod sign_out;
mod sites;
mod status;
mod stop;
mod sync_add;
mod sync_deletion;
mod sync_journal;
mod sync_list;
mod sync_state;
mod unshare;

use std::path::{Path, absolute};
use std::process::ExitCode;

use agent_api::Command;
pub use groups::GroupsOptions;
pub use guests::GuestsOptions;
pub use sharing::SharingOptions;

use crate::environment;
use crate::failure::CliError;
use crate::options::{CommandName, Options, SyncCommand};

/// Returns what the agent knows a synced folder by: a folder that was typed as seen from here becomes a whole path.
fn root_name(typed: String) -> String {
    let path = Path::new(&typed);
    match absolute(path) {
        Ok(whole) if path.is_dir() => whole.display().to_string(),
        _ => typed,
    }
}

/// Runs what was typed.
pub async fn run(options: Options) -> Result<ExitCode, CliError> {
    let places = environment::places(&options.places)?;
    match options.command {
        CommandName::Version => {
            println!("footbridge {}", env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
        CommandName::Agent => agent::run(places).await,
        CommandName::Stop => stop::run(&places).await,
        CommandName::SignIn(options) => sign_in::run(&places, options).await,
        CommandName::Resolve(options) => {
            resolve::run(&places, options.subject.map(root_name), options.account).await
        }
        CommandName::SignOut { account } => sign_out::run(&places, account).await,
        CommandName::Managed { json } => managed::run(&places, json).await,
        CommandName::Accounts => accounts::run(&places).await,
        CommandName::Status(options) => status::run(&places, &options).await,
        CommandName::Explain(options) => explain::run(&places, options).await,
        CommandName::Open(options) => open::run(&places, options).await,
        CommandName::Desktop(command) => desktop::run(&options.places, &command),
        CommandName::Share(options) => share::run(&places, &options).await,
        CommandName::Unshare(options) => unshare::run(&places, &options).await,
        CommandName::Sharing(options) => sharing::run(&places, options).await,
        CommandName::Groups(options) => groups::run(&places, options).await,
        CommandName::Guests(options) => guests::run(&places, options).await,
        CommandName::Sites(options) => sites::run(&places, options).await,
        CommandName::Sync(command) => match command {
            SyncCommand::Add(options) => sync_add::run(&places, options).await,
            SyncCommand::List => sync_list::run(&places).await,
            SyncCommand::Pause { root } => {
                sync_state::run(&places, Command::PauseRoot { root: root_name(root) }, "Paused.").await
            }
            SyncCommand::Resume { root } => {
                sync_state::run(
                    &places,
                    Command::ResumeRoot { root: root_name(root) },
                    "Resumed. `footbridge status` says how it goes.",
                )
                .await
            }
            SyncCommand::Remove { root } => {
                let told = "It does not sync any more. The files are still where they were.";
                sync_state::run(&places, Command::RemoveRoot { root: root_name(root) }, told).await
            }
            SyncCommand::Deletion(options) => sync_deletion::run(&places, options).await,
            SyncCommand::Journal { root, limit } => sync_journal::run(&places, root_name(root), limit).await,
        },
    }
}
