//! World: a cloud behind a counting relay, the owner's client and, unless it is not wanted, the guest's, all of them
//! real processes in one folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use demo::cloud::Ports;
use demo::process::Programs;
use demo::story::Story;
use runtime::Runtime;

use crate::meter::{Cost, Meter};
use crate::relay::{Bytes, Relay};
use crate::report::tell;
use crate::rsync::free_port;

/// How often the clients are asked whether they are at rest.
const PAUSE: Duration = Duration::from_millis(100);
/// How long coming to rest may take.
const REST: Duration = Duration::from_secs(1800);

/// Whether somebody syncs what the owner shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guest {
    /// A guest is invited and syncs.
    Syncs,
    /// The owner is alone.
    None,
}

/// A running cloud and its clients.
pub struct World {
    /// Time.
    pub runtime: Runtime,
    /// The cloud and both people.
    pub story: Story,
    relay: Relay,
    guest: Guest,
    folder: PathBuf,
}

/// What the programs cost over a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    /// Bytes between clients and server.
    pub wire: Bytes,
    /// The server.
    pub server: Cost,
    /// The owner's client.
    pub owner: Cost,
    /// The guest's client, when there is one.
    pub guest: Option<Cost>,
}

/// A measurement under way.
pub struct Costing {
    wire: Bytes,
    server: Meter,
    owner: Meter,
    guest: Option<Meter>,
}

impl World {
    /// Starts everything in a folder: two organizations, a site the owner syncs, and a guest who syncs it too.
    ///
    /// # Errors
    /// When a step fails.
    pub async fn begin(
        programs: &Programs,
        folder: &Path,
        guest: Guest,
        runtime: Runtime,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let listen = free_port()?;
        let relay = Relay::open(listen, &runtime).await?;
        let ports = Ports { listen, origin: relay.port };
        let mut story = Story::begin_at(programs, folder, ports, runtime.clone(), tell).await?;
        let site = story.owner_makes_the_site().await?;
        match guest {
            Guest::Syncs => story.guest_is_invited_and_syncs(&site).await?,
            Guest::None => story.guest.stop_agent().await?,
        }
        Ok(Self { runtime, story, relay, guest, folder: folder.to_owned() })
    }

    /// Returns a folder on the same file system where files are prepared before the clock starts.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn prepared(&self) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join("prepared");
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Begins to count what the programs cost.
    ///
    /// # Errors
    /// When one does not run.
    pub fn start_costing(&self) -> anyhow::Result<Costing> {
        let guest = match self.guest {
            Guest::Syncs => Some(Meter::start(self.guest_id()?)?),
            Guest::None => None,
        };
        let (server, owner) = (Meter::start(self.server_id()?)?, Meter::start(self.owner_id()?)?);
        Ok(Costing { wire: self.relay.bytes(), server, owner, guest })
    }

    /// As [`World::start_costing`], for an owner's client that was started this moment.
    ///
    /// # Errors
    /// When one does not run.
    pub fn start_costing_a_start(&self) -> anyhow::Result<Costing> {
        let (server, owner) = (Meter::start(self.server_id()?)?, Meter::from_birth(self.owner_id()?));
        Ok(Costing { wire: self.relay.bytes(), server, owner, guest: None })
    }

    /// Waits until both clients are at rest and tells what everything cost since.
    ///
    /// # Errors
    /// When they do not come to rest, or a number is missing.
    pub async fn costs(&mut self, since: Costing) -> anyhow::Result<Costs> {
        self.at_rest().await?;
        let guest = since.guest.as_ref().map(Meter::cost).transpose()?;
        let wire = self.relay.bytes().since(since.wire);
        Ok(Costs { wire, server: since.server.cost()?, owner: since.owner.cost()?, guest })
    }

    /// Waits until the clients say that nothing is left to do.
    ///
    /// # Errors
    /// When they do not come to rest.
    pub async fn at_rest(&mut self) -> anyhow::Result<()> {
        let deadline = self.runtime.elapsed() + REST;
        loop {
            let owner = self.story.owner.status().await?;
            let guest = match self.guest {
                Guest::Syncs => self.story.guest.status().await?,
                Guest::None => owner.clone(),
            };
            if owner["idle"] == true && guest["idle"] == true {
                return Ok(());
            }
            self.check_running()?;
            anyhow::ensure!(
                self.runtime.elapsed() < deadline,
                "the clients do not come to rest; the owner says {owner}, the guest {guest}"
            );
            self.runtime.sleep(PAUSE).await;
        }
    }

    /// Fails when a program ended.
    ///
    /// # Errors
    /// With the end of its log.
    pub fn check_running(&mut self) -> anyhow::Result<()> {
        self.story.check_running()
    }

    /// Ends everything.
    ///
    /// # Errors
    /// When a program does not end.
    pub async fn end(self) -> anyhow::Result<()> {
        self.story.end().await
    }

    fn server_id(&self) -> anyhow::Result<u32> {
        self.story.cloud.process_id().context("the server does not run")
    }

    fn owner_id(&self) -> anyhow::Result<u32> {
        self.story.owner.agent_id().context("the owner's client does not run")
    }

    fn guest_id(&self) -> anyhow::Result<u32> {
        self.story.guest.agent_id().context("the guest's client does not run")
    }
}
