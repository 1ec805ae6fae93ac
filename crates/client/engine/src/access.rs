//! Access: what trouble means for the root. Only a verified report closes it; a refusal alone never does, and no file
//! is touched while it is closed.

use std::time::Duration;

use sync_core::{LocalKind, RelPath, ignored};
use transfer::{AccessReason, AccessReport, AccessState};

use crate::cycle::Progress;
use crate::engine::{Halt, Life};
use crate::holds::backoff;
use crate::{
    Demand, Durability, JournalKind, LocalChange, LocalError, Reaction, RemoteError, RootState,
    VerifiedAccess,
};

/// Why a root is closed, and what to tell about it.
#[derive(Debug, Clone)]
pub(crate) struct Closed {
    pub(crate) state: RootState,
    pub(crate) reason: Option<AccessReason>,
    pub(crate) message: String,
    pub(crate) remedy: String,
    pub(crate) url: Option<String>,
    pub(crate) demand: Option<Demand>,
}

/// Where the waits of a closed root begin, before it asks again by itself: some seconds, then twice as long each time, to
/// five minutes. What was taken or asked for by mistake is often given back soon.
const FIRST_ASK: u32 = 3;

impl Life<'_> {
    /// Takes the stored report up again after a restart.
    pub(crate) fn restore_access(&mut self) {
        if let Some(report) = self.control.access.clone() {
            self.closed = closed_by(&report);
        }
    }

    /// Asks whether a closed root is open again. Some progress means that it is open.
    pub(crate) async fn ask_when_closed(&mut self) -> Result<Progress, Halt> {
        match self.closed.as_ref().map(|closed| closed.state) {
            None | Some(RootState::Unavailable) => {
                self.closed = None;
                Ok(Progress::Some)
            }
            // No report closed it, so the feed is the question. Until it has answered nothing is planned, and nothing
            // changes on disk (C06).
            Some(RootState::InteractionNeeded | RootState::SignInNeeded) if self.control.access.is_none() => {
                self.feed_due = Some(());
                self.observe_feed().await?;
                self.closed = None;
                self.journal(JournalKind::Access, None, "The folder is open again.");
                Ok(Progress::Some)
            }
            Some(_) => {
                let VerifiedAccess(report) = self.ports.remote.access().await?;
                self.take_access(report).await?;
                Ok(if self.closed.is_none() { Progress::Some } else { Progress::None })
            }
        }
    }

    /// Decides what trouble means. Returns it when only a new life or a new program can mend it.
    pub(crate) async fn cope(&mut self, halt: Halt) -> Result<(), Halt> {
        tracing::debug!(%halt, "a cycle ended early");
        let now = self.runtime.elapsed();
        match halt {
            Halt::State(_) => return Err(halt),
            Halt::Local(LocalError::Unavailable(message)) => {
                self.stale.everything = Some(());
                let remedy =
                    "Connect the disk, or put the folder back where it was. Nothing is deleted meanwhile.";
                self.close(RootState::Unavailable, &message, remedy, None, None);
                // A new life reads the store and looks at steps that were under way.
                self.tell();
                return Err(Halt::Local(LocalError::Unavailable(message)));
            }
            Halt::Local(_) => {
                self.stale.everything = Some(());
                self.wait_longer();
            }
            Halt::Remote(error) => self.cope_with_server(error, now).await?,
            Halt::Trees(text) => {
                tracing::warn!(%text, "the trees are read anew");
                self.attempts += 1;
                if self.attempts > 1 {
                    self.wait_longer();
                }
            }
        }
        self.commit(Durability::Observation).await
    }

    async fn cope_with_server(&mut self, error: RemoteError, now: Duration) -> Result<(), Halt> {
        self.trouble = None;
        match error.reaction() {
            Reaction::Close { state, message, remedy, page, demand } => {
                self.attempts = if self.is_closed_as(state) { self.attempts.saturating_add(1) } else { 1 };
                self.close(state, &message, remedy, page, demand);
                self.not_before = now + backoff(self.runtime, self.attempts.saturating_add(FIRST_ASK));
            }
            Reaction::AskWhetherOpen => match self.ports.remote.access().await {
                Ok(VerifiedAccess(report)) => self.take_access(report).await?,
                Err(RemoteError::RootRefused) => self.wait_longer(),
                Err(error) => return Box::pin(self.cope_with_server(error, now)).await,
            },
            Reaction::Wait { after, message, remedy } => {
                self.trouble = Some((message.to_owned(), remedy));
                self.not_before = now + after + backoff(self.runtime, 0);
                if matches!(error, RemoteError::Throttled { .. }) {
                    self.asked_to_wait = self.not_before;
                }
            }
            Reaction::TryAgain { message } => {
                self.trouble = Some((message, "It is tried again by itself."));
                self.status.send_modify(|status| status.offline = true);
                self.wait_longer();
            }
            Reaction::LookAnew => {
                self.feed_due = Some(());
                self.wait_longer();
            }
            Reaction::Stop { .. } => return Err(error.into()),
        }
        Ok(())
    }

    fn wait_longer(&mut self) {
        self.attempts += 1;
        let most = Duration::from_secs(60);
        self.not_before = self.runtime.elapsed() + backoff(self.runtime, self.attempts).min(most);
    }

    fn close(
        &mut self,
        state: RootState,
        message: &str,
        remedy: &str,
        url: Option<String>,
        demand: Option<Demand>,
    ) {
        if !self.is_closed_as(state) {
            self.journal(JournalKind::Access, None, message);
        }
        let (message, remedy) = (message.to_owned(), remedy.to_owned());
        self.closed = Some(Closed { state, reason: None, message, remedy, url, demand });
    }

    fn is_closed_as(&self, state: RootState) -> bool {
        self.closed.as_ref().is_some_and(|closed| closed.state == state)
    }

    /// Takes a verified report in: the one thing that may close or open a root.
    async fn take_access(&mut self, report: AccessReport) -> Result<(), Halt> {
        let before = self.control.access.as_ref().map(|report| report.state);
        self.closed = closed_by(&report);
        let now = self.runtime.elapsed();
        if self.closed.is_none() {
            if before.is_some() {
                self.journal(JournalKind::Access, None, "The folder is open again.");
            }
            self.control.access = None;
            self.feed_due = Some(());
            self.wait_longer();
            if before.is_some() {
                self.not_before = now;
            }
        } else {
            let news = before != Some(report.state);
            self.attempts = if news { 1 } else { self.attempts.saturating_add(1) };
            self.not_before = now + backoff(self.runtime, self.attempts.saturating_add(FIRST_ASK));
            self.due = Some(());
            if news {
                self.journal(JournalKind::Access, None, &report.message);
                if report.state == AccessState::Revoked {
                    self.rescue().await?;
                }
            }
            self.control.access = Some(report);
        }
        self.control_changed = Some(());
        self.commit(Durability::Full).await
    }

    /// Copies what the server does not have to the rescue folder. The files stay where they are.
    async fn rescue(&mut self) -> Result<(), Halt> {
        self.observe_disk().await?;
        let mut changes = Vec::new();
        for node in self.trees.local.tree().iter().filter(|node| node.kind == LocalKind::File) {
            let row = self.trees.synced.of_local(&node.id);
            let clean = row.is_some_and(|row| {
                row.fingerprint == Some(node.fingerprint)
                    || (node.content.is_some() && node.content == row.content)
            });
            if clean || node.problem.is_some() || (row.is_none() && ignored(&node.name).is_some()) {
                continue;
            }
            if let Some(file) = self.local_ref(node.id) {
                changes.push(LocalChange::Rescue { node: file, expected: node.fingerprint });
            }
        }
        for group in changes.chunks(200) {
            let results = self.ports.local.apply(group).await;
            for (change, result) in group.iter().zip(results) {
                let LocalChange::Rescue { node, .. } = change else { continue };
                let text = match result {
                    Ok(_) => {
                        "Changed here and not yet sent when access ended; a copy is in the rescue folder."
                    }
                    Err(_) => "Changed here and not yet sent when access ended; it stays where it is.",
                };
                let path: RelPath = node.path.clone();
                self.journal(JournalKind::Rescue, Some(&path), text);
            }
        }
        Ok(())
    }
}

fn closed_by(report: &AccessReport) -> Option<Closed> {
    let state = match report.state {
        AccessState::Active | AccessState::ReadOnly => return None,
        AccessState::InteractionNeeded => RootState::InteractionNeeded,
        AccessState::Suspended => RootState::Suspended,
        AccessState::Revoked => RootState::Revoked,
    };
    Some(Closed {
        state,
        reason: report.reason,
        message: report.message.clone(),
        remedy: report.remedy.clone(),
        url: None,
        demand: None,
    })
}
