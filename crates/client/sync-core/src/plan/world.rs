//! World: the three trees side by side, and what each side says about one row of the synced tree.

use std::collections::BTreeSet;

use transfer::{ItemKind, ItemRole};

use super::Policy;
use crate::{
    Gone, ItemId, Local, LocalKind, LocalNode, Motion, Problem, Remote, RemoteNode, Synced, SyncedNode,
    Unsettled,
};

/// The planner's input.
#[derive(Debug, Clone, Copy)]
pub(super) struct World<'a> {
    pub(super) remote: &'a Remote,
    pub(super) local: &'a Local,
    pub(super) synced: &'a Synced,
    pub(super) policy: &'a Policy,
    /// What must be looked at; everything else is settled.
    pub(super) unsettled: &'a Unsettled,
}

/// What the server says about a row.
#[derive(Debug, Clone)]
pub(super) enum There<'a> {
    Here(&'a RemoteNode),
    /// A tombstone says so.
    Deleted,
    /// Not visible for a reason that proves no deletion.
    Frozen(Problem),
}

/// What the disk says about a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum OnDisk<'a> {
    Here(&'a LocalNode),
    /// A complete healthy scan says so.
    Absent,
    /// Not seen, which proves nothing yet.
    Unknown,
}

/// What happened to a file's bytes on disk since the row was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    None,
    /// Metadata changed, bytes did not.
    Touched,
    Changed,
    /// Must be hashed to know.
    Unknown,
    /// Being written; must not be read yet.
    Moving,
}

impl<'a> World<'a> {
    pub(super) fn there(&self, row: &SyncedNode) -> There<'a> {
        if let Some(node) = self.remote.get(&row.item) {
            return There::Here(node);
        }
        match self.remote.gone(&row.item) {
            Some(Gone::Deleted) => There::Deleted,
            Some(Gone::AccessRevoked) => There::Frozen(Problem::AccessRemoved),
            Some(Gone::Unlisted) | None => There::Frozen(Problem::NotOnServer),
        }
    }

    pub(super) fn on_disk(&self, row: &SyncedNode) -> OnDisk<'a> {
        match self.local.get(&row.local) {
            Some(node) => OnDisk::Here(node),
            None if self.local.is_absent(&row.local) => OnDisk::Absent,
            None => OnDisk::Unknown,
        }
    }

    pub(super) fn edit(&self, row: &SyncedNode, node: &LocalNode) -> Edit {
        if node.kind != LocalKind::File || row.fingerprint == Some(node.fingerprint) {
            return Edit::None;
        }
        match node.content {
            Some(content) if Some(content) == row.content => Edit::Touched,
            Some(_) => Edit::Changed,
            None if node.motion == Motion::Moving => Edit::Moving,
            None => Edit::Unknown,
        }
    }

    /// Returns the row of the folder a file is in on disk; none when that folder is bound to nothing yet.
    pub(super) fn local_parent_row(&self, node: &LocalNode) -> Option<&'a SyncedNode> {
        node.parent.as_ref().and_then(|parent| self.synced.of_local(parent))
    }

    /// Tells whether the person may change an item that is there.
    pub(super) fn may_write(&self, item: &RemoteNode) -> bool {
        item.role == ItemRole::Write
    }

    /// Tells whether the item did not change on the server since the row was written, apart from tags.
    pub(super) fn remote_unchanged(&self, row: &SyncedNode, item: &RemoteNode) -> bool {
        item.content == row.content && item.parent == row.parent && item.name == row.remote_name
    }

    pub(super) fn same_kind(kind: ItemKind, node: &LocalNode) -> bool {
        node.is_of(kind)
    }

    /// Returns the rows a plan looks at, by item: the unsettled, and those to leave alone, which it must say.
    pub(super) fn rows(&self) -> Vec<&'a SyncedNode> {
        let held = self.policy.held_items.keys();
        let held_locals = self.policy.held_locals.keys().filter_map(|local| self.synced.of_local(local));
        let items: BTreeSet<&ItemId> =
            self.unsettled.rows().chain(held).chain(held_locals.map(|row| &row.item)).collect();
        let rows = items.into_iter().filter_map(|item| self.synced.get(item));
        rows.filter(|row| !Self::is_root(row)).collect()
    }

    pub(super) fn is_root(row: &SyncedNode) -> bool {
        row.parent.is_none()
    }
}
