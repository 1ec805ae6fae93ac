//! `footbridge-server`: one process with everything a cloud needs. Reading this file tells what it can do.

mod commands;

use std::path::PathBuf;
use std::process::ExitCode;

use app::config::WrittenConfig;
use clap::{Parser, Subcommand};

/// Hosts organizations whose people share and sync files.
#[derive(Parser)]
#[command(name = "footbridge-server", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Configuration file (TOML); what is given on the command line wins over it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until it is asked to stop.
    Serve(WrittenConfig),
    /// Bring the database to this version.
    Migrate(WrittenConfig),
    /// Say whether the server could run and whether everything it keeps can be read.
    Doctor(WrittenConfig),
    /// Show or set how much an organization, or one site, may keep.
    Quota(commands::quota::Arguments),
    /// Say whether organizations' audit trails are as the server wrote them.
    #[command(subcommand)]
    Audit(commands::audit::Command),
    /// Make an organization with its first administrator.
    Bootstrap(commands::bootstrap::Arguments),
    /// Add a member to an organization.
    AddMember(commands::add_member::Arguments),
    /// Register a program that acts as itself in an organization.
    AddApplication(commands::add_application::Arguments),
    /// Show, set or remove where an organization's members sign in outside this cloud.
    Federation(commands::federation::Arguments),
    /// Remove such a program.
    RemoveApplication(commands::remove_application::Arguments),
}

fn main() -> ExitCode {
    runtime::bound_arenas();
    run()
}

#[tokio::main]
async fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let file = arguments.config.as_deref();
    let done = match arguments.command {
        Command::Serve(settings) => commands::serve::run(file, settings).await,
        Command::Migrate(settings) => commands::migrate::run(file, settings).await,
        Command::Doctor(settings) => commands::doctor::run(file, settings).await,
        Command::Quota(arguments) => commands::quota::run(file, arguments).await,
        Command::Audit(command) => commands::audit::run(file, command).await,
        Command::Bootstrap(arguments) => commands::bootstrap::run(file, arguments).await,
        Command::AddMember(arguments) => commands::add_member::run(file, arguments).await,
        Command::AddApplication(arguments) => commands::add_application::run(file, arguments).await,
        Command::Federation(arguments) => commands::federation::run(file, arguments).await,
        Command::RemoveApplication(arguments) => commands::remove_application::run(file, arguments).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("footbridge-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
