//! Watch: the status now and after every change, at most ten times a second.

use std::time::Duration;

use agent_api::{Failure, Message};

use crate::Agent;
use crate::session::Outlet;

const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn run(agent: &Agent, outlet: &mut Outlet) -> Result<Message, Failure> {
    let mut changes = agent.changes();
    loop {
        changes.mark_unchanged();
        let sent = outlet.send(&Message::Status(Box::new(agent.snapshot()))).await;
        if sent.is_err() || changes.changed().await.is_err() {
            return Ok(Message::Done);
        }
        agent.0.runtime.sleep(PAUSE).await;
    }
}
