//! Whole-product tests: the real programs as processes, a real browser, kills.
//!
//! Entry points: [`world`], which starts a cloud and both people's clients in a folder of their own, [`world_over_a_wire`]
//! with a counted network between, [`bare_cloud`] without any client of ours, [`chromium`] and [`rclone`], foreign programs.
//!
//! Invariants: nothing here reaches into the product; the programs are those that `make test` built before.
//!
//! Deliberately unknown here: every crate of the product but the clock.

pub mod chromium;
pub mod rclone;
pub mod wire;

use std::sync::Once;

use demo::cloud::{Cloud, Ports};
use demo::process::Programs;
use demo::story::{CONTOSO, PASSWORD, Story, say};
use runtime::Runtime;

use crate::wire::Wire;

/// A running story in a folder that goes when it is dropped.
pub struct World {
    /// The cloud and both people.
    pub story: Story,
    /// Time and randomness.
    pub runtime: Runtime,
    /// The programs.
    pub programs: Programs,
    // Dropped last: the programs still write into it.
    folder: tempfile::TempDir,
}

impl World {
    /// Folder of the test; it goes when this is dropped.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.folder.disable_cleanup(true);
            println!("the world of the failed test is kept in {}", self.folder.path().display());
        }
    }
}

/// A cloud with one organization and nobody's client.
pub struct BareCloud {
    /// The server.
    pub cloud: Cloud,
    /// Time and randomness.
    pub runtime: Runtime,
    /// Folder of the test; it goes when this is dropped.
    pub folder: tempfile::TempDir,
}

/// Starts a cloud with Contoso alone.
///
/// # Errors
/// When the programs were not built or the server does not answer.
pub async fn bare_cloud() -> anyhow::Result<BareCloud> {
    provide_cryptography();
    let runtime = Runtime::tokio();
    let programs = Programs::beside(&std::env::current_exe()?)?;
    let folder = tempfile::tempdir()?;
    let mut cloud = Cloud::new(programs, folder.path(), free_port()?, runtime.clone())?;
    cloud.bootstrap(&CONTOSO, PASSWORD).await?;
    cloud.start().await?;
    Ok(BareCloud { cloud, runtime, folder })
}

fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn provide_cryptography() {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Another test library may have installed it; either is fine.
        let _installed = rustls::crypto::ring::default_provider().install_default();
    });
}

/// Starts a cloud with two organizations and both people's clients, signed in.
///
/// # Errors
/// When the programs were not built, or a step of the story fails.
pub async fn world() -> anyhow::Result<World> {
    world_with("").await
}

/// Starts the same on a server with further settings, as its configuration file has them.
///
/// # Errors
/// As [`world`].
pub async fn world_with(settings: &str) -> anyhow::Result<World> {
    begin(settings, Runtime::tokio(), free_port()?.into()).await
}

/// Starts the same with a [`Wire`] between the clients and the server.
///
/// # Errors
/// As [`world`].
pub async fn world_over_a_wire() -> anyhow::Result<(World, Wire)> {
    let (runtime, listen) = (Runtime::tokio(), free_port()?);
    let (wire, origin) = Wire::start(runtime.clone(), listen).await?;
    Ok((begin("", runtime, Ports { origin, listen }).await?, wire))
}

async fn begin(settings: &str, runtime: Runtime, ports: Ports) -> anyhow::Result<World> {
    provide_cryptography();
    let programs = Programs::beside(&std::env::current_exe()?)?;
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join(demo::cloud::SETTINGS), settings)?;
    let story = Story::begin_at(&programs, folder.path(), ports, runtime.clone(), say).await?;
    Ok(World { story, runtime, programs, folder })
}
