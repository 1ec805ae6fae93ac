//! Gone: rows whose item was deleted on the server while something of them is on disk (rows 4, 5, 8, 20).

use transfer::{ItemKind, ItemRole};

use super::keep::moved_here;
use super::occupant::Taken;
use super::world::{Edit, OnDisk, There};
use super::{Op, Planner};
use crate::{Ignored, ItemId, LocalNode, Motion, Problem, SyncedNode, check_library_name, ignored};

impl<'a> Planner<'a> {
    /// Plans what was deleted on the server: the clean goes to the trash, the living is restored.
    pub(super) fn plan_gone(&mut self) {
        for row in self.rows.clone() {
            if let (There::Deleted, OnDisk::Here(here)) = (self.world.there(row), self.world.on_disk(row))
                && !self.is_held(row)
                && !self.batch.has_item(&row.item)
            {
                match row.kind {
                    ItemKind::File => self.plan_gone_file(row, here),
                    ItemKind::Folder => self.plan_gone_folder(row, here),
                }
            }
        }
    }

    fn plan_gone_file(&mut self, row: &'a SyncedNode, here: &'a LocalNode) {
        if let Some(problem) = here.problem.as_deref().cloned() {
            return self.block_item(&row.item, problem);
        }
        if moved_here(&self.world, row, here) {
            return self.restore(row, here);
        }
        if here.motion == Motion::Moving {
            return self.wait_for_writer(&row.item);
        }
        match self.world.edit(row, here) {
            Edit::None | Edit::Touched => self.emit(Op::TrashLocal {
                local: here.id,
                item: Some(row.item.clone()),
                expected: here.fingerprint,
            }),
            Edit::Changed => self.restore(row, here),
            Edit::Unknown => self.emit(Op::Hash { local: here.id }),
            Edit::Moving => self.wait_for_writer(&row.item),
        }
    }

    fn plan_gone_folder(&mut self, row: &'a SyncedNode, here: &'a LocalNode) {
        if let Some(problem) = here.problem.as_deref().cloned() {
            return self.block_item(&row.item, problem);
        }
        if self.needs_here(&here.id) || moved_here(&self.world, row, here) {
            return self.restore(row, here);
        }
        let world = self.world;
        let mut empty = true;
        for child in world.local.tree().children(&here.id) {
            empty = false;
            let leftover = world.synced.of_local(&child.id).is_none()
                && ignored(&child.name) == Some(Ignored::Disposable);
            if leftover {
                self.emit(Op::TrashLocal { local: child.id, item: None, expected: child.fingerprint });
            }
        }
        if empty && world.synced.tree().children(&row.item).next().is_none() {
            self.emit(Op::RemoveDirLocal { local: here.id, item: row.item.clone() });
        } else {
            self.wait_item(&row.item);
        }
    }

    /// Brings an item back for the sake of what is on disk; where that is refused, it starts anew.
    fn restore(&mut self, row: &'a SyncedNode, here: &'a LocalNode) {
        if self.unrestorable(row, here) {
            return self.forget(row);
        }
        let Some(folder) = self.world.local_parent_row(here) else { return self.wait_item(&row.item) };
        let parent = match self.world.there(folder) {
            There::Here(parent) => parent,
            There::Deleted => return self.wait_item(&row.item),
            There::Frozen(problem) => return self.block_item(&row.item, problem),
        };
        if parent.role == ItemRole::Read || row.role == ItemRole::Read {
            return self.block_item(&row.item, Problem::ViewOnly);
        }
        if let Err(issue) = check_library_name(&here.name) {
            return self.block_item(&row.item, Problem::NameNotAllowed { issue });
        }
        match self.clear_there(Some(&row.item), &parent.id, &here.name) {
            Taken::Free => self.emit(Op::RestoreRemote {
                item: row.item.clone(),
                local: here.id,
                parent: parent.id.clone(),
                name: here.name.to_string(),
            }),
            Taken::Stays => {
                if let Taken::Blocked(problem) = self.step_aside(here) {
                    self.block_item(&row.item, problem);
                }
            }
            Taken::Blocked(problem) => self.block_item(&row.item, problem),
            Taken::Later | Taken::Ring => self.wait_item(&row.item),
        }
    }

    /// Whether the server refused to bring back the item or a deleted folder it would be in.
    fn unrestorable(&self, row: &SyncedNode, here: &LocalNode) -> bool {
        let refused = |item: &ItemId| self.world.policy.unrestorable.contains(item);
        if refused(&row.item) {
            return true;
        }
        let local = self.world.local.tree();
        local
            .ancestors(&here.id)
            .map_while(|node| self.world.synced.of_local(&node.id))
            .take_while(|row| matches!(self.world.there(row), There::Deleted))
            .any(|row| refused(&row.item))
    }
}
