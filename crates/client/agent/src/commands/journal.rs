//! Journal: what happened to a root that a person may want to know later.

use agent_api::{Failure, FailureKind, JournalLine, Message};

use super::find_root;
use crate::Agent;
use crate::root_view::word;

pub(super) async fn run(agent: &Agent, name: &str, limit: usize) -> Result<Message, Failure> {
    let root = find_root(agent, name)?;
    let store = agent.live().roots.get(&root.id).and_then(|live| live.store());
    let store =
        store.ok_or_else(|| Failure::new(FailureKind::Computer, "It is not running at the moment."))?;
    let entries = store
        .journal(limit.min(1000))
        .await
        .map_err(|error| Failure::new(FailureKind::Computer, error.to_string()))?;
    Ok(Message::Journal { lines: entries.into_iter().map(line).collect() })
}

/// Writes a line as front ends read it.
pub(super) fn line(entry: engine::JournalEntry) -> JournalLine {
    JournalLine { at: entry.at, kind: word(&entry.kind), path: entry.path, text: entry.text }
}
