//! Keep: which folder one side deleted must live on, because the other side put something living into it (rows 8, 20).

use super::Planner;
use super::world::{Edit, OnDisk, There, World};
use crate::{Ignored, ItemId, LocalId, LocalKind, LocalNode, RemoteNode, SyncedNode, ignored};

impl<'a> Planner<'a> {
    /// Tells whether a folder on disk whose item was deleted holds something living. Asked of few folders, and answered
    /// by the first thing that lives.
    pub(super) fn needs_here(&self, local: &LocalId) -> bool {
        self.world.local.tree().children(local).any(|node| self.lives_here(node))
    }

    /// Tells whether a folder on the server whose copy was deleted holds something living.
    pub(super) fn needs_there(&self, item: &ItemId) -> bool {
        self.world.remote.tree().children(item).any(|node| self.lives_there(node))
    }

    /// Whether a node on disk keeps the folder it is in alive.
    fn lives_here(&self, node: &'a LocalNode) -> bool {
        let world = &self.world;
        let Some(row) = world.synced.of_local(&node.id) else {
            return node.kind != LocalKind::File || ignored(&node.name) != Some(Ignored::Disposable);
        };
        match world.there(row) {
            // It is on the server elsewhere; it lives here only when this is where it shall be.
            There::Here(_) => {
                let folder = world.local_parent_row(node).map(|row| &row.item);
                self.wants.get(&row.item).is_none_or(|want| want.held.is_some() || want.parent == folder)
            }
            There::Frozen(_) => true,
            There::Deleted => {
                node.problem.is_some()
                    || moved_here(world, row, node)
                    || matches!(world.edit(row, node), Edit::Changed | Edit::Moving)
                    || self.needs_here(&node.id)
            }
        }
    }

    fn lives_there(&self, item: &'a RemoteNode) -> bool {
        let world = &self.world;
        let Some(row) = world.synced.get(&item.id) else { return true };
        match world.on_disk(row) {
            OnDisk::Here(_) => self
                .wants
                .get(&item.id)
                .is_none_or(|want| want.held.is_some() || want.parent == item.parent.as_ref()),
            // Not confirmed yet: neither living nor dead. The folder waits because it is not empty.
            OnDisk::Unknown => false,
            OnDisk::Absent => !deletable(world, row, item) || self.needs_there(&item.id),
        }
    }
}

/// Whether a row's file was moved or renamed on disk, itself or with a folder above that was deleted on the server.
pub(super) fn moved_here(world: &World<'_>, row: &SyncedNode, node: &LocalNode) -> bool {
    let (mut row, mut node) = (row, node);
    loop {
        let Some(folder) = world.local_parent_row(node) else { return true };
        if Some(&folder.item) != row.parent.as_ref() || node.name != row.local_name {
            return true;
        }
        match (world.there(folder), world.on_disk(folder)) {
            (There::Deleted, OnDisk::Here(above)) if !World::is_root(folder) => (row, node) = (folder, above),
            _ => return false,
        }
    }
}

/// Whether a local deletion may be told to the server: nothing happened there that the deleter never saw.
pub(super) fn deletable(world: &World<'_>, row: &SyncedNode, item: &RemoteNode) -> bool {
    world.may_write(item) && world.remote_unchanged(row, item)
}
