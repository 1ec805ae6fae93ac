//! Simulated state store: the engine's [`StateStore`] in memory, with the guarantees of a journaled database: a commit
//! is whole or not there; a killed process loses no commit; a power loss may take commits back, newest first, that
//! asked for no durability.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use engine::{
    Durability, InFlight, Intent, IntentId, JournalEntry, StateChange, StateError, StateStore, StoredState,
    UploadSession,
};
use sync_core::{Gone, ItemId, LocalId, LocalNode, RemoteNode, SyncedNode};
use transfer::OperationId;

use crate::simulation::{Process, Tape};

#[derive(Debug, Clone, Default)]
struct Rows {
    control: Option<engine::Control>,
    remote: BTreeMap<ItemId, RemoteNode>,
    gone: BTreeMap<ItemId, Gone>,
    local: BTreeMap<LocalId, LocalNode>,
    synced: BTreeMap<ItemId, SyncedNode>,
    intents: BTreeMap<IntentId, Intent>,
    in_flight: BTreeMap<OperationId, InFlight>,
    uploads: BTreeMap<LocalId, UploadSession>,
    journal: Vec<JournalEntry>,
}

#[derive(Debug, Default)]
struct Inner {
    rows: Rows,
    fallbacks: Vec<Rows>,
}

/// What outlives the client's process.
#[derive(Debug, Clone, Default)]
pub struct StateFile(Arc<Mutex<Inner>>);

impl StateFile {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the power away: commits since the last one that asked for durability may be undone.
    pub fn lose_power(&self, tape: &Tape) {
        let mut inner = self.inner();
        let kept = tape.index(inner.fallbacks.len() + 1);
        if kept < inner.fallbacks.len() {
            inner.rows = inner.fallbacks.swap_remove(kept);
        }
        inner.fallbacks.clear();
    }

    /// Forgets everything, as when a person deletes it or gets a new computer.
    pub fn lose_everything(&self) {
        *self.inner() = Inner::default();
    }

    /// Returns the journal, oldest first.
    #[must_use]
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.inner().rows.journal.clone()
    }
}

/// The port for one life of the client.
#[derive(Debug, Clone)]
pub struct SimState {
    file: StateFile,
    process: Process,
}

impl SimState {
    /// Opens the store for a new life of the client.
    #[must_use]
    pub fn open(file: &StateFile, process: &Process) -> Self {
        Self { file: file.clone(), process: process.clone() }
    }

    /// Passes a moment; a dead process waits for ever.
    async fn turn(&self) {
        tokio::task::yield_now().await;
        if !self.process.is_alive() {
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl StateStore for SimState {
    async fn load(&self) -> Result<StoredState, StateError> {
        self.turn().await;
        let rows = self.file.inner().rows.clone();
        Ok(StoredState {
            control: rows.control,
            remote: rows.remote.into_values().collect(),
            gone: rows.gone,
            local: rows.local.into_values().collect(),
            synced: rows.synced.into_values().collect(),
            intents: rows.intents.into_values().collect(),
            in_flight: rows.in_flight.into_values().collect(),
            uploads: rows.uploads.into_values().collect(),
        })
    }

    async fn commit(&self, change: StateChange) -> Result<(), StateError> {
        self.turn().await;
        {
            let mut inner = self.file.inner();
            match change.durability {
                Durability::Full => inner.fallbacks.clear(),
                Durability::Observation => {
                    let rows = inner.rows.clone();
                    inner.fallbacks.push(rows);
                }
            }
            inner.rows.apply(change);
        }
        self.turn().await;
        Ok(())
    }

    async fn journal(&self, limit: usize) -> Result<Vec<JournalEntry>, StateError> {
        self.turn().await;
        Ok(self.file.inner().rows.journal.iter().rev().take(limit).cloned().collect())
    }
}

impl Rows {
    fn apply(&mut self, change: StateChange) {
        if let Some(control) = change.control {
            self.control = Some(control);
        }
        if change.remote_reset.is_some() {
            self.remote.clear();
            self.gone.clear();
        }
        for (item, gone) in change.remote_gone {
            self.remote.remove(&item);
            self.gone.insert(item, gone);
        }
        self.gone.retain(|item, _| !change.gone_forget.contains(item));
        self.local.retain(|id, _| !change.local_remove.contains(id));
        self.synced.retain(|item, _| !change.synced_remove.contains(item));
        self.intents.retain(|id, _| !change.intents_remove.contains(id));
        self.in_flight.retain(|op, _| !change.in_flight_remove.contains(op));
        self.uploads.retain(|id, _| !change.uploads_remove.contains(id));
        for node in change.remote_put {
            self.gone.remove(&node.id);
            self.remote.insert(node.id.clone(), node);
        }
        self.local.extend(change.local_put.into_iter().map(|node| (node.id, node)));
        self.synced.extend(change.synced_put.into_iter().map(|node| (node.item.clone(), node)));
        self.intents.extend(change.intents_add.into_iter().map(|intent| (intent.id, intent)));
        self.in_flight.extend(change.in_flight_add.into_iter().map(|sent| (sent.operation.op.clone(), sent)));
        self.uploads.extend(change.uploads_put.into_iter().map(|upload| (upload.local, upload)));
        self.journal.extend(change.journal);
    }
}
