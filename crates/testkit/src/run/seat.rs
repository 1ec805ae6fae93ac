//! Seat: one person's computer with the client on it, through all lives of the client's process.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Cloud;
use super::store::Store;
use crate::disk::{Computer, SimDisk};
use crate::model_cloud::RemoteFaults;
use crate::simulation::{Process, Signal, Tape, TapeKind, World};
use crate::story::{Digest, Tree};

/// How a client ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Death {
    /// `kill -9`.
    Killed,
    /// The computer loses power.
    PowerLoss,
}

/// A person's computer.
#[derive(Clone)]
pub struct Seat {
    person: &'static str,
    computer: Computer,
    store: Store,
    world: World,
    cloud: Arc<dyn Cloud>,
    faults: Signal<RemoteFaults>,
    tape: Tape,
    life: Arc<Mutex<Option<Process>>>,
}

impl Seat {
    /// Sets up a computer without a running client.
    #[must_use]
    pub(crate) fn new(world: &World, person: &'static str, cloud: &Arc<dyn Cloud>, store: Store) -> Self {
        Self {
            person,
            computer: Computer::new(world, person),
            store,
            world: world.clone(),
            cloud: Arc::clone(cloud),
            faults: Signal::default(),
            tape: world.tape(TapeKind::Crash, person),
            life: Arc::default(),
        }
    }

    /// Returns the person's name.
    #[must_use]
    pub fn person(&self) -> &'static str {
        self.person
    }

    /// Returns the computer.
    #[must_use]
    pub fn computer(&self) -> &Computer {
        &self.computer
    }

    /// Returns the faults of this computer's network, to be set.
    #[must_use]
    pub fn network(&self) -> &Signal<RemoteFaults> {
        &self.faults
    }

    fn life(&self) -> MutexGuard<'_, Option<Process>> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the running process, dead or alive, while it is not cleared away.
    #[must_use]
    pub fn process(&self) -> Option<Process> {
        self.life().clone()
    }

    /// Starts the client.
    pub async fn start(&self) {
        let process = self.world.process(&format!("{}'s pc", self.person));
        if self.tape.per_mille(200) {
            let hours = i64::try_from(self.tape.below(48)).unwrap_or(0) - 24;
            process.skew_clock(hours * 3_600_000);
        }
        let remote = self.cloud.connect(self.person, &process, self.faults.clone()).await;
        let disk = Arc::new(SimDisk::open(&self.computer, &process));
        let state = self.store.open(&process).await;
        super::client::start(&process, self.person, &self.cloud.root(), disk, remote, state);
        *self.life() = Some(process);
    }

    /// Ends the client's process.
    pub(crate) async fn end(&self, how: Death) {
        let Some(process) = self.life().take() else { return };
        process.crash().await;
        if how == Death::PowerLoss {
            self.computer.lose_power();
            self.store.lose_power(&self.tape);
        }
    }

    /// Returns the folder as the person sees it.
    #[must_use]
    pub fn tree(&self) -> Tree {
        let tree = self.computer.tree();
        tree.into_iter().map(|(path, bytes)| (path, bytes.map(|bytes| Digest::of(&bytes)))).collect()
    }

    /// Returns every content that is anywhere on the computer.
    #[must_use]
    pub fn kept(&self) -> BTreeSet<Digest> {
        self.computer.all_contents().iter().map(|bytes| Digest::of(bytes)).collect()
    }
}
