//! Product: builds a program of the workspace and runs it.
//!
//! `cargo build --workspace --bin x` is used instead of `cargo run --package`: with the features of the whole
//! workspace the dependencies are those that `cargo test --workspace` has built already.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Context;

/// How a program is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As for tests and development.
    Dev,
    /// As people get it; for measurements.
    Release,
}

/// Builds the binary `name` and becomes it, with `arguments`; answers only when it does not build.
pub(crate) fn run(
    root: &Path,
    name: &str,
    profile: Profile,
    arguments: &[String],
) -> anyhow::Result<ExitCode> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--workspace", "--bin", name]);
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => {
            build.arg("--release");
            "release"
        }
    };
    if !build.current_dir(root).status().context("cannot start cargo")?.success() {
        return Ok(ExitCode::FAILURE);
    }
    let target =
        std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root.join("target"), |path| root.join(path));
    let program = target.join(folder).join(name);
    // Instead of waiting for it this process becomes the program, so that signals reach it.
    let failed = Command::new(&program).args(arguments).current_dir(root).exec();
    Err(failed).with_context(|| format!("cannot start {}", program.display()))
}
