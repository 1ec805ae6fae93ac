//! Client: starts the real engine as the agent would, with the simulation's ports, and answers what it asks a person.

use std::sync::Arc;
use std::time::Duration;

use engine::{Answer, Engine, EngineHandle, LocalTree, Ports, RemoteTree, Settings, StateStore};
use sync_core::ItemId;
use transfer::ItemRole;

use crate::simulation::Process;

/// How often the folder is walked without a hint: more often than usual, so that a run need not be long.
const RESCAN: Duration = Duration::from_secs(600);

/// Starts one life of a person's client.
pub(crate) fn start(
    process: &Process,
    person: &str,
    root: &str,
    disk: Arc<dyn LocalTree>,
    remote: Arc<dyn RemoteTree>,
    state: Arc<dyn StateStore>,
) {
    let mut settings = Settings::of(ItemId::new(root), ItemRole::Write, person);
    settings.rescan = RESCAN;
    let ports = Ports { local: disk, remote, state };
    let (engine, handle) = Engine::new(process.runtime(), ports, settings);
    process.runtime().spawn("engine", engine.run()).detach();
    let watching = watch(process.clone(), handle);
    process.runtime().spawn("person at the client", watching).detach();
}

/// Does what a person does who reads the activity center: confirms deletions, and notes what it says.
async fn watch(process: Process, handle: EngineHandle) {
    let mut status = handle.status();
    let mut before = None;
    loop {
        let (state, held, message) = {
            let now = status.borrow_and_update();
            (now.state, now.held.is_some(), now.message.clone())
        };
        if before != Some((state, held)) {
            process.note(format_args!("is {state:?}{}: {message}", if held { ", asks" } else { "" }));
            before = Some((state, held));
        }
        if held {
            handle.answer(Answer::Delete);
        }
        if status.changed().await.is_err() {
            return;
        }
    }
}
