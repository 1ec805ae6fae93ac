//! Trees: the three trees in memory, which of their rows the store does not have yet, and what of them is unsettled.
//!
//! Every change goes through here, so that both stay true: a plan looks only at what is unsettled.

use std::collections::BTreeSet;

use sync_core::{
    ItemId, Local, LocalId, LocalNode, Remote, RemoteDelta, RemoteNode, Synced, SyncedError, SyncedNode,
    TreeError, Unsettled,
};
use transfer::DeltaEntry;

use crate::{Durability, InFlight, Intent, IntentId, JournalEntry, StateChange, UploadSession};
use transfer::OperationId;

/// The trees, and what must be committed next.
#[derive(Debug)]
pub(crate) struct Trees {
    pub(crate) remote: Remote,
    pub(crate) local: Local,
    pub(crate) synced: Synced,
    unsettled: Unsettled,
    /// Grows with every change that a plan could depend on.
    generation: u64,
    remote_touched: BTreeSet<ItemId>,
    local_touched: BTreeSet<LocalId>,
    synced_touched: BTreeSet<ItemId>,
    forget: Vec<ItemId>,
    change: StateChange,
}

impl Trees {
    pub(crate) fn new(remote: Remote, local: Local, synced: Synced) -> Self {
        let unsettled = Unsettled::of(&remote, &local, &synced);
        Self {
            remote,
            local,
            synced,
            unsettled,
            generation: 1,
            remote_touched: BTreeSet::new(),
            local_touched: BTreeSet::new(),
            synced_touched: BTreeSet::new(),
            forget: Vec::new(),
            change: StateChange::default(),
        }
    }

    pub(crate) fn put_row(&mut self, row: SyncedNode) -> Result<(), SyncedError> {
        let there = self.remote.get(&row.item);
        let row = row.sharing(there);
        let (item, local) = (row.item.clone(), row.local);
        let before = self.synced.get(&item).map(|row| row.local);
        self.synced.update(vec![row], &[])?;
        self.generation += 1;
        if before == Some(local) {
            self.look_at_item(&item);
        } else {
            self.look_at_bindings(&item, [before, Some(local)]);
        }
        self.synced_touched.insert(item);
        Ok(())
    }

    pub(crate) fn remove_row(&mut self, item: &ItemId) -> Result<(), SyncedError> {
        let before = self.synced.get(item).map(|row| row.local);
        self.synced.update(vec![], std::slice::from_ref(item))?;
        self.generation += 1;
        self.look_at_bindings(item, [before, None]);
        self.synced_touched.insert(item.clone());
        Ok(())
    }

    /// Forgets the merge base altogether (union mode).
    pub(crate) fn reset_synced(&mut self, local_root: LocalId) {
        self.synced_touched.extend(self.synced.tree().iter().map(|row| row.item.clone()));
        self.generation += 1;
        let root = self.remote.tree().root().clone();
        self.synced = Synced::new(root, local_root);
        self.look_at_everything();
    }

    pub(crate) fn put_remote(&mut self, node: RemoteNode) -> Result<(), TreeError> {
        let item = node.id.clone();
        self.remote.put(node)?;
        self.generation += 1;
        self.look_at_item(&item);
        self.remote_touched.insert(item);
        Ok(())
    }

    pub(crate) fn remove_remote(&mut self, item: &ItemId) -> Result<(), TreeError> {
        let delta = self.remote.remove(item)?;
        self.take_remote(delta);
        Ok(())
    }

    pub(crate) fn apply_delta(&mut self, entries: &[DeltaEntry]) -> Result<(), TreeError> {
        if !entries.iter().any(|entry| self.is_news(entry)) {
            // The echo of what we did ourselves.
            return Ok(());
        }
        let delta = self.remote.apply(entries)?;
        self.take_remote(delta);
        Ok(())
    }

    pub(crate) fn replace_remote(&mut self, entries: &[DeltaEntry]) -> Result<(), TreeError> {
        let delta = self.remote.replace(entries)?;
        self.take_remote(delta);
        Ok(())
    }

    fn take_remote(&mut self, delta: RemoteDelta) {
        self.generation += 1;
        for item in delta.put.into_iter().chain(delta.gone.into_iter().map(|(item, _)| item)) {
            self.look_at_item(&item);
            self.remote_touched.insert(item);
        }
    }

    pub(crate) fn put_locals(&mut self, nodes: Vec<LocalNode>, removes: &[LocalId]) -> Result<(), TreeError> {
        if nodes.is_empty() && removes.is_empty() {
            return Ok(());
        }
        self.generation += 1;
        let touched: Vec<LocalId> = nodes.iter().map(|node| node.id).chain(removes.iter().copied()).collect();
        self.local.update(nodes, removes)?;
        for id in touched {
            self.look_at_local(&id);
            self.local_touched.insert(id);
        }
        Ok(())
    }

    pub(crate) fn remove_local(&mut self, id: &LocalId) {
        // The root is never asked for; everything else can be removed with what is below it.
        let removed = self.local.remove_subtree(id).unwrap_or_default();
        self.generation += 1;
        for node in removed {
            self.look_at_local(&node.id);
            self.local_touched.insert(node.id);
        }
    }

    /// Takes in what a complete scan found changed and gone.
    pub(crate) fn take_scan(&mut self, changed: Vec<LocalNode>, gone: &[LocalId]) -> Result<(), TreeError> {
        if !changed.is_empty() || !gone.is_empty() {
            let touched: Vec<LocalId> =
                changed.iter().map(|node| node.id).chain(gone.iter().copied()).collect();
            self.local.update(changed, gone)?;
            self.generation += 1;
            self.local_touched.extend(touched);
        }
        self.look_at_everything();
        Ok(())
    }

    /// Whether nothing was ever told by the server.
    pub(crate) fn is_remote_blank(&self) -> bool {
        self.remote.tree().is_empty() && self.remote.tombstones().is_empty()
    }

    /// What a plan must look at.
    pub(crate) fn unsettled(&self) -> &Unsettled {
        #[cfg(debug_assertions)]
        self.check_unsettled();
        &self.unsettled
    }

    /// Compares with a look at everything, where that costs little.
    #[cfg(debug_assertions)]
    fn check_unsettled(&self) {
        const SMALL: usize = 200;
        if self.local.tree().len() + self.remote.tree().len() <= SMALL {
            let all = Unsettled::of(&self.remote, &self.local, &self.synced);
            debug_assert_eq!(self.unsettled, all, "a change of the trees was not looked at");
        }
    }

    fn look_at_everything(&mut self) {
        self.unsettled = Unsettled::of(&self.remote, &self.local, &self.synced);
    }

    fn look_at_item(&mut self, item: &ItemId) {
        self.unsettled.look_at_item(&self.remote, &self.local, &self.synced, item);
    }

    fn look_at_local(&mut self, id: &LocalId) {
        self.unsettled.look_at_local(&self.remote, &self.local, &self.synced, id);
    }

    fn look_at_bindings(&mut self, item: &ItemId, locals: [Option<LocalId>; 2]) {
        self.look_at_item(item);
        for id in locals.into_iter().flatten() {
            self.unsettled.look_at_binding(&self.remote, &self.local, &self.synced, &id);
        }
    }

    /// Replaces the confirmed absences.
    pub(crate) fn confirm_absent(&mut self, absent: BTreeSet<LocalId>) {
        if absent != *self.local.absent() {
            self.generation += 1;
            self.local.confirm_absent(absent);
        }
    }

    /// Changes whenever a plan made before may be outdated.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    fn is_news(&self, entry: &DeltaEntry) -> bool {
        match entry {
            DeltaEntry::Item(item) => {
                let mut node = RemoteNode::from(item);
                if node.id == *self.remote.tree().root() {
                    node.parent = None;
                }
                self.remote.get(&node.id) != Some(&node)
            }
            DeltaEntry::Removed { id, reason, .. } => {
                let id = ItemId::new(id);
                let known = self.remote.gone(&id) == Some((*reason).into());
                self.remote.get(&id).is_some() || (self.synced.get(&id).is_some() && !known)
            }
        }
    }

    pub(crate) fn journal(&mut self, entry: JournalEntry) {
        self.change.journal.push(entry);
    }

    pub(crate) fn add_intents(&mut self, intents: &[Intent]) {
        self.change.intents_add.extend_from_slice(intents);
    }

    pub(crate) fn remove_intents(&mut self, intents: impl IntoIterator<Item = IntentId>) {
        self.change.intents_remove.extend(intents);
    }

    pub(crate) fn add_in_flight(&mut self, sent: &[InFlight]) {
        self.change.in_flight_add.extend_from_slice(sent);
    }

    pub(crate) fn remove_in_flight(&mut self, ids: impl IntoIterator<Item = OperationId>) {
        self.change.in_flight_remove.extend(ids);
    }

    pub(crate) fn put_upload(&mut self, session: UploadSession) {
        self.change.uploads_put.push(session);
    }

    pub(crate) fn remove_upload(&mut self, local: LocalId) {
        self.change.uploads_remove.push(local);
    }

    /// Returns what the store lacks as one change; none when it lacks nothing.
    pub(crate) fn take_change(&mut self, durability: Durability) -> Option<StateChange> {
        let mut change = std::mem::take(&mut self.change);
        change.durability = durability;
        change.gone_forget = std::mem::take(&mut self.forget);
        for item in std::mem::take(&mut self.remote_touched) {
            match (self.remote.get(&item), self.remote.gone(&item)) {
                (Some(node), _) => change.remote_put.push(node.clone()),
                (None, Some(reason)) => {
                    change.remote_gone.push((item.clone(), reason));
                    self.drop_tombstone(item);
                }
                (None, None) => {}
            }
        }
        for id in std::mem::take(&mut self.local_touched) {
            match self.local.get(&id) {
                Some(node) => change.local_put.push(node.clone()),
                None => change.local_remove.push(id),
            }
        }
        for item in std::mem::take(&mut self.synced_touched) {
            match self.synced.get(&item) {
                Some(row) => change.synced_put.push(row.clone()),
                None => {
                    change.synced_remove.push(item.clone());
                    self.drop_tombstone(item);
                }
            }
        }
        (change != StateChange { durability, ..StateChange::default() }).then_some(change)
    }

    /// A tombstone matters only while a row waits for it.
    fn drop_tombstone(&mut self, item: ItemId) {
        if self.synced.get(&item).is_none() && self.remote.gone(&item).is_some() {
            self.remote.forget(&item);
            self.forget.push(item);
        }
    }
}
