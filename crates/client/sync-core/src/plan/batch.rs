//! Batch: admits an operation only when it commutes with those already admitted.

use std::collections::BTreeSet;

use super::Op;
use super::world::World;
use crate::tree::{Node, Tree};
use crate::{ItemId, LocalId, name_key};

/// What one side's operations touch.
#[derive(Debug)]
struct Side<Id: Ord> {
    /// Moved, removed or restored: nothing below may be touched.
    shifted: BTreeSet<Id>,
    /// Touched, or above something touched: may not be shifted.
    guarded: BTreeSet<Id>,
}

impl<Id: Ord> Default for Side<Id> {
    fn default() -> Self {
        Self { shifted: BTreeSet::new(), guarded: BTreeSet::new() }
    }
}

impl<Id: Ord + Clone + std::fmt::Debug> Side<Id> {
    fn admits<N: Node<Id = Id>>(&self, tree: &Tree<N>, anchors: &[Id], shifts: Option<&Id>) -> bool {
        let still = |id: &Id| {
            !self.shifted.contains(id) && tree.ancestors(id).all(|above| !self.shifted.contains(above.id()))
        };
        // Anything admitted is cheap to look up unless something was shifted.
        let free = self.shifted.is_empty() || anchors.iter().all(still);
        free && shifts.is_none_or(|id| !self.guarded.contains(id))
    }

    fn note<N: Node<Id = Id>>(&mut self, tree: &Tree<N>, anchors: &[Id], shifts: Option<&Id>) {
        for anchor in anchors {
            if self.guarded.insert(anchor.clone()) {
                for above in tree.ancestors(anchor) {
                    if !self.guarded.insert(above.id().clone()) {
                        break;
                    }
                }
            }
        }
        self.shifted.extend(shifts.cloned());
    }
}

/// The operations admitted so far, by what they touch.
#[derive(Debug, Default)]
pub(super) struct Batch {
    remote: Side<ItemId>,
    local: Side<LocalId>,
    names_there: BTreeSet<(ItemId, String)>,
    names_here: BTreeSet<(LocalId, String)>,
    items: BTreeSet<ItemId>,
    locals: BTreeSet<LocalId>,
}

/// What one operation touches on both sides.
#[derive(Debug, Default)]
struct Touch {
    items: Vec<ItemId>,
    shifts_item: Option<ItemId>,
    locals: Vec<LocalId>,
    shifts_local: Option<LocalId>,
    name_there: Option<(ItemId, String)>,
    name_here: Option<(LocalId, String)>,
}

impl Batch {
    /// Tells whether a name is already promised to another operation on disk.
    pub(super) fn claims_here(&self, parent: LocalId, name: &str) -> bool {
        self.names_here.contains(&(parent, name.to_owned()))
    }

    /// Tells whether an item or its file already has an operation.
    pub(super) fn has_item(&self, item: &ItemId) -> bool {
        self.items.contains(item)
    }

    /// Tells whether a file already has an operation.
    pub(super) fn has_local(&self, local: &LocalId) -> bool {
        self.locals.contains(local)
    }

    /// Takes the operation in, or tells that it must wait.
    pub(super) fn admits(&mut self, world: &World<'_>, op: &Op) -> bool {
        if op.item().is_some_and(|item| self.items.contains(item))
            || op.local().is_some_and(|local| self.locals.contains(&local))
        {
            return false;
        }
        let touch = touch(world, op);
        let free = self.remote.admits(world.remote.tree(), &touch.items, touch.shifts_item.as_ref())
            && self.local.admits(world.local.tree(), &touch.locals, touch.shifts_local.as_ref())
            && touch.name_there.as_ref().is_none_or(|name| !self.names_there.contains(name))
            && touch.name_here.as_ref().is_none_or(|name| !self.names_here.contains(name));
        if free {
            self.remote.note(world.remote.tree(), &touch.items, touch.shifts_item.as_ref());
            self.local.note(world.local.tree(), &touch.locals, touch.shifts_local.as_ref());
            self.names_there.extend(touch.name_there);
            self.names_here.extend(touch.name_here);
            self.items.extend(op.item().cloned());
            self.locals.extend(op.local());
        }
        free
    }
}

fn touch(world: &World<'_>, op: &Op) -> Touch {
    let mut touch = Touch::default();
    // Both faces of the node, so that no two operations meet in one row.
    if let Some(item) = op.item() {
        touch.items.push(item.clone());
        touch.locals.extend(world.synced.get(item).map(|row| row.local));
    }
    if let Some(local) = op.local() {
        touch.locals.push(local);
        touch.items.extend(world.synced.of_local(&local).map(|row| row.item.clone()));
    }
    match op {
        Op::Hash { .. }
        | Op::Bind { .. }
        | Op::Settle { .. }
        | Op::UploadVersion { .. }
        | Op::ReplaceFile { .. } => {}
        Op::Forget { item } | Op::DeleteRemote { item, .. } => touch.shifts_item = Some(item.clone()),
        Op::MakeDirLocal { parent, name, .. } | Op::PlaceFile { parent, name, .. } => {
            touch.locals.push(*parent);
            touch.name_here = Some((*parent, name.clone()));
        }
        Op::MoveLocal { local, parent, name, .. } => {
            touch.locals.push(*parent);
            touch.name_here = Some((*parent, name.clone()));
            touch.shifts_local = Some(*local);
        }
        Op::TrashLocal { local, .. } | Op::RemoveDirLocal { local, .. } => touch.shifts_local = Some(*local),
        Op::CreateDir { parent, name, .. } | Op::UploadNew { parent, name, .. } => {
            touch.items.push(parent.clone());
            touch.name_there = Some((parent.clone(), name_key(name)));
        }
        Op::MoveRemote { item, parent, name, .. } | Op::RestoreRemote { item, parent, name, .. } => {
            touch.items.push(parent.clone());
            touch.name_there = Some((parent.clone(), name_key(name)));
            touch.shifts_item = Some(item.clone());
        }
    }
    touch
}
