//! The agent's state: settings as saved, accounts and roots as they live. Every change is saved, then lived.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use agent_api::{Failure, FailureKind};
use policies::Policies;
use remote::{Account, HostGates, SecretStore, Transport};
use runtime::Runtime;
use tokio::sync::{Mutex as AsyncMutex, watch};

use crate::Places;
use crate::accounts::LiveAccount;
use crate::file_secret_store::FileSecretStore;
use crate::managed;
use crate::root_task::LiveRoot;
use crate::settings::{RootSettings, Settings};

/// The agent cannot start.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// Its settings cannot be read. Nothing is overwritten.
    #[error("the settings in {path} cannot be read")]
    Settings {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What lives.
#[derive(Default)]
pub(crate) struct Live {
    pub settings: Settings,
    pub accounts: BTreeMap<String, LiveAccount>,
    pub roots: BTreeMap<String, LiveRoot>,
}

pub(crate) struct Inner {
    pub runtime: Runtime,
    pub places: Places,
    pub transport: Arc<dyn Transport>,
    pub secrets: Arc<dyn SecretStore>,
    /// A cloud that asked to wait is left alone by every account and root.
    pub gates: HostGates,
    live: Mutex<Live>,
    /// What the administrators of this computer decided.
    pub policies: Mutex<Arc<Policies>>,
    /// One change of the settings at a time.
    turn: AsyncMutex<()>,
    /// One root is added at a time.
    pub adding: AsyncMutex<()>,
    /// Counts changes, for whoever watches the status.
    changes: watch::Sender<u64>,
    /// True once the agent shall end.
    stopping: watch::Sender<bool>,
}

/// A running agent. Clones are the same one.
#[derive(Clone)]
pub struct Agent(pub(crate) Arc<Inner>);

impl Agent {
    /// Loads the settings and starts every root.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn start(
        runtime: Runtime,
        places: Places,
        transport: Arc<dyn Transport>,
    ) -> Result<Self, AgentError> {
        let path = places.settings();
        let loaded = {
            let path = path.clone();
            runtime.blocking(move || Settings::load(&path)).await.map_err(io::Error::other)
        };
        let settings =
            loaded.and_then(|settings| settings).map_err(|source| AgentError::Settings { path, source })?;
        // Before anything starts: nothing a policy forbids ever runs.
        let policies = managed::read(&runtime, places.computer()).await;
        let secrets = Arc::new(FileSecretStore::new(places.secrets()));
        let roots = settings.roots.clone();
        let agent = Self(Arc::new(Inner {
            runtime,
            places,
            transport,
            secrets,
            gates: HostGates::default(),
            live: Mutex::new(Live { settings, ..Live::default() }),
            policies: Mutex::new(Arc::new(policies)),
            turn: AsyncMutex::new(()),
            adding: AsyncMutex::new(()),
            changes: watch::Sender::new(0),
            stopping: watch::Sender::new(false),
        }));
        for root in roots {
            agent.start_root(&root);
        }
        let looking = managed::watch(Arc::downgrade(&agent.0));
        agent.0.runtime.spawn("policies", looking).detach();
        Ok(agent)
    }

    /// Ends every root in order.
    pub async fn stop(&self) {
        self.0.stopping.send_replace(true);
        let roots = std::mem::take(&mut self.live().roots);
        let ends: Vec<_> = roots.into_values().map(LiveRoot::stop).collect();
        futures_util::future::join_all(ends).await;
    }

    /// Asks whoever runs the agent to end it.
    pub(crate) fn ask_to_stop(&self) {
        self.0.stopping.send_replace(true);
    }

    /// Waits until a front end asked the agent to end.
    pub async fn stop_asked(&self) {
        let mut stopping = self.0.stopping.subscribe();
        // The sender lives as long as this agent, so the wait cannot fail.
        let _asked = stopping.wait_for(|stopping| *stopping).await;
    }

    pub(crate) fn live(&self) -> MutexGuard<'_, Live> {
        self.0.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells watchers that something is different.
    pub(crate) fn changed(&self) {
        self.0.changes.send_modify(|count| *count += 1);
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Changes the settings: `change` sees a copy, which is saved before it becomes the truth. It may block.
    pub(crate) async fn change_settings<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Settings) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let _turn = self.0.turn.lock().await;
        let mut next = self.live().settings.clone();
        let path = self.0.places.settings();
        let work = move || {
            let answer = change(&mut next)?;
            next.save(&path).map_err(|error| cannot_save(&error))?;
            Ok((next, answer))
        };
        let changed = self.0.runtime.blocking(work).await;
        let (next, answer) = changed.unwrap_or_else(|error| Err(cannot_save(&error)))?;
        self.live().settings = next;
        self.changed();
        Ok(answer)
    }

    /// Starts a root, or starts it again.
    pub(crate) fn start_root(&self, root: &RootSettings) {
        let account = self.live().settings.account(&root.account).cloned();
        let live = LiveRoot::start(self, root.clone(), account, self.barred(root));
        let old = self.live().roots.insert(root.id.clone(), live);
        drop(old);
        self.changed();
    }

    /// Starts the roots of an account again, after somebody signed in or out.
    pub(crate) async fn restart_roots_of(&self, account: &Account) {
        let key = account.key();
        let roots: Vec<RootSettings> =
            self.live().settings.roots.iter().filter(|root| root.account == key).cloned().collect();
        for root in roots {
            self.restart_root(&root).await;
        }
    }

    /// Ends a root in order and starts it again.
    pub(crate) async fn restart_root(&self, root: &RootSettings) {
        let old = self.live().roots.remove(&root.id);
        if let Some(old) = old {
            old.stop().await;
        }
        self.start_root(root);
    }
}

fn cannot_save(error: &dyn std::error::Error) -> Failure {
    Failure::new(FailureKind::Computer, format!("The change could not be saved: {error}"))
        .with_remedy("Check that the disk is not full, then try again.")
}
