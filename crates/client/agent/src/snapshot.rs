//! Snapshot: everything the agent knows at one moment, put together for front ends.

use agent_api::StatusSnapshot;

use crate::Agent;
use crate::accounts::account_status;

impl Agent {
    /// Returns everything.
    pub(crate) fn snapshot(&self) -> StatusSnapshot {
        let live = self.live();
        let views: Vec<_> = live
            .settings
            .roots
            .iter()
            .filter_map(|root| Some((root, live.roots.get(&root.id)?.view())))
            .collect();
        let roots: Vec<_> = views.iter().map(|(root, view)| view.describe(&live.settings, root)).collect();
        StatusSnapshot {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            sync_home: self.0.places.sync_home().display().to_string(),
            accounts: live.settings.accounts.iter().map(account_status).collect(),
            idle: views.iter().all(|(_, view)| view.is_at_rest()),
            problems: roots.iter().map(|root| root.counts.problems).sum(),
            roots,
        }
    }
}
