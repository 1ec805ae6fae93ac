//! Root tasks: one engine per root, each starting, failing and trying again alone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use agent_api::RootState;
use disk::{DiskOptions, DiskTree};
use engine::{Engine, EngineHandle, Ports, Settings, StateError, StateStore};
use policies::Refusal;
use remote::{Account, HttpRemoteTree, RootAddress};
use runtime::{Runtime, Task};
use state::SqliteState;
use sync_core::ItemId;
use tokio::sync::watch;

use crate::Agent;
use crate::accounts::AccountAccess;
use crate::root_view::RootView;
use crate::settings::RootSettings;

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What of a running engine commands may reach.
#[derive(Clone)]
struct Running {
    engine: EngineHandle,
    store: Arc<dyn StateStore>,
}

/// A root at work. Dropping it ends the engine at once, which loses nothing.
pub(crate) struct LiveRoot {
    view: watch::Receiver<RootView>,
    running: Arc<Mutex<Option<Running>>>,
    /// The policy it was started under, when that forbids it.
    barred: Option<Refusal>,
    task: Task,
}

/// Everything the task of a root needs.
struct RootTask {
    agent: Agent,
    root: RootSettings,
    account: Option<Account>,
    barred: Option<Refusal>,
    view: watch::Sender<RootView>,
    running: Arc<Mutex<Option<Running>>>,
}

impl LiveRoot {
    /// Starts a root's task.
    pub(crate) fn start(
        agent: &Agent,
        root: RootSettings,
        account: Option<Account>,
        barred: Option<Refusal>,
    ) -> Self {
        let starting = RootView::halted(RootState::Starting, "", "");
        let (sender, view) = watch::channel(starting);
        let running = Arc::new(Mutex::new(None));
        let work = RootTask {
            agent: agent.clone(),
            root,
            account,
            barred: barred.clone(),
            view: sender,
            running: Arc::clone(&running),
        };
        let task = agent.0.runtime.spawn("root", work.run());
        Self { view, running, barred, task }
    }

    /// Ends the engine and waits until it is gone.
    pub(crate) async fn stop(self) {
        self.task.abort();
        self.task.join().await;
    }

    /// Returns the policy that keeps it from running.
    pub(crate) fn barred(&self) -> &Option<Refusal> {
        &self.barred
    }

    /// Returns how the root is.
    pub(crate) fn view(&self) -> RootView {
        self.view.borrow().clone()
    }

    /// Returns the engine, while one runs.
    pub(crate) fn engine(&self) -> Option<EngineHandle> {
        lock(&self.running).as_ref().map(|running| running.engine.clone())
    }

    /// Returns the store, while an engine runs.
    pub(crate) fn store(&self) -> Option<Arc<dyn StateStore>> {
        lock(&self.running).as_ref().map(|running| Arc::clone(&running.store))
    }
}

fn lock(running: &Mutex<Option<Running>>) -> MutexGuard<'_, Option<Running>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RootTask {
    async fn run(self) {
        let Some(account) = self.account.clone() else {
            return self.halt(
                RootState::SignInNeeded,
                "Nobody is signed in for this folder.",
                "Sign in with `footbridge sign-in`; then it goes on.",
            );
        };
        if let Some(refusal) = &self.barred {
            let reason = Some(refusal.setting.name().to_owned());
            return self.halt_for(reason, RootState::Managed, &refusal.message, Refusal::REMEDY);
        }
        let mut wait = FIRST_WAIT;
        loop {
            match self.open(&account).await {
                Ok((engine, handle)) => {
                    wait = FIRST_WAIT;
                    self.follow(engine, handle).await;
                    *lock(&self.running) = None;
                    // The status tells why it ended; starting it again at once would only repeat that.
                    std::future::pending::<()>().await;
                }
                Err(error) => self.halt(
                    RootState::Failed,
                    &format!("What is known about the folder cannot be opened: {error}."),
                    "It is tried again. If it stays, check that the disk is not full.",
                ),
            }
            self.runtime().sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    async fn open(&self, account: &Account) -> Result<(Engine, EngineHandle), StateError> {
        let places = &self.agent.0.places;
        let options = DiskOptions::new(self.root.folder.clone(), places.rescue(&self.root.id));
        let runtime = self.runtime().clone();
        let local = DiskTree::new(runtime.clone(), options, self.root.identity.clone());
        let database = places.root_database(&self.root.id);
        let store: Arc<dyn StateStore> = Arc::new(SqliteState::open(runtime.clone(), database).await?);
        let AccountAccess { api, hub } = self.agent.access(account, &self.root.tenant);
        let address = RootAddress {
            tenant: self.root.tenant.clone(),
            drive: self.root.drive.clone(),
            item: self.root.item.clone(),
        };
        let remote = HttpRemoteTree::new(api, address, &hub);
        let ports = Ports { local: Arc::new(local), remote: Arc::new(remote), state: Arc::clone(&store) };
        let item = ItemId::new(&self.root.item);
        let settings = Settings::of(item, self.root.role, &account.display_name);
        let (engine, handle) = Engine::new(runtime, ports, settings);
        *lock(&self.running) = Some(Running { engine: handle.clone(), store });
        Ok((engine, handle))
    }

    /// Runs the engine and passes on what it says.
    async fn follow(&self, engine: Engine, handle: EngineHandle) {
        let mut status = handle.status();
        let telling = async {
            loop {
                let now = status.borrow_and_update().clone();
                self.view.send_replace(RootView::Running(Box::new(now)));
                self.agent.changed();
                if status.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            biased;
            () = engine.run() => {}
            () = telling => {}
        }
        let last = handle.status().borrow().clone();
        tracing::warn!(state = ?last.state, "a root stopped");
        self.view.send_replace(RootView::Running(Box::new(last)));
        self.agent.changed();
    }

    fn halt(&self, state: RootState, message: &str, remedy: &str) {
        self.halt_for(None, state, message, remedy);
    }

    fn halt_for(&self, reason: Option<String>, state: RootState, message: &str, remedy: &str) {
        tracing::warn!(?state, "a root cannot run");
        let (message, remedy) = (message.to_owned(), remedy.to_owned());
        self.view.send_replace(RootView::Halted { state, reason, message, remedy });
        self.agent.changed();
    }

    fn runtime(&self) -> &Runtime {
        &self.agent.0.runtime
    }
}
