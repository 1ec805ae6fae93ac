//! Pause and resume: survives a restart, because the engine keeps it with the root's own state.

use agent_api::{Failure, FailureKind, Message};

use super::find_root;
use crate::Agent;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Pause,
    Resume,
}

pub(super) async fn run(agent: &Agent, name: &str, direction: Direction) -> Result<Message, Failure> {
    let root = find_root(agent, name)?;
    let engine = agent.live().roots.get(&root.id).and_then(|live| live.engine());
    let engine = engine.ok_or_else(|| {
        Failure::new(FailureKind::Computer, "It is not running at the moment.")
            .with_remedy("`footbridge status` says why.")
    })?;
    match direction {
        Direction::Pause => engine.pause(),
        Direction::Resume => engine.resume(),
    }
    Ok(Message::Done)
}
