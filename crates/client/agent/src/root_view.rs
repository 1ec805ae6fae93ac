//! Root view: how a root is, in the words of the agent API, made from what its engine says or from why it has none.

use agent_api::{HeldDeletion, ItemProblem, RecentChange, RootCounts, RootState, RootStatus, TransferStatus};
use engine::RootStatus as EngineStatus;
use serde::Serialize;
use transfer::ItemRole;

use crate::settings::{RootSettings, Settings};

/// How a root is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RootView {
    /// The engine says it.
    Running(Box<EngineStatus>),
    /// No engine runs, for this reason.
    Halted { state: RootState, reason: Option<String>, message: String, remedy: String },
}

impl RootView {
    /// Makes the view of a root without an engine.
    pub(crate) fn halted(state: RootState, message: &str, remedy: &str) -> Self {
        Self::Halted { state, reason: None, message: message.to_owned(), remedy: remedy.to_owned() }
    }

    /// Returns the one word for it.
    pub(crate) fn state(&self) -> RootState {
        match self {
            Self::Running(status) => engine_state(status),
            Self::Halted { state, .. } => *state,
        }
    }

    /// Tells whether nothing is left to do that would end by itself.
    pub(crate) fn is_at_rest(&self) -> bool {
        match self.state() {
            RootState::Starting | RootState::Syncing | RootState::Offline => false,
            // What is held waits for a person; everything else must have ended.
            RootState::Guarded => !matches!(self, Self::Running(status) if !status.up_to_date),
            _ => true,
        }
    }

    /// Tells people about the root.
    pub(crate) fn describe(&self, settings: &Settings, root: &RootSettings) -> RootStatus {
        let account = settings.account(&root.account);
        let mut told = RootStatus {
            id: root.id.clone(),
            organization: root.organization.clone(),
            title: root.title.clone(),
            folder: root.folder.display().to_string(),
            web_url: root.web_url.clone(),
            account: account.map(|account| account.address.clone()).unwrap_or_default(),
            state: self.state(),
            reason: None,
            message: None,
            remedy: None,
            page: None,
            resolve: None,
            view_only: root.role == ItemRole::Read,
            counts: RootCounts::default(),
            transfers: Vec::new(),
            recent: Vec::new(),
            problems: Vec::new(),
            held: None,
            last_contact: None,
        };
        match self {
            Self::Halted { reason, message, remedy, .. } => {
                told.reason.clone_from(reason);
                told.message = some_text(message);
                told.remedy = some_text(remedy);
            }
            Self::Running(status) => fill(&mut told, status),
        }
        told
    }
}

fn engine_state(status: &EngineStatus) -> RootState {
    use engine::RootState as Engine;
    match status.state {
        Engine::Starting | Engine::Active | Engine::ReadOnly | Engine::Guarded if status.offline => {
            RootState::Offline
        }
        Engine::Starting => RootState::Starting,
        Engine::Active | Engine::ReadOnly if !status.up_to_date => RootState::Syncing,
        Engine::Active | Engine::ReadOnly if status.counts.problems > 0 => RootState::NeedsAttention,
        Engine::Active | Engine::ReadOnly => RootState::UpToDate,
        Engine::Guarded => RootState::Guarded,
        Engine::InteractionNeeded => RootState::InteractionNeeded,
        Engine::SignInNeeded => RootState::SignInNeeded,
        Engine::Suspended => RootState::Suspended,
        Engine::Revoked => RootState::Revoked,
        Engine::Unavailable => RootState::FolderMissing,
        Engine::Paused => RootState::Paused,
        Engine::Stopped => RootState::Failed,
    }
}

fn fill(told: &mut RootStatus, status: &EngineStatus) {
    told.reason = status.reason.as_ref().map(word).or_else(|| status.demand.as_ref().map(word));
    told.message = some_text(&status.message);
    told.remedy = match status.demand {
        // The same sentence with the name in it: another organization may ask for something as well.
        Some(demand) if demand.is_met_in_browser() => {
            told.resolve = Some(format!("footbridge resolve {}", quoted(&told.organization)));
            let command = told.resolve.as_deref().unwrap_or_default();
            Some(format!("Run `{command}` and do what the page asks; then it goes on by itself."))
        }
        _ => some_text(&status.remedy),
    };
    told.page.clone_from(&status.url);
    if status.state != engine::RootState::Starting {
        told.view_only = status.view_only;
    }
    told.counts = RootCounts {
        synced: number(status.counts.synced),
        uploading: number(status.counts.uploading),
        downloading: number(status.counts.downloading),
        pending: number(status.counts.pending),
        problems: number(status.counts.problems),
        conflicts: number(status.counts.conflicts),
    };
    let transfers = status.transfers.iter().map(|line| TransferStatus {
        path: line.path.clone(),
        direction: word(&line.direction),
        done: line.done,
        total: line.total,
    });
    told.transfers = transfers.collect();
    let recent = status.recent.iter().map(|line| RecentChange {
        at: line.at,
        path: line.path.clone(),
        what: word(&line.what),
    });
    told.recent = recent.collect();
    let problems = status.problems.iter().map(|line| ItemProblem {
        path: line.path.clone(),
        kind: word(&line.problem),
        message: line.message.clone(),
        remedy: line.remedy.clone(),
    });
    told.problems = problems.collect();
    told.held = status
        .held
        .as_ref()
        .map(|held| HeldDeletion { count: number(held.count), total: number(held.total) });
    told.last_contact = status.last_contact;
}

/// Returns a name as one word of a shell. Names come from a server.
fn quoted(name: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !name.is_empty() && name.chars().all(harmless) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn some_text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns the word under which a value is stored: its name, or the `type` of a value with fields.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(serde_json::Value::Object(fields)) => {
            fields.get("type").and_then(|kind| kind.as_str()).unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use agent_api::RootState;
    use engine::{RootState as Engine, RootStatus};

    use super::RootView;

    fn view(state: Engine, change: impl Fn(&mut RootStatus)) -> RootView {
        let mut status = RootStatus { state, up_to_date: true, ..RootStatus::default() };
        change(&mut status);
        RootView::Running(Box::new(status))
    }

    #[test]
    fn r_d09_every_state_of_an_engine_has_a_word_and_only_moving_ones_are_waited_for() {
        let same = |_: &mut RootStatus| {};
        let cases = [
            ("equal", view(Engine::Active, same), RootState::UpToDate, true),
            ("moving", view(Engine::Active, |status| status.up_to_date = false), RootState::Syncing, false),
            (
                "with a problem",
                view(Engine::Active, |status| status.counts.problems = 1),
                RootState::NeedsAttention,
                true,
            ),
            (
                "without a connection",
                view(Engine::Active, |status| status.offline = true),
                RootState::Offline,
                false,
            ),
            ("for viewing", view(Engine::ReadOnly, same), RootState::UpToDate, true),
            ("access ended", view(Engine::Revoked, |status| status.offline = true), RootState::Revoked, true),
            ("held, the rest equal", view(Engine::Guarded, same), RootState::Guarded, true),
            (
                "held, the rest moving",
                view(Engine::Guarded, |status| status.up_to_date = false),
                RootState::Guarded,
                false,
            ),
            ("starting", view(Engine::Starting, same), RootState::Starting, false),
        ];
        for (case, view, state, at_rest) in cases {
            assert_eq!((view.state(), view.is_at_rest()), (state, at_rest), "{case}");
        }
    }
}
