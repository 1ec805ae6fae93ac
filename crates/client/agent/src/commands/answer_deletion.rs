//! The person's answer to a mass deletion that the engine holds back (X10).

use agent_api::{DeletionAnswer, Failure, FailureKind, Message};
use engine::Answer;

use super::find_root;
use crate::Agent;

pub(super) async fn run(agent: &Agent, name: &str, answer: DeletionAnswer) -> Result<Message, Failure> {
    let root = find_root(agent, name)?;
    let engine = agent.live().roots.get(&root.id).and_then(|live| live.engine());
    let held = engine.filter(|engine| engine.status().borrow().held.is_some());
    let engine =
        held.ok_or_else(|| Failure::new(FailureKind::NotFound, "No deletion waits for an answer there."))?;
    engine.answer(match answer {
        DeletionAnswer::Delete => Answer::Delete,
        DeletionAnswer::Restore => Answer::Restore,
    });
    Ok(Message::Done)
}
