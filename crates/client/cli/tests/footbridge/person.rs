//! Person: one user's program with its own state and folder.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpStream, UnixStream};
use tokio::process::Command;
use url::Url;

use crate::scripted_cloud::ScriptedCloud;

/// Who signs in where nobody else is named.
pub const GUSTAV: &str = "gustav@fabrikam.example";

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// A user. The agent ends with it.
pub struct Person {
    folder: TempDir,
}

impl Person {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn home(&self) -> PathBuf {
        self.folder.path().join("Footbridge")
    }

    /// The folder that holds everything of this person's.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of policies of this person's computer.
    pub fn policies(&self) -> PathBuf {
        self.folder.path().join("policies")
    }

    /// Sets or replaces a file of policies.
    pub fn manage(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.policies()).unwrap();
        std::fs::write(self.policies().join(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
        command
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("FOOTBRIDGE_CLOUD")
            .env("XDG_DATA_HOME", self.folder.path().join("data"))
            .env("XDG_CONFIG_HOME", self.folder.path().join("config"))
            .arg("--state-dir")
            .arg(self.folder.path().join("state"))
            .arg("--sync-home")
            .arg(self.home())
            .arg("--policy-dir")
            .arg(self.policies())
            .args(arguments)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    pub async fn run(&self, arguments: &[&str]) -> Said {
        let output = self.command(arguments).output().await.unwrap();
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub async fn status(&self) -> Value {
        serde_json::from_str(&self.run(&["status", "--json"]).await.out).unwrap()
    }

    /// Follows the status until the first root is in a state, and returns the root.
    pub async fn wait_for(&self, state: &str) -> Value {
        self.wait_until(|roots| roots[0]["state"] == state).await[0].clone()
    }

    /// Follows the status until the roots are as wanted, and returns them.
    pub async fn wait_until(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut watching =
            self.command(&["status", "--watch", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
        while let Some(line) = lines.next_line().await.unwrap() {
            let status: Value = serde_json::from_str(&line).unwrap();
            if wanted(&status["roots"]) {
                return status["roots"].clone();
            }
        }
        panic!("the watch ended before the roots were as wanted");
    }

    /// Signs in; the person's browser follows the printed link and comes back with a code.
    pub async fn sign_in(&self, cloud: &ScriptedCloud) {
        self.sign_in_as(cloud, GUSTAV).await;
    }

    /// Signs somebody in, as [`Person::sign_in`] does.
    pub async fn sign_in_as(&self, cloud: &ScriptedCloud, who: &str) {
        let said = self.browse(cloud, who, &["sign-in", "--cloud", cloud.origin(), who]).await;
        assert_eq!(said.code, 0, "{said:?}");
    }

    /// Runs a command with a browser beside it that follows the printed link and comes back with a code.
    pub async fn browse(&self, cloud: &ScriptedCloud, who: &str, arguments: &[&str]) -> Said {
        let mut command = self.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut out = String::new();
        while let Some(line) = lines.next_line().await.unwrap() {
            out += &line;
            out.push('\n');
            let Some(link) = line.split_whitespace().find(|word| word.contains("/authorize?")) else {
                continue;
            };
            let link = Url::parse(link).unwrap();
            let value = |name: &str| link.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
            cloud.expect(who, &value("client_id"), &value("nonce"));
            come_back(&value("redirect_uri"), &value("state")).await;
        }
        let ended = child.wait_with_output().await.unwrap();
        Said { code: ended.status.code().unwrap_or(-1), out, err: String::from_utf8(ended.stderr).unwrap() }
    }

    /// Ends the agent as a power cut would.
    pub async fn kill_agent(&self) {
        let pid = self.hello().await;
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        // The lock is free when the process is gone; the next command waits for that by itself.
    }

    async fn hello(&self) -> i32 {
        let mut stream = UnixStream::connect(self.folder.path().join("state/run/agent.sock")).await.unwrap();
        stream.write_all(b"{\"version\":3,\"command\":{\"name\":\"hello\"}}\n").await.unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).await.unwrap();
        let hello: Value = serde_json::from_str(&line).unwrap();
        i32::try_from(hello["pid"].as_i64().unwrap()).unwrap()
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_footbridge"));
        let state = self.folder.path().join("state");
        let _ended = command.arg("--state-dir").arg(state).arg("stop").stdout(Stdio::null()).status();
    }
}

async fn come_back(redirect: &str, state: &str) {
    let url = Url::parse(redirect).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
    let request = format!("GET /?code=code&state={state} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    assert!(page.contains("You are signed in"), "{page}");
}
