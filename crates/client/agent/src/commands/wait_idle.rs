//! Wait until idle: every root looks at both sides anew, and the answer comes when nothing is left to do.

use agent_api::{Failure, Message};

use crate::Agent;

pub(super) async fn run(agent: &Agent) -> Result<Message, Failure> {
    let mut changes = agent.changes();
    let engines: Vec<_> = agent.live().roots.values().filter_map(|root| root.engine()).collect();
    for engine in engines {
        engine.looked().await;
    }
    loop {
        changes.mark_unchanged();
        let snapshot = agent.snapshot();
        if snapshot.idle || changes.changed().await.is_err() {
            return Ok(Message::Status(Box::new(snapshot)));
        }
    }
}
