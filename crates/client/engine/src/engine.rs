//! Engine: the event loop of one root. It observes, plans, executes and observes again until both sides are quiet, then
//! waits for a hint. Everything it knows can be lost at any wait; the next engine starts from store and disk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use runtime::Runtime;
use sync_core::{ItemId, LocalId, Plan, Policy, Problem, RelPath};
use tokio::sync::{mpsc, watch};
use transfer::ConflictOrigin;

use crate::access::Closed;
use crate::handle::{Command, Question};
use crate::holds::{Holds, backoff};
use crate::stale::Stale;
use crate::transfers::{Report, Transfers};
use crate::trees::Trees;
use crate::{
    Control, Durability, EngineHandle, InFlight, Intent, JournalEntry, JournalKind, LocalError, LocalHint,
    LocalTree, Reaction, RemoteError, RemoteTree, RootState, RootStatus, Settings, StateError, StateStore,
};

/// The three ports of one root.
#[derive(Clone)]
pub struct Ports {
    /// The folder on disk.
    pub local: Arc<dyn LocalTree>,
    /// The server's side.
    pub remote: Arc<dyn RemoteTree>,
    /// The store.
    pub state: Arc<dyn StateStore>,
}

impl std::fmt::Debug for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ports")
    }
}

/// Why a cycle could not go on. Nothing was assumed, nothing was done half.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Halt {
    #[error(transparent)]
    Local(#[from] LocalError),
    #[error(transparent)]
    Remote(#[from] RemoteError),
    #[error(transparent)]
    State(#[from] StateError),
    /// The trees refused what a side told; both are read anew.
    #[error("the trees must be read anew: {0}")]
    Trees(String),
}

/// The engine of one root. Drop it, or the future of [`Engine::run`], at any time.
#[derive(Debug)]
pub struct Engine {
    runtime: Runtime,
    ports: Ports,
    settings: Settings,
    commands: mpsc::UnboundedReceiver<Command>,
    questions: mpsc::UnboundedReceiver<Question>,
    status: watch::Sender<RootStatus>,
}

impl Engine {
    /// Makes the engine of a root and its handle. Nothing happens before [`Engine::run`].
    #[must_use]
    pub fn new(runtime: Runtime, ports: Ports, settings: Settings) -> (Self, EngineHandle) {
        let (sender, commands) = mpsc::unbounded_channel();
        let (asker, questions) = mpsc::unbounded_channel();
        let (status, watched) = watch::channel(RootStatus::default());
        let engine = Self { runtime, ports, settings, commands, questions, status };
        (engine, EngineHandle::new(sender, asker, watched))
    }

    /// Syncs until dropped. A failing store ends one life inside and starts another, with growing waits; only what
    /// waiting cannot mend makes it return, with the status telling why.
    pub async fn run(mut self) {
        let mut attempts = 0;
        loop {
            match Life::open(&self.runtime, &self.ports, &self.settings, &self.status).await {
                Ok(mut life) => {
                    attempts = 0;
                    let halt = life.live(&mut self.commands, &mut self.questions).await;
                    if let Halt::Remote(error) = &halt
                        && let Reaction::Stop { message, remedy } = error.reaction()
                    {
                        return self.stop(&message, remedy);
                    }
                    tracing::warn!(%halt, "a life of the engine ended; it starts again");
                }
                Err(halt) => {
                    tracing::warn!(%halt, "the engine cannot start yet");
                    let unavailable = matches!(halt, Halt::Local(LocalError::Unavailable(_)));
                    self.status.send_modify(|status| {
                        status.state = if unavailable { RootState::Unavailable } else { RootState::Starting };
                        status.message = halt.to_string();
                    });
                }
            }
            attempts += 1;
            self.runtime.sleep(backoff(&self.runtime, attempts.min(4))).await;
        }
    }

    fn stop(&self, message: &str, remedy: &str) {
        self.status.send_modify(|status| {
            status.state = RootState::Stopped;
            status.message = message.to_owned();
            status.remedy = remedy.to_owned();
        });
    }
}

/// One life: from reading the store to the first trouble with it.
pub(crate) struct Life<'a> {
    pub(crate) runtime: &'a Runtime,
    pub(crate) ports: &'a Ports,
    pub(crate) settings: &'a Settings,
    pub(crate) status: &'a watch::Sender<RootStatus>,
    pub(crate) trees: Trees,
    pub(crate) control: Control,
    pub(crate) control_changed: Option<()>,
    pub(crate) stale: Stale,
    pub(crate) feed_due: Option<()>,
    /// Operations whose answers were lost.
    pub(crate) unanswered: Vec<InFlight>,
    /// Since when bound files are missing.
    pub(crate) missing: BTreeMap<LocalId, Duration>,
    pub(crate) holds: Holds,
    pub(crate) unrestorable: BTreeSet<ItemId>,
    /// Where conflict copies came from, for the server's record.
    pub(crate) origins: BTreeMap<LocalId, ConflictOrigin>,
    /// When items were uploaded lately, to slow down files written again and again.
    pub(crate) rewrites: BTreeMap<ItemId, (Duration, u32)>,
    /// Since when items have the name of a swap.
    pub(crate) swapped: BTreeMap<ItemId, Duration>,
    pub(crate) transfers: Transfers,
    pub(crate) plan: Plan,
    /// Something happened that the stale parts do not tell.
    pub(crate) due: Option<()>,
    /// When the last plan was made.
    pub(crate) planned_at: Duration,
    /// Until when parked files are looked at often.
    pub(crate) parked_until: Duration,
    /// The trees' generation and the policy the plan was made from.
    pub(crate) planned_from: Option<(u64, Policy)>,
    /// Steps under way when the engine ended that brought a file; until a scan has told what is there.
    pub(crate) interrupted: Vec<Intent>,
    /// While there are handles.
    pub(crate) listening: Option<()>,
    /// Why the root is closed, when it is.
    pub(crate) closed: Option<Closed>,
    /// What keeps an open root waiting, for people, with what to do.
    pub(crate) trouble: Option<(String, &'static str)>,
    pub(crate) attempts: u32,
    pub(crate) not_before: Duration,
    /// Until when the server asked to be left alone.
    pub(crate) asked_to_wait: Duration,
    pub(crate) last_poll: Duration,
    pub(crate) last_scan: Duration,
    pub(crate) last_parked: Duration,
}

enum Event {
    Command(Option<Command>),
    Question(Question),
    Report(Option<Report>),
    Disk(LocalHint),
    Server,
    Time,
}

impl Life<'_> {
    /// Runs cycles until the store or the root fails for good.
    async fn live(
        &mut self,
        commands: &mut mpsc::UnboundedReceiver<Command>,
        questions: &mut mpsc::UnboundedReceiver<Question>,
    ) -> Halt {
        loop {
            while let Ok(command) = commands.try_recv() {
                if let Err(halt) = self.obey(command).await {
                    return halt;
                }
            }
            if self.may_work()
                && self.is_due()
                && let Err(halt) = self.work(questions).await
                && let Err(halt) = self.cope(halt).await
            {
                return halt;
            }
            self.tell();
            let wake = self.next_wake();
            let event = self.wait(commands, questions, wake).await;
            if let Err(halt) = self.take(event).await {
                return halt;
            }
        }
    }

    fn may_work(&self) -> bool {
        !self.control.paused && self.runtime.elapsed() >= self.not_before
    }

    /// Whether something happened, or the time has come to look by oneself.
    fn is_due(&mut self) -> bool {
        let now = self.runtime.elapsed();
        let parts =
            self.stale.everything.is_some() || !self.stale.folders.is_empty() || self.feed_due.is_some();
        parts || self.due.take().is_some() || now >= self.next_time()
    }

    async fn wait(
        &mut self,
        commands: &mut mpsc::UnboundedReceiver<Command>,
        questions: &mut mpsc::UnboundedReceiver<Question>,
        wake: Duration,
    ) -> Event {
        let time = self.runtime.sleep(wake);
        tokio::select! {
            biased;
            command = commands.recv(), if self.listening.is_some() => Event::Command(command),
            Some(question) = questions.recv() => Event::Question(question),
            report = self.transfers.next() => Event::Report(report),
            hint = self.ports.local.hint() => Event::Disk(hint),
            () = self.ports.remote.hint() => Event::Server,
            () = time => Event::Time,
        }
    }

    async fn take(&mut self, event: Event) -> Result<(), Halt> {
        match event {
            Event::Command(Some(command)) => self.obey(command).await?,
            Event::Question(question) => self.answer_question(question),
            // All handles are gone; syncing goes on until the future is dropped.
            Event::Command(None) => self.listening = None,
            Event::Report(report) => {
                self.due = Some(());
                if let Some(report) = report {
                    self.take_report(report).await?;
                }
            }
            Event::Disk(hint) => self.stale.add(hint),
            Event::Server => {
                self.feed_due = Some(());
                // The server is there, or says that the root's state changed: what waited need not wait longer, unless
                // the server itself asked for it.
                self.not_before = self.asked_to_wait;
            }
            Event::Time => {}
        }
        Ok(())
    }

    /// Answers what was asked meanwhile.
    pub(crate) fn answer_questions(&self, questions: &mut mpsc::UnboundedReceiver<Question>) {
        while let Ok(question) = questions.try_recv() {
            self.answer_question(question);
        }
    }

    /// Whoever asked may be gone; that harms nothing.
    fn answer_question(&self, question: Question) {
        match question {
            Question::Explain(path, answer) => drop(answer.send(self.explain(&path))),
            Question::PlaceOf(item, answer) => drop(answer.send(self.place_of(&item))),
        }
    }

    async fn obey(&mut self, command: Command) -> Result<(), Halt> {
        match command {
            Command::Pause => self.control.paused = true,
            Command::Resume => {
                self.control.paused = false;
                self.look_anew();
            }
            Command::Answer(answer) => self.answer(answer),
            Command::Look => self.look_anew(),
        }
        self.due = Some(());
        self.control_changed = Some(());
        self.commit(Durability::Full).await
    }

    /// Somebody wants to know how it is now: nothing waits any longer, unless the server asked for it.
    fn look_anew(&mut self) {
        self.stale.everything = Some(());
        self.feed_due = Some(());
        self.not_before = self.asked_to_wait;
        self.holds.release();
        self.status.send_modify(|status| {
            status.looks += 1;
            status.up_to_date = false;
        });
    }

    /// Returns when something must be done although nothing happened.
    fn next_time(&self) -> Duration {
        let mut at = self.last_poll + self.settings.poll;
        at = at.min(self.last_scan + self.settings.rescan);
        at = at.min(self.next_parked());
        at = at.min(self.holds.next(self.planned_at).unwrap_or(Duration::MAX));
        at = at.min(self.next_settle().unwrap_or(Duration::MAX));
        at = at.min(self.next_stranded_swap().unwrap_or(Duration::MAX));
        at.min(self.next_rewrite().unwrap_or(Duration::MAX))
    }

    /// Returns how long to wait for an event.
    fn next_wake(&self) -> Duration {
        let now = self.runtime.elapsed();
        let mut at = if self.control.paused { now + self.settings.poll } else { self.next_time() };
        if self.not_before > now && !self.control.paused {
            at = self.not_before;
        }
        if self.transfers.running().next().is_some() {
            // The progress is told.
            at = at.min(now + Duration::from_secs(1));
        }
        at.saturating_sub(now).max(Duration::from_millis(10))
    }

    /// Writes what changed since the last commit.
    pub(crate) async fn commit(&mut self, durability: Durability) -> Result<(), Halt> {
        let control = self.control_changed.take().map(|()| self.control.clone());
        let change = self.trees.take_change(durability);
        if change.is_none() && control.is_none() {
            return Ok(());
        }
        let mut change = change.unwrap_or_default();
        change.durability = durability;
        change.control = control;
        Ok(self.ports.state.commit(change).await?)
    }

    pub(crate) fn journal(&mut self, kind: JournalKind, path: Option<&RelPath>, text: &str) {
        let path = path.map(ToString::to_string);
        self.trees.journal(JournalEntry { at: self.runtime.now(), kind, path, text: text.to_owned() });
    }

    /// Where an item is known to be, for people.
    pub(crate) fn path_of(&self, item: Option<&ItemId>, local: Option<LocalId>) -> Option<RelPath> {
        if let Some(path) = local.and_then(|local| self.trees.local.path(&local)) {
            return Some(path);
        }
        let item = item?;
        if let Some(path) = self
            .trees
            .synced
            .get(item)
            .and_then(|row| self.trees.local.path(&row.local))
            .filter(|path| !path.is_root())
        {
            return Some(path);
        }
        let tree = self.trees.remote.tree();
        let node = tree.get(item)?;
        let mut names: Vec<&str> = tree
            .ancestors(item)
            .filter(|node| node.parent.is_some())
            .map(|node| node.name.as_str())
            .collect();
        names.reverse();
        names.push(&node.name);
        let mut path = RelPath::root();
        for name in names {
            path = path.join(name).ok()?;
        }
        Some(path)
    }

    pub(crate) fn trees_failed(&mut self, error: &dyn std::fmt::Display) -> Halt {
        self.stale.everything = Some(());
        self.feed_due = Some(());
        Halt::Trees(error.to_string())
    }

    pub(crate) fn problem_of(error: &LocalError) -> Problem {
        match error {
            LocalError::Busy => Problem::Busy,
            LocalError::Denied => Problem::Unreadable,
            LocalError::DiskFull => Problem::DiskFull,
            other => Problem::Local { detail: other.to_string() },
        }
    }
}
