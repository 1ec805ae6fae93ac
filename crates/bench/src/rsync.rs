//! Rsync: the same two copies made by `rsync` through a daemon on this computer: from the owner's folder to the
//! server's, and from there to the guest's.
//!
//! It runs with `-a --delete` and its own way of sending only differences; it neither encrypts nor authorizes nor
//! flushes to disk, and it watches nothing: every run lists both sides.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use demo::process::Process;
use runtime::Runtime;
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::meter::Times;
use crate::relay::{Bytes, Relay};

const START: Duration = Duration::from_secs(10);

/// A daemon with one module, behind a relay, and the folder of the second copy.
pub struct Rsync {
    relay: Relay,
    daemon: Process,
    served: PathBuf,
    second: PathBuf,
    runtime: Runtime,
}

/// What two copies cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoCopies {
    /// Seconds for both, one after the other.
    pub seconds: f64,
    /// Bytes between the clients and the daemon.
    pub wire: Bytes,
    /// Seconds of CPU of both clients and the daemon.
    pub cpu: f64,
}

impl Rsync {
    /// Starts the daemon in a folder of its own.
    ///
    /// # Errors
    /// When `rsync` is missing or the daemon does not answer.
    pub async fn start(folder: &Path, runtime: Runtime) -> anyhow::Result<Self> {
        let (served, second) = (folder.join("server"), folder.join("guest"));
        std::fs::create_dir_all(&served)?;
        std::fs::create_dir_all(&second)?;
        let port = free_port()?;
        let config = folder.join("rsyncd.conf");
        let owner = owner_of(&served)?;
        let text = format!(
            "use chroot = no\nuid = {owner}\ngid = *\nnumeric ids = yes\n[site]\npath = {}\nread only = no\n",
            served.display()
        );
        std::fs::write(&config, text)?;
        let mut command = Command::new("rsync");
        command.args(["--daemon", "--no-detach", "--address=127.0.0.1", &format!("--port={port}")]);
        command.arg(format!("--config={}", config.display()));
        let mut daemon = Process::start("the rsync daemon", &folder.join("rsyncd.log"), &mut command)
            .context("rsync is needed; scripts/setup.sh brings it")?;
        let deadline = runtime.elapsed() + START;
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            daemon.check()?;
            anyhow::ensure!(runtime.elapsed() < deadline, "the rsync daemon does not answer");
            runtime.sleep(Duration::from_millis(20)).await;
        }
        let relay = Relay::open(port, &runtime).await?;
        Ok(Self { relay, daemon, served, second, runtime })
    }

    /// Copies a folder to the server's and from there to the second client's, as they are now.
    ///
    /// # Errors
    /// When a copy fails.
    pub async fn copy_twice(&mut self, from: &Path) -> anyhow::Result<TwoCopies> {
        let daemon = self.daemon.id().context("the rsync daemon runs")?;
        let (bytes, cpu) = (self.relay.bytes(), cpu_of(daemon)?);
        let started = self.runtime.elapsed();
        let module = format!("rsync://127.0.0.1:{}/site/", self.relay.port);
        run(&format!("{}/", from.display()), &module).await?;
        run(&module, &format!("{}/", self.second.display())).await?;
        let seconds = (self.runtime.elapsed() - started).as_secs_f64();
        Ok(TwoCopies { seconds, wire: self.relay.bytes().since(bytes), cpu: cpu_of(daemon)? - cpu })
    }

    /// Returns the folder of the second copy.
    #[must_use]
    pub fn second(&self) -> &Path {
        &self.second
    }

    /// Empties both copies, so that the next one starts from nothing.
    ///
    /// # Errors
    /// When they cannot be emptied.
    pub fn empty(&self) -> anyhow::Result<()> {
        for folder in [&self.served, &self.second] {
            std::fs::remove_dir_all(folder)?;
            std::fs::create_dir_all(folder)?;
        }
        Ok(())
    }
}

async fn run(from: &str, to: &str) -> anyhow::Result<()> {
    let mut command = Command::new("rsync");
    command.args([
        "-a",
        "--modify-window=-1",
        "--delete",
        "--exclude=/.footbridge",
        "--timeout=600",
        from,
        to,
    ]);
    let output = command.kill_on_drop(true).output().await.context("rsync cannot be started")?;
    anyhow::ensure!(output.status.success(), "rsync failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// CPU of the daemon with its children and of every client that ended; nothing else of ours ends meanwhile.
fn cpu_of(daemon: u32) -> anyhow::Result<f64> {
    let (daemon, ours) = (Times::of(daemon)?, Times::of(std::process::id())?);
    Ok(daemon.own + daemon.children + ours.children)
}

/// The daemon shall write as whoever runs this, also when that is root.
fn owner_of(folder: &Path) -> anyhow::Result<u32> {
    use std::os::unix::fs::MetadataExt;
    Ok(std::fs::metadata(folder)?.uid())
}

/// Returns a port nothing listens on at the moment.
///
/// # Errors
/// When there is none.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use runtime::Runtime;

    use super::Rsync;
    use crate::content::{Noise, expect_same, overwrite, write_file};

    #[tokio::test]
    async fn two_copies_are_made_and_only_differences_are_sent_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let from = folder.path().join("from");
        std::fs::create_dir(&from).expect("made");
        write_file(&from.join("file"), 8_000_000, &mut Noise::new(1)).expect("writes");
        let mut rsync = Rsync::start(folder.path(), Runtime::tokio()).await.expect("starts");
        let whole = rsync.copy_twice(&from).await.expect("copies");
        assert!(whole.wire.to_server > 8_000_000 && whole.wire.from_server > 8_000_000, "{whole:?}");
        overwrite(&from.join("file"), 4_000_000, 1000, &mut Noise::new(2)).expect("writes");
        let difference = rsync.copy_twice(&from).await.expect("copies");
        assert!(difference.wire.total() < 1_000_000, "{difference:?}");
        expect_same(&from.join("file"), &rsync.second().join("file")).expect("the same");
    }
}
