//! Rclone: the real program, a foreign client of Graph, pointed at our cloud by its own options alone.
//!
//! It is installed by `scripts/setup.sh` beside the build. Its token has run out on purpose, so that every run begins
//! with rclone's own way of renewing one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use demo::browser::Browser;
use demo::cloud::{Cloud, Organization};
use demo::token;
use runtime::Runtime;
use serde_json::{Value, json};
use tokio::process::Command;

/// How long one command may take.
const LIMIT: Duration = Duration::from_secs(180);
/// The remote's name.
const REMOTE: &str = "cloud";

/// Rclone with one remote: a library.
pub struct Rclone {
    program: PathBuf,
    config: PathBuf,
    home: PathBuf,
    runtime: Runtime,
}

/// Who uses rclone, and what for.
pub struct Remote<'a> {
    /// The cloud.
    pub cloud: &'a Cloud,
    /// The person's organization.
    pub organization: &'a Organization,
    /// Their password.
    pub password: &'a str,
    /// The library's id.
    pub drive: &'a str,
}

impl Rclone {
    /// Signs a person in and writes rclone's configuration into a folder.
    ///
    /// # Errors
    /// When rclone is not installed or the person is refused.
    pub async fn configure(remote: Remote<'_>, folder: &Path, runtime: Runtime) -> anyhow::Result<Self> {
        let program = installed()?;
        let Remote { cloud, organization, password, drive } = remote;
        let (origin, domain) = (&cloud.origin, organization.domain);
        let mut browser = Browser::new()?;
        let given = token::tokens_for_script(&mut browser, origin, organization, password, &runtime).await?;
        let refresh = given["refresh_token"].as_str().context("a refresh token")?;
        let token = json!({
            "access_token": "of yesterday", "token_type": "Bearer", "refresh_token": refresh,
            "expiry": "2020-01-01T00:00:00Z",
        });
        let client = demo::token::CLIENT_ID;
        let config = folder.join("rclone.conf");
        let lines = [
            format!("[{REMOTE}]"),
            "type = onedrive".to_owned(),
            "region = global".to_owned(),
            format!("tenant_url = {origin}/_api"),
            format!("auth_url = {origin}/{domain}/oauth2/v2.0/authorize"),
            format!("token_url = {origin}/{domain}/oauth2/v2.0/token"),
            format!("client_id = {client}"),
            format!("drive_id = {drive}"),
            "drive_type = documentLibrary".to_owned(),
            format!("token = {token}"),
        ];
        std::fs::write(&config, lines.join("\n"))?;
        Ok(Self { program, config, home: folder.to_owned(), runtime })
    }

    /// Names a place in the library.
    #[must_use]
    pub fn at(path: &str) -> String {
        format!("{REMOTE}:{path}")
    }

    /// Runs a command and returns what it printed.
    ///
    /// # Errors
    /// When it fails or does not end; everything it said is quoted.
    pub async fn run(&self, arguments: &[&str]) -> anyhow::Result<Printed> {
        let mut command = Command::new(&self.program);
        command
            .args(["--retries", "1", "--low-level-retries", "1", "--contimeout", "10s", "--timeout", "30s"])
            .args(arguments)
            .arg("--config")
            .arg(&self.config)
            .env_clear()
            .env("HOME", &self.home)
            .kill_on_drop(true);
        let ended = self.runtime.timeout(LIMIT, command.output()).await;
        let output = ended.map_err(|_| anyhow::anyhow!("rclone {arguments:?} does not end"))??;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let printed = Printed { out: text(&output.stdout), notes: text(&output.stderr) };
        anyhow::ensure!(
            output.status.success(),
            "rclone {arguments:?} failed:\n{}\n{}",
            printed.notes,
            printed.out
        );
        Ok(printed)
    }

    /// Runs a command that prints JSON.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn json(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        serde_json::from_str(&self.run(arguments).await?.out).context("rclone prints JSON")
    }
}

/// What a command printed.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Its answer.
    pub out: String,
    /// What it noted while it worked.
    pub notes: String,
}

/// Finds the program in the folder of foreign clients, beside the build.
fn installed() -> anyhow::Result<PathBuf> {
    let this = std::env::current_exe()?;
    let found = this.ancestors().map(|folder| folder.join("tools/bin/rclone")).find(|path| path.is_file());
    found.context("rclone is missing: `make setup` installs it")
}
