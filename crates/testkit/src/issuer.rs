//! Issuer: an organization's own sign-in as a process of its own, the certified `oidc-provider` (`scripts/tools/issuer.mjs`),
//! and a browser that signs in there. `scripts/setup.sh` installs it beside the build.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use runtime::Runtime;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// How long it may take to start.
const START: Duration = Duration::from_secs(60);

/// An issuer that runs until it is dropped.
pub struct Issuer {
    port: u16,
    process: Child,
}

impl Issuer {
    /// Starts an issuer; `settings` are those of the program.
    ///
    /// # Panics
    /// When it is not installed or does not start.
    pub async fn start(settings: &Value) -> Self {
        Self::start_at(free_port(), settings).await
    }

    /// Starts it again in the same place with new keys, and with other settings.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub async fn restart(mut self, settings: &Value) -> Self {
        self.process.kill().await.expect("ends");
        Self::start_at(self.port, settings).await
    }

    async fn start_at(port: u16, settings: &Value) -> Self {
        let this = std::env::current_exe().expect("a program");
        let mut folders = this.ancestors().map(|folder| folder.join("tools/node"));
        let tools = folders.find(|path| path.is_dir()).expect("run `make setup`: it installs the issuer");
        let program: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/tools/issuer.mjs");
        let mut command = Command::new("node");
        command.arg(program).arg(port.to_string()).arg(settings.to_string()).env("FOOTBRIDGE_TOOLS", tools);
        // It ends when its input does, also when this program is killed.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().expect("node starts");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let started = async {
            while let Some(line) = lines.next_line().await.expect("a line") {
                if line == "ready" {
                    return true;
                }
            }
            false
        };
        let started = Runtime::tokio().timeout(START, started).await;
        assert!(started.expect("it starts in time"), "the issuer ended");
        Self { port, process }
    }

    /// Returns its name.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("http://{}", self.host())
    }

    /// Returns its host and port.
    #[must_use]
    pub fn host(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// Signs in, in a fresh browser, at an address the cloud sent it to, as whom its hint names. Returns where the browser is
    /// sent back to.
    ///
    /// # Panics
    /// When the issuer answers with a page instead.
    pub async fn sign_in(&self, address: &str) -> String {
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let redirect = reqwest::redirect::Policy::none();
        let client = Client::builder().redirect(redirect).no_proxy().tls_certs_only([]).build();
        let client = client.expect("a client");
        let (mut cookies, mut next) = (BTreeMap::new(), address.to_owned());
        while next.starts_with(&self.issuer()) {
            let sent: Vec<String> =
                cookies.iter().map(|(name, value): (&String, &String)| format!("{name}={value}")).collect();
            let answer = client.get(&next).header(COOKIE, sent.join("; ")).send().await.expect("answers");
            for cookie in answer.headers().get_all(SET_COOKIE) {
                let (name, rest) = cookie.to_str().expect("text").split_once('=').expect("a cookie");
                cookies.insert(name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned());
            }
            let location = answer.headers().get(LOCATION).map(|to| to.to_str().expect("text").to_owned());
            let said = answer.text().await.unwrap_or_default();
            assert!(location.is_some(), "the issuer answers with a page: {said}");
            let location = location.unwrap_or_default();
            next = if location.starts_with('/') { format!("{}{location}", self.issuer()) } else { location };
        }
        next
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
