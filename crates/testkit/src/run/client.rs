//! Client: starts the real engine as the agent would, with the simulation's ports.

use std::sync::Arc;

use engine::{LocalTree, RemoteTree, StateStore};

use crate::simulation::Process;

/// Starts one life of a person's client.
pub(crate) fn start(
    process: &Process,
    person: &str,
    disk: Arc<dyn LocalTree>,
    remote: Arc<dyn RemoteTree>,
    state: Arc<dyn StateStore>,
) {
    process.note(format_args!("{person} has no engine yet"));
    let _parts = (disk, remote, state);
}
