//! Process: a program of the product started by the demo, its output in a log file, ended with the demo.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use runtime::Runtime;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

/// Where the product's programs are.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The server.
    pub server: PathBuf,
    /// The client.
    pub client: PathBuf,
}

impl Programs {
    /// Finds the programs beside this one.
    ///
    /// # Errors
    /// When they were not built.
    pub fn beside(this: &Path) -> anyhow::Result<Self> {
        let mut folder = this.parent().context("this program has a folder")?;
        if folder.ends_with("deps") {
            folder = folder.parent().context("the build has a folder")?;
        }
        let programs = Self { server: folder.join("footbridge-server"), client: folder.join("footbridge") };
        for program in [&programs.server, &programs.client] {
            anyhow::ensure!(program.is_file(), "{} is missing; `make demo` builds it", program.display());
        }
        Ok(programs)
    }
}

/// A running program. It is ended when this is dropped.
pub struct Process {
    child: Child,
    name: &'static str,
    log: PathBuf,
}

impl Process {
    /// Starts a program with its output in a log file.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(name: &'static str, log: &Path, command: &mut Command) -> anyhow::Result<Self> {
        let output = File::options().create(true).append(true).open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { child, name, log: log.to_owned() })
    }

    /// Fails with the end of its log when the program is no longer running.
    ///
    /// # Errors
    /// When it ended.
    pub fn check(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            let log = std::fs::read_to_string(&self.log).unwrap_or_default();
            let lines: Vec<&str> = log.lines().rev().take(15).collect();
            let tail: Vec<&str> = lines.into_iter().rev().collect();
            anyhow::bail!("{} ended ({status}); its log ends with:\n{}", self.name, tail.join("\n"));
        }
        Ok(())
    }

    /// Returns the program's process id, while it has not ended.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Asks the program to end and waits for it.
    ///
    /// # Errors
    /// When it does not end in time.
    pub async fn stop(mut self, runtime: &Runtime) -> anyhow::Result<()> {
        self.signal(Signal::TERM);
        let ended = runtime.timeout(Duration::from_secs(20), self.child.wait()).await;
        ended.map_err(|_| anyhow::anyhow!("{} did not end in time", self.name))??;
        Ok(())
    }

    /// Ends the program at once, as a power cut would.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill().await?;
        Ok(())
    }

    fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended by itself in this moment.
            let _gone = kill_process(pid, signal);
        }
    }
}
