//! Unsettled: which rows, items and files a plan must look at, because the three trees do not agree on them. Whatever
//! is not in here is where and what both sides want, so that a plan need not look at it.
//!
//! It is kept by looking again at what was touched. To look once too often costs time; to miss one would leave it
//! unsynced, therefore [`Unsettled::of`], which looks at everything, is what it is tested against.

use std::collections::BTreeSet;

use crate::{
    Fingerprint, ItemId, Local, LocalId, LocalKind, Remote, Synced, SyncedNode, is_conflict_name,
    is_swap_name,
};

/// What of the three trees is not settled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unsettled {
    rows: BTreeSet<ItemId>,
    items: BTreeSet<ItemId>,
    locals: BTreeSet<LocalId>,
    conflicts: BTreeSet<LocalId>,
}

impl Unsettled {
    /// Looks at everything.
    #[must_use]
    pub fn of(remote: &Remote, local: &Local, synced: &Synced) -> Self {
        let mut found = Self::default();
        for node in remote.tree().iter() {
            found.look_at_item(remote, local, synced, &node.id);
        }
        for row in synced.tree().iter() {
            found.look_at_item(remote, local, synced, &row.item);
        }
        for node in local.tree().iter() {
            found.look_at_file(local, synced, &node.id);
        }
        found
    }

    /// Takes everything as unsettled, as a plan without this knowledge would have to.
    #[cfg(test)]
    pub(crate) fn everything(remote: &Remote, local: &Local, synced: &Synced) -> Self {
        let mut all = Self::of(remote, local, synced);
        all.rows = synced.tree().iter().map(|row| row.item.clone()).collect();
        all.items = remote.tree().iter().map(|node| node.id.clone()).collect();
        all.locals = local.tree().iter().map(|node| node.id).collect();
        all
    }

    /// Rows of the synced tree that are not what both sides have now.
    pub fn rows(&self) -> impl Iterator<Item = &ItemId> {
        self.rows.iter()
    }

    /// Tells whether an item's row is one of them.
    #[must_use]
    pub fn has_row(&self, item: &ItemId) -> bool {
        self.rows.contains(item)
    }

    /// Items that have no row.
    pub fn items(&self) -> impl Iterator<Item = &ItemId> {
        self.items.iter()
    }

    /// Files and folders on disk that have no row.
    pub fn locals(&self) -> impl Iterator<Item = &LocalId> {
        self.locals.iter()
    }

    /// Returns how many files on disk have the name of a conflict copy.
    #[must_use]
    pub fn conflicts(&self) -> usize {
        self.conflicts.len()
    }

    /// Looks again at an item that was put or removed on the server, and at its row.
    pub fn look_at_item(&mut self, remote: &Remote, local: &Local, synced: &Synced, item: &ItemId) {
        let row = synced.get(item);
        let open = row.is_some_and(|row| row.parent.is_some() && !is_settled(remote, local, synced, row));
        keep(&mut self.rows, item, open);
        keep(&mut self.items, item, row.is_none() && remote.get(item).is_some());
    }

    /// Looks again at a file or folder that was put or removed on disk, and at its row.
    pub fn look_at_local(&mut self, remote: &Remote, local: &Local, synced: &Synced, id: &LocalId) {
        self.look_at_file(local, synced, id);
        if let Some(row) = synced.of_local(id) {
            self.look_at_item(remote, local, synced, &row.item);
        }
    }

    /// Looks again at what a row bound or binds, and at what is in it: who is in a folder depends on the folder's row.
    pub fn look_at_binding(&mut self, remote: &Remote, local: &Local, synced: &Synced, id: &LocalId) {
        self.look_at_local(remote, local, synced, id);
        for child in local.tree().children(id) {
            if let Some(row) = synced.of_local(&child.id) {
                self.look_at_item(remote, local, synced, &row.item);
            }
        }
    }

    fn look_at_file(&mut self, local: &Local, synced: &Synced, id: &LocalId) {
        let node = local.get(id);
        keep(&mut self.locals, id, node.is_some() && synced.of_local(id).is_none());
        keep(&mut self.conflicts, id, node.is_some_and(|node| is_conflict_name(&node.name)));
    }
}

fn keep<Id: Ord + Clone>(set: &mut BTreeSet<Id>, id: &Id, wanted: bool) {
    if !wanted {
        set.remove(id);
    } else if !set.contains(id) {
        set.insert(id.clone());
    }
}

/// Whether a row is exactly what both sides have, in its place, so that no rule can want anything of it.
fn is_settled(remote: &Remote, local: &Local, synced: &Synced, row: &SyncedNode) -> bool {
    let (Some(there), Some(here)) = (remote.get(&row.item), local.get(&row.local)) else { return false };
    let folder = here.parent.and_then(|folder| synced.of_local(&folder)).map(|folder| &folder.item);
    let in_place = there.parent == row.parent && folder == row.parent.as_ref();
    let named = there.name == row.remote_name && here.name == row.local_name;
    // Such a name is a state on the way, whoever has it.
    let swapped = is_swap_name(&there.name) || is_swap_name(&here.name);
    let known: Option<Fingerprint> = row.fingerprint;
    let same = there.content == row.content
        && (here.kind != LocalKind::File || known == Some(here.fingerprint))
        && there.kind == row.kind
        && here.is_of(row.kind);
    in_place && named && !swapped && same
}
