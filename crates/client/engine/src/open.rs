//! Open: begins a life. Loads the store, finds out what became of steps under way, and asks about operations whose
//! answers were lost. Recovery never deletes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use runtime::Runtime;
use sync_core::{Local, LocalId, Plan, Remote, Synced};
use tokio::sync::watch;

use crate::disk_steps::PARKED_GRACE;
use crate::engine::{Halt, Life};
use crate::holds::Holds;
use crate::stale::Stale;
use crate::transfers::Transfers;
use crate::trees::Trees;
use crate::{
    Control, Durability, Intent, JournalKind, Ports, Recovered, RootStatus, Settings, StateError, StoredState,
};

impl<'a> Life<'a> {
    /// Loads the store and recovers.
    pub(crate) async fn open(
        runtime: &'a Runtime,
        ports: &'a Ports,
        settings: &'a Settings,
        status: &'a watch::Sender<RootStatus>,
    ) -> Result<Life<'a>, Halt> {
        let health = ports.local.health().await?;
        let stored = match ports.state.load().await {
            Err(StateError::Damaged(detail)) => {
                // A store that cannot be read is the union of both sides, never a reason to delete.
                tracing::error!(%detail, "the state is damaged");
                return Err(StateError::Damaged(detail).into());
            }
            loaded => loaded?,
        };
        let uploads = stored.uploads.clone();
        let unanswered = stored.in_flight.clone();
        let intents = stored.intents.clone();
        let (trees, control, text) = rebuild(runtime, settings, health.root, stored);
        let mut life = Life {
            runtime,
            ports,
            settings,
            status,
            trees,
            control,
            control_changed: Some(()),
            stale: Stale { everything: Some(()), folders: BTreeSet::new() },
            feed_due: Some(()),
            unanswered,
            missing: BTreeMap::new(),
            holds: Holds::default(),
            unrestorable: BTreeSet::new(),
            origins: BTreeMap::new(),
            rewrites: BTreeMap::new(),
            swapped: BTreeMap::new(),
            transfers: Transfers::new(uploads),
            plan: Plan::default(),
            planned_from: None,
            interrupted: Vec::new(),
            listening: Some(()),
            due: Some(()),
            planned_at: runtime.elapsed(),
            parked_until: runtime.elapsed() + PARKED_GRACE,
            closed: None,
            trouble: None,
            attempts: 0,
            not_before: Duration::ZERO,
            asked_to_wait: Duration::ZERO,
            last_poll: runtime.elapsed(),
            last_scan: runtime.elapsed(),
            last_parked: runtime.elapsed(),
        };
        if let Some(text) = text {
            life.journal(JournalKind::Recovery, None, text);
        }
        life.recover(&intents).await?;
        life.restore_access();
        life.commit(Durability::Full).await?;
        Ok(life)
    }

    async fn recover(&mut self, intents: &[Intent]) -> Result<(), Halt> {
        if intents.is_empty() {
            return Ok(());
        }
        let found = self.ports.local.recover(intents).await?;
        for (intent, outcome) in intents.iter().zip(found) {
            if outcome == Recovered::Undone {
                tracing::warn!(intent = intent.id.0, "a step on disk met an unexpected version");
                let text = "A step that was under way met a version nobody expected; everything was kept.";
                self.journal(JournalKind::Recovery, None, text);
            }
        }
        let (bringing, done): (Vec<&Intent>, Vec<&Intent>) =
            intents.iter().partition(|intent| intent.brings.is_some());
        self.interrupted = bringing.into_iter().cloned().collect();
        self.trees.remove_intents(done.into_iter().map(|intent| intent.id));
        Ok(())
    }
}

/// Makes trees from what was stored. What makes no tree is dropped; then both sides are united, and nothing is deleted.
fn rebuild(
    runtime: &Runtime,
    settings: &Settings,
    root: LocalId,
    stored: StoredState,
) -> (Trees, Control, Option<&'static str>) {
    let item = settings.item.clone();
    let known = stored.control.filter(|control| control.item == item);
    let mut control = known.unwrap_or_else(|| Control {
        item: item.clone(),
        root: None,
        role: settings.role,
        device: runtime.uuid().simple().to_string(),
        next_operation: 1,
        next_intent: 1,
        cursor: None,
        epoch: None,
        access: None,
        paused: false,
        confirmed_deletes: Vec::new(),
    });
    let same_root = control.root == Some(root);
    let mut text = None;
    let remote = Remote::load(item.clone(), control.role, stored.remote, stored.gone).unwrap_or_else(|_| {
        control.cursor = None;
        Remote::new(item.clone(), control.role)
    });
    let stale: Vec<_> = stored.synced.iter().map(|row| row.item.clone()).collect();
    let local = match Local::load(root, stored.local) {
        Ok(local) if same_root => local,
        _ => Local::new(root),
    };
    let synced = match Synced::load(item.clone(), root, stored.synced) {
        Ok(synced) if same_root => Some(synced),
        _ => None,
    };
    if synced.is_none() && !stale.is_empty() {
        text = Some(
            "The folder or its state is not the one known; both sides are compared anew and nothing is deleted.",
        );
    }
    let fresh = Synced::new(item, root);
    let mut trees = Trees::new(remote, local, synced.unwrap_or(fresh));
    if text.is_some() {
        for item in stale {
            // Rows of another folder must not be read again as this one's.
            let _root_stays = trees.remove_row(&item);
        }
    }
    control.root = Some(root);
    (trees, control, text)
}
