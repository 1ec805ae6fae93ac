//! Cloud: a server process with two organizations, and its Graph API as an administrator's script would use it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use runtime::Runtime;
use serde_json::Value;
use tokio::process::Command;

use crate::process::{Process, Programs};

/// How long a server may take to answer after its start.
const START: Duration = Duration::from_secs(20);
/// A file of this name in the cloud's folder is the server's configuration.
pub const SETTINGS: &str = "server.toml";

/// A running server.
pub struct Cloud {
    /// Its origin, without a slash at the end.
    pub origin: String,
    /// Where the server itself listens; something else may stand at the origin and pass everything on.
    listen: String,
    programs: Programs,
    settings: PathBuf,
    data: PathBuf,
    log: PathBuf,
    process: Option<Process>,
    runtime: Runtime,
    client: reqwest::Client,
}

/// Where a cloud is on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// Port the server listens on.
    pub listen: u16,
    /// Port of its origin, which people and clients use.
    pub origin: u16,
}

impl From<u16> for Ports {
    fn from(port: u16) -> Self {
        Self { listen: port, origin: port }
    }
}

/// An organization with its administrator.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Name shown to people.
    pub name: &'static str,
    /// Its first domain.
    pub domain: &'static str,
    /// The administrator's address.
    pub admin: &'static str,
    /// The administrator's name.
    pub admin_name: &'static str,
}

impl Cloud {
    /// Prepares a cloud in a folder, listening on a port of this computer; nothing runs yet.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(
        programs: Programs,
        folder: &Path,
        ports: impl Into<Ports>,
        runtime: Runtime,
    ) -> anyhow::Result<Self> {
        let ports = ports.into();
        let data = folder.join("cloud");
        std::fs::create_dir_all(&data)?;
        let client = reqwest::Client::builder().no_proxy().build()?;
        let origin = format!("http://127.0.0.1:{}", ports.origin);
        let listen = format!("127.0.0.1:{}", ports.listen);
        let (log, settings) = (folder.join("server.log"), folder.join(SETTINGS));
        Ok(Self { origin, listen, programs, settings, log, data, process: None, runtime, client })
    }

    /// Makes an organization with its first administrator by the operator's command.
    ///
    /// # Errors
    /// When the command fails.
    pub async fn bootstrap(&self, organization: &Organization, password: &str) -> anyhow::Result<()> {
        let mut command = self.command("bootstrap");
        command.args(["--organization", organization.name, "--domain", organization.domain]);
        command.args(["--admin", organization.admin, "--name", organization.admin_name, "--password-stdin"]);
        let output = run_with_input(&mut command, password).await?;
        anyhow::ensure!(
            output.status.success(),
            "bootstrap failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }

    /// Starts the server and waits until it answers.
    ///
    /// # Errors
    /// When it does not answer in time; its log is quoted.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        let mut process = Process::start("the server", &self.log, &mut self.command("serve"))?;
        let deadline = self.runtime.elapsed() + START;
        let health = format!("{}/healthz", self.origin);
        while self.client.get(&health).send().await.is_err() {
            process.check()?;
            anyhow::ensure!(self.runtime.elapsed() < deadline, "the server does not answer at {health}");
            self.runtime.sleep(Duration::from_millis(30)).await;
        }
        self.process = Some(process);
        Ok(())
    }

    /// Runs a command of the operator that needs no input, and returns what it says.
    ///
    /// # Errors
    /// When the command fails; the error has what it said.
    pub async fn operate(&self, subcommand: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let output = run_with_input(self.command(subcommand).args(arguments), "").await?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let failed = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "`{subcommand}` failed: {said}{failed}");
        Ok(said)
    }

    /// Ends the server in order.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        match self.process.take() {
            Some(process) => process.stop(&self.runtime).await,
            None => Ok(()),
        }
    }

    /// Ends the server at once.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        match self.process.take() {
            Some(process) => process.kill().await,
            None => Ok(()),
        }
    }

    /// Fails when the server ended by itself.
    ///
    /// # Errors
    /// With the end of its log.
    pub fn check(&mut self) -> anyhow::Result<()> {
        self.process.as_mut().map_or(Ok(()), Process::check)
    }

    /// Returns the server's process id, while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().and_then(Process::id)
    }

    /// Folder in which caught mails lie.
    #[must_use]
    pub fn mail_folder(&self) -> PathBuf {
        self.data.join("mail")
    }

    /// Sends a Graph request and answers with its JSON.
    ///
    /// # Errors
    /// When it is refused; the answer is quoted.
    pub async fn graph(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Value> {
        let method = reqwest::Method::from_bytes(method.as_bytes())?;
        let mut request =
            self.client.request(method.clone(), format!("{}/v1.0{path}", self.origin)).bearer_auth(token);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        anyhow::ensure!(status.is_success(), "{method} {path} answered {status}: {text}");
        if text.is_empty() {
            Ok(Value::Null)
        } else {
            serde_json::from_str(&text).context("the answer is JSON")
        }
    }

    fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(&self.programs.server);
        command.arg(subcommand).arg("--data").arg(&self.data);
        command.args(["--listen", &self.listen, "--origin", &self.origin]);
        if self.settings.is_file() {
            command.arg("--config").arg(&self.settings);
        }
        command
    }
}

/// Runs a command to its end with a text on standard input.
///
/// # Errors
/// When it cannot be run.
pub async fn run_with_input(command: &mut Command, input: &str) -> anyhow::Result<std::process::Output> {
    use tokio::io::AsyncWriteExt;
    let piped = std::process::Stdio::piped;
    let mut child = command.stdin(piped()).stdout(piped()).stderr(piped()).kill_on_drop(true).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).await?;
    }
    Ok(child.wait_with_output().await?)
}
