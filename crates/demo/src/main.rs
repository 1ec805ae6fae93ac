//! `make demo`: tells the story and goes on running, or with `--check` proves it and ends.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use demo::process::Programs;
use demo::story::{Story, say};
use runtime::Runtime;

/// Two organizations, a guest, one synced site: the real programs on this computer.
#[derive(Parser)]
struct Arguments {
    /// Prove both directions, end the guest's access, exit 0 when all holds.
    #[arg(long)]
    check: bool,
    /// Folder for everything; emptied first.
    #[arg(long, default_value = ".footbridge/demo")]
    dir: PathBuf,
    /// Port of the cloud on this computer; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How many real files the site gets.
    #[arg(long, default_value_t = 2_000)]
    files: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    match tell(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn tell(arguments: Arguments) -> anyhow::Result<()> {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        anyhow::bail!("the TLS provider was installed twice");
    }
    let programs = Programs::beside(&std::env::current_exe()?)?;
    let folder = empty_folder(arguments.dir)?;
    let port = if arguments.port == 0 { free_port()? } else { arguments.port };
    let mut story = Story::begin(&programs, &folder, port, Runtime::tokio()).await?;
    let site = story.owner_fills_the_site(arguments.files).await?;
    story.guest_is_invited_and_syncs(&site).await?;
    if arguments.check {
        story.check_both_directions().await?;
        story.check_lost_access().await?;
        story.check_running()?;
        story.end().await?;
        say("All of it held", "");
        return Ok(());
    }
    story.print_places();
    tokio::signal::ctrl_c().await.context("Ctrl-C cannot be received")?;
    story.end().await
}

/// Empties the demo's own folder; refuses one that something else made.
fn empty_folder(folder: PathBuf) -> anyhow::Result<PathBuf> {
    const MARK: &str = "made-by-footbridge-demo";
    if folder.exists() {
        let empty = std::fs::read_dir(&folder)?.next().is_none();
        anyhow::ensure!(
            empty || folder.join(MARK).exists(),
            "{} is not empty and not the demo's; choose another --dir",
            folder.display()
        );
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(MARK), "`make demo` empties this folder when it starts.\n")?;
    Ok(folder.canonicalize()?)
}

fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
