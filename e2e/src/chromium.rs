//! Chromium: a real browser, driven as a person would use it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use runtime::Runtime;
use serde_json::json;
use tokio::process::{Child, Command};

/// How the browser is started: without a screen, without looking for anything outside this computer.
const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--window-size=1100,760",
];

/// A browser with a fresh profile. It ends when this is dropped.
pub struct Chromium {
    /// The session.
    pub client: Client,
    _driver: Child,
    _profile: tempfile::TempDir,
}

impl Chromium {
    /// Starts driver and browser.
    ///
    /// # Errors
    /// When they are not installed or do not answer.
    pub async fn start(runtime: &Runtime) -> anyhow::Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("chromedriver is missing: apt-get install chromium chromium-driver")?;
        let profile = tempfile::tempdir()?;
        let mut arguments: Vec<String> = ARGUMENTS.iter().map(|text| (*text).to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let options = json!({"binary": "/usr/bin/chromium", "args": arguments});
        let capabilities: serde_json::Map<_, _> =
            [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        let address = format!("http://127.0.0.1:{port}");
        for _ in 0..100 {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&address).await {
                Ok(client) => return Ok(Self { client, _driver: driver, _profile: profile }),
                Err(_) => runtime.sleep(Duration::from_millis(100)).await,
            }
        }
        bail!("chromedriver does not answer at {address}")
    }

    /// Keeps a picture of the page, to be looked at.
    ///
    /// # Errors
    /// When none can be taken or kept.
    pub async fn picture(&self, name: &str) -> anyhow::Result<()> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/e2e");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("{name}.png")), self.client.screenshot().await?)?;
        Ok(())
    }

    /// Waits for an element.
    ///
    /// # Errors
    /// When it does not appear; the page's text is quoted.
    pub async fn find(&self, selector: &str) -> anyhow::Result<Element> {
        match self.client.wait().for_element(Locator::Css(selector)).await {
            Ok(element) => Ok(element),
            Err(error) => {
                let text = self.text().await.unwrap_or_default();
                Err(error).with_context(|| format!("{selector} does not appear on the page:\n{text}"))
            }
        }
    }

    /// Types into a field.
    ///
    /// # Errors
    /// When the page has no such field.
    pub async fn fill(&self, field: &str, text: &str) -> anyhow::Result<()> {
        let input = self.find(&format!("input[name={field}]")).await?;
        input.clear().await?;
        input.send_keys(text).await?;
        Ok(())
    }

    /// Presses a button or link.
    ///
    /// # Errors
    /// When the page has none like that.
    pub async fn press(&self, selector: &str) -> anyhow::Result<()> {
        self.find(selector).await?.click().await?;
        Ok(())
    }

    /// Returns what a person reads on the page.
    ///
    /// # Errors
    /// When there is no page.
    pub async fn text(&self) -> anyhow::Result<String> {
        Ok(self.client.find(Locator::Css("body")).await?.text().await?)
    }
}
