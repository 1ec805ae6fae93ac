//! `make demo`: tells the story and goes on running, or with `--check` proves it and ends.

use std::future::poll_fn;
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use std::task::Poll;

use anyhow::Context;
use clap::Parser;
use demo::process::Programs;
use demo::story::{Story, say};
use futures_util::future::{Either, select};
use runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};

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
    match tell_until_ended(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Tells the story; a signal in the middle of it ends what was started, so that no server is left behind.
async fn tell_until_ended(arguments: Arguments) -> anyhow::Result<()> {
    let mut asked = EndSignals::listen()?;
    let story = {
        let telling = pin!(tell(arguments));
        match select(telling, pin!(asked.next())).await {
            Either::Left((told, _)) => told?,
            Either::Right(((), _)) => anyhow::bail!("ended before the story was told"),
        }
    };
    let Some(story) = story else { return Ok(()) };
    asked.next().await;
    story.end().await
}

/// The signals that ask a program to end: Ctrl-C, `kill`, the terminal that was closed.
struct EndSignals([Signal; 3]);

impl EndSignals {
    fn listen() -> anyhow::Result<Self> {
        let open = |kind| signal(kind).context("signals cannot be received");
        Ok(Self([
            open(SignalKind::interrupt())?,
            open(SignalKind::terminate())?,
            open(SignalKind::hangup())?,
        ]))
    }

    async fn next(&mut self) {
        poll_fn(|context| {
            let came = self.0.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
            if came { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// Tells the story and hands it over running, unless it was only to be checked.
async fn tell(arguments: Arguments) -> anyhow::Result<Option<Story>> {
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
        return Ok(None);
    }
    story.print_places();
    Ok(Some(story))
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
