//! xtask: the repository's own commands, run as `cargo xtask <command>`.
//!
//! Entry point: `main`. Invariants: it builds in seconds (no part of the product is a dependency), and everything
//! it needs of the product it starts as a program built with the workspace's features, so nothing compiles twice.
//! Deliberately unknown here: what the product does.
#![expect(clippy::disallowed_methods, reason = "a binary reads its environment")]

mod product;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use product::Profile;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Commands for people who work on Footbridge")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks who uses whom, file headers, sizes and names, and the table of requirements.
    Tidy,
    /// Runs the story of the two organizations; `make demo` builds the product first.
    #[command(disable_help_flag = true)]
    Demo {
        /// Passed on; `cargo xtask demo --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measures the programs as people get them, beside rsync; `make bench` builds them first.
    #[command(disable_help_flag = true)]
    Bench {
        /// Passed on; `cargo xtask bench --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Runs whole simulated clouds with clients, faults and crashes, each from one seed.
    #[command(disable_help_flag = true)]
    Simulate {
        /// Passed on; `cargo xtask simulate --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> anyhow::Result<ExitCode> {
    let root = repository_root()?;
    match Arguments::parse().command {
        Command::Tidy => tidy::run(&root),
        Command::Demo { arguments } => product::run(&root, "footbridge-demo", Profile::Dev, &arguments),
        Command::Simulate { arguments } => product::run(&root, "simulate", Profile::Dev, &arguments),
        Command::Bench { arguments } => product::run(&root, "footbridge-bench", Profile::Release, &arguments),
    }
}

/// Returns the folder of the workspace, which is the parent of this crate's.
fn repository_root() -> anyhow::Result<PathBuf> {
    let here = std::env::var("CARGO_MANIFEST_DIR").context("run this as `cargo xtask`")?;
    let root = PathBuf::from(here).parent().context("xtask stands in the workspace")?.to_owned();
    Ok(root)
}
