//! Client: one person's `footbridge` on this computer, with its own state and folder, driven by its commands.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use runtime::Runtime;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::browser::Browser;
use crate::pages;
use crate::process::{Process, Programs};

/// How long a first sync of thousands of files may take.
const FIRST_SYNC: Duration = Duration::from_secs(300);

/// One person's client.
pub struct Client {
    programs: Programs,
    state: PathBuf,
    home: PathBuf,
    log: PathBuf,
    agent: Option<Process>,
    runtime: Runtime,
}

impl Client {
    /// Prepares a client below a folder; nothing runs yet.
    ///
    /// # Errors
    /// When the folders cannot be made.
    pub fn new(programs: Programs, folder: &Path, person: &str, runtime: Runtime) -> anyhow::Result<Self> {
        let base = folder.join(person);
        let (state, home) = (base.join("state"), base.join("Footbridge"));
        std::fs::create_dir_all(&state)?;
        std::fs::create_dir_all(&home)?;
        let log = folder.join(format!("{person}-agent.log"));
        Ok(Self { programs, state, home, log, agent: None, runtime })
    }

    /// Folder under which every organization has its own.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Folder of the agent's own files.
    #[must_use]
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Returns the agent's process id, while it runs.
    #[must_use]
    pub fn agent_id(&self) -> Option<u32> {
        self.agent.as_ref().and_then(Process::id)
    }

    /// Starts the agent.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_agent(&mut self) -> anyhow::Result<()> {
        let mut command = self.command(&["agent"]);
        self.agent = Some(Process::start("the agent", &self.log, &mut command)?);
        Ok(())
    }

    /// Ends the agent in order.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn stop_agent(&mut self) -> anyhow::Result<()> {
        match self.agent.take() {
            Some(agent) => agent.stop(&self.runtime).await,
            None => Ok(()),
        }
    }

    /// Ends the agent at once.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn kill_agent(&mut self) -> anyhow::Result<()> {
        match self.agent.take() {
            Some(agent) => agent.kill().await,
            None => Ok(()),
        }
    }

    /// Fails when the agent ended by itself.
    ///
    /// # Errors
    /// With the end of its log.
    pub fn check(&mut self) -> anyhow::Result<()> {
        self.agent.as_mut().map_or(Ok(()), Process::check)
    }

    /// Signs the client in: the command prints an address, the person's browser opens it.
    ///
    /// # Errors
    /// When the command or a page refuses.
    pub async fn sign_in(
        &self,
        browser: &mut Browser,
        origin: &str,
        address: &str,
        password: &str,
    ) -> anyhow::Result<()> {
        let mut command = self.command(&["sign-in", "--cloud", origin, address]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let output = child.stdout.take().context("the command has an output")?;
        let mut lines = BufReader::new(output).lines();
        let mut said = Vec::new();
        while let Some(line) = lines.next_line().await? {
            if let Some(link) = line.split_whitespace().find(|word| word.contains("/oauth2/v2.0/authorize")) {
                pages::sign_in_at(browser, link, address, password).await?;
            }
            said.push(line);
        }
        let status = child.wait().await?;
        anyhow::ensure!(status.success(), "signing in failed: {}", said.join("\n"));
        Ok(())
    }

    /// Starts syncing what an address means, as a click on the Sync button does.
    ///
    /// # Errors
    /// When the client refuses; its words are quoted.
    pub async fn sync_add(&self, address: &str) -> anyhow::Result<()> {
        self.run(&["sync", "add", "--yes", address]).await.map(|_| ())
    }

    /// Waits until everything known is in sync.
    ///
    /// # Errors
    /// When it takes too long, or some items do not sync; they are quoted.
    pub async fn wait_idle(&self) -> anyhow::Result<()> {
        let waited = self.runtime.timeout(FIRST_SYNC, self.run(&["status", "--wait-idle"])).await;
        waited.context("the client does not come to rest")??;
        Ok(())
    }

    /// Returns the status as JSON.
    ///
    /// # Errors
    /// When the agent does not answer.
    pub async fn status(&self) -> anyhow::Result<Value> {
        let text = self.run(&["status", "--json"]).await?;
        serde_json::from_str(&text).context("the status is JSON")
    }

    /// Returns what a person reads when asking for the status, whatever its exit code says.
    ///
    /// # Errors
    /// When the command cannot be run.
    pub async fn status_text(&self) -> anyhow::Result<String> {
        let output = self.command(&["status", "--once"]).stdin(Stdio::null()).output().await?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs a command of the client and answers with its exit code.
    ///
    /// # Errors
    /// When it cannot be run, or was ended from outside.
    pub async fn exit_code(&self, arguments: &[&str]) -> anyhow::Result<i32> {
        let output = self.command(arguments).stdin(Stdio::null()).output().await?;
        output.status.code().context("the command was ended from outside")
    }

    /// Runs a command of the client and answers with what it printed.
    ///
    /// # Errors
    /// When it fails; its words are quoted.
    pub async fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.command(arguments).stdin(Stdio::null()).output().await?;
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        anyhow::ensure!(
            output.status.success(),
            "`footbridge {}` failed: {said}{complained}",
            arguments.join(" ")
        );
        Ok(said.into_owned())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.programs.client);
        command.arg("--state-dir").arg(&self.state).arg("--sync-home").arg(&self.home).args(arguments);
        command
    }
}
