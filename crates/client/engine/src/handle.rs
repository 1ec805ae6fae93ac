//! Handle: how the agent talks to a running engine.

use sync_core::{ItemId, RelPath};
use tokio::sync::{mpsc, oneshot, watch};

use crate::{Explanation, RootState, RootStatus};

/// What a person decided about a mass deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Delete on the server too.
    Delete,
    /// Bring everything back to this computer.
    Restore,
}

/// What the engine can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Pause,
    Resume,
    Answer(Answer),
    Look,
}

/// What the engine can be asked. It answers between two rounds of work, also while it is busy.
#[derive(Debug)]
pub(crate) enum Question {
    Explain(RelPath, oneshot::Sender<Explanation>),
    PlaceOf(ItemId, oneshot::Sender<Option<RelPath>>),
}

/// A cheap handle to a running engine. When all handles are gone the engine goes on; drop its future to end it.
#[derive(Debug, Clone)]
pub struct EngineHandle {
    commands: mpsc::UnboundedSender<Command>,
    questions: mpsc::UnboundedSender<Question>,
    status: watch::Receiver<RootStatus>,
}

impl EngineHandle {
    pub(crate) fn new(
        commands: mpsc::UnboundedSender<Command>,
        questions: mpsc::UnboundedSender<Question>,
        status: watch::Receiver<RootStatus>,
    ) -> Self {
        Self { commands, questions, status }
    }

    /// Returns the status, to be read now and waited for.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<RootStatus> {
        self.status.clone()
    }

    /// Stops syncing until [`EngineHandle::resume`]; survives a restart.
    pub fn pause(&self) {
        self.send(Command::Pause);
    }

    /// Goes on after a pause.
    pub fn resume(&self) {
        self.send(Command::Resume);
    }

    /// Answers a held mass deletion.
    pub fn answer(&self, answer: Answer) {
        self.send(Command::Answer(answer));
    }

    /// Looks at both sides now, and asks again whether the root is open: after a sign-in, a step-up, or on demand.
    pub fn look(&self) {
        self.send(Command::Look);
    }

    /// Looks, and waits until the engine has taken that up; from then on the status says only what was seen afterwards.
    /// A root whose folder is not there takes nothing up, and is not waited for.
    pub async fn looked(&self) {
        let mut status = self.status();
        let before = status.borrow().looks;
        self.look();
        // An engine that ended looks no more.
        let _taken_up =
            status.wait_for(|status| status.looks > before || status.state == RootState::Unavailable).await;
    }

    /// Asks what is known about a path; none when the engine has ended. While its folder is not there it does not
    /// answer, so the caller bounds the wait.
    pub async fn explain(&self, path: RelPath) -> Option<Explanation> {
        let (sender, answer) = oneshot::channel();
        self.questions.send(Question::Explain(path, sender)).ok()?;
        answer.await.ok()
    }

    /// Asks where an item is in this root; none when it is not in it. The caller bounds the wait.
    pub async fn place_of(&self, item: ItemId) -> Option<RelPath> {
        let (sender, answer) = oneshot::channel();
        self.questions.send(Question::PlaceOf(item, sender)).ok()?;
        answer.await.ok().flatten()
    }

    fn send(&self, command: Command) {
        // An engine that ended needs no command.
        let _ended = self.commands.send(command);
    }
}
