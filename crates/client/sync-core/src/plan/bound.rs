//! Bound: rows of the synced tree whose item the server still has.

use std::collections::BTreeSet;

use transfer::ItemKind;

use super::keep::deletable;
use super::occupant::{Taken, swap_name};
use super::want::Want;
use super::world::{Edit, OnDisk, There};
use super::{MoveReason, Op, Planner, Wake};
use crate::{ItemId, LocalId, LocalNode, Motion, Problem, RemoteNode, SyncedNode, check_local_name};

impl<'a> Planner<'a> {
    /// Plans everything that is on the server and was on disk.
    pub(super) fn plan_bound(&mut self) {
        let held = self.held_deletes();
        let rows = self.rows.clone();
        // Places first: moves shift whole subtrees, and contents follow in the round after.
        for row in &rows {
            if let (There::Here(there), OnDisk::Here(here)) = (self.world.there(row), self.world.on_disk(row))
                && !self.is_held(row)
            {
                self.plan_place(row, there, here);
            }
        }
        for row in &rows {
            if self.is_held(row) {
                continue;
            }
            match (self.world.there(row), self.world.on_disk(row)) {
                (There::Here(there), OnDisk::Here(here)) => self.plan_content(row, there, here),
                (There::Here(there), OnDisk::Absent) => self.plan_deleted_here(row, there, &held),
                (There::Here(_) | There::Deleted, OnDisk::Unknown) => {
                    self.wake(Wake::Scan);
                    self.wait_item(&row.item);
                }
                (There::Frozen(problem), OnDisk::Here(_) | OnDisk::Unknown) => {
                    self.block_item(&row.item, problem)
                }
                (There::Frozen(_) | There::Deleted, OnDisk::Absent) => self.forget(row),
                (There::Deleted, OnDisk::Here(_)) => {}
            }
        }
    }

    /// Notes a row the policy leaves alone for now.
    pub(super) fn is_held(&mut self, row: &SyncedNode) -> bool {
        let policy = self.world.policy;
        let problem = policy.held_items.get(&row.item).or_else(|| policy.held_locals.get(&row.local));
        if let Some(problem) = problem.cloned() {
            self.block_item(&row.item, problem);
            return true;
        }
        false
    }

    /// Removes a row when nothing hangs below it any more.
    pub(super) fn forget(&mut self, row: &SyncedNode) {
        if self.world.synced.tree().children(&row.item).next().is_some() {
            self.wait_item(&row.item);
        } else {
            self.emit(Op::Forget { item: row.item.clone() });
        }
    }

    fn plan_place(&mut self, row: &'a SyncedNode, there: &'a RemoteNode, here: &'a LocalNode) {
        let Some(want) = self.wants.get(&row.item) else { return };
        if let Some(problem) = want.held {
            return self.block_item(&row.item, problem);
        }
        let Some(parent) = want.parent else { return self.wait_item(&row.item) };
        let folder = self.world.synced.get(parent).and_then(|row| self.world.local.get(&row.local));
        let Some(folder) = folder else { return self.wait_item(&row.item) };
        if here.parent != Some(folder.id) || here.name != want.local_name {
            self.move_here(row, here, folder, want.local_name);
        } else if there.parent.as_ref() != Some(parent) || there.name != want.remote_name {
            self.move_there(row, there, here, parent, &want);
        } else if row.parent != there.parent
            || (there.name == here.name && (row.remote_name != there.name || row.local_name != here.name))
        {
            let parent = there.parent.as_ref().filter(|parent| row.parent.as_ref() != Some(*parent));
            if parent.is_some_and(|parent| self.world.synced.tree().is_at_or_above(&row.item, parent)) {
                // Rows between the two must be settled first.
                return self.wait_item(&row.item);
            }
            self.emit(Op::Settle { item: row.item.clone() });
        }
    }

    fn move_here(&mut self, row: &SyncedNode, here: &'a LocalNode, folder: &'a LocalNode, name: &str) {
        if self.world.local.tree().is_at_or_above(&here.id, &folder.id) {
            return self.wait_item(&row.item);
        }
        let (parent, name, reason) = match self.clear_here(&row.item, folder.id, name) {
            Taken::Free => (folder.id, name.to_owned(), MoveReason::Agree),
            Taken::Ring => match here.parent {
                Some(parent) => (parent, swap_name(&row.item), MoveReason::Swap),
                None => return,
            },
            Taken::Blocked(problem) => return self.block_item(&row.item, problem),
            Taken::Stays => {
                // Row 7: the merged name is taken for good.
                if let Taken::Blocked(problem) = self.step_aside(here) {
                    self.block_item(&row.item, problem);
                }
                return;
            }
            Taken::Later => return self.wait_item(&row.item),
        };
        self.emit(Op::MoveLocal { local: here.id, item: Some(row.item.clone()), parent, name, reason });
    }

    fn move_there(
        &mut self,
        row: &SyncedNode,
        there: &RemoteNode,
        here: &'a LocalNode,
        parent: &ItemId,
        want: &Want<'a>,
    ) {
        if !self.world.remote.tree().contains(parent) {
            return self.wait_item(&row.item);
        }
        let (parent, name, reason) = match self.clear_there(Some(&row.item), parent, want.remote_name) {
            Taken::Free => (parent.clone(), want.remote_name.to_owned(), MoveReason::Agree),
            Taken::Ring => match &there.parent {
                Some(parent) => (parent.clone(), swap_name(&row.item), MoveReason::Swap),
                None => return,
            },
            Taken::Stays => {
                if let Taken::Blocked(problem) = self.step_aside(here) {
                    self.block_item(&row.item, problem);
                }
                return;
            }
            Taken::Blocked(problem) => return self.block_item(&row.item, problem),
            Taken::Later => return self.wait_item(&row.item),
        };
        let if_match = there.e_tag.to_string();
        self.emit(Op::MoveRemote { item: row.item.clone(), local: here.id, parent, name, if_match, reason });
    }

    fn plan_content(&mut self, row: &SyncedNode, there: &RemoteNode, here: &LocalNode) {
        if row.kind != ItemKind::File || self.batch.has_item(&row.item) {
            return;
        }
        let changed_there = there.content != row.content;
        match (self.world.edit(row, here), changed_there) {
            (Edit::None, false) => {}
            (Edit::Touched, false) => self.emit(Op::Settle { item: row.item.clone() }),
            (Edit::Moving, _) => self.wait_for_writer(&row.item),
            // Somebody has it open for writing: what comes next is an edit, not a base.
            (_, true) if here.motion == Motion::Moving => self.wait_for_writer(&row.item),
            (Edit::None | Edit::Touched, true) => self.replace(there, here),
            (Edit::Unknown, false) if self.world.may_write(there) => self.upload_version(there, here),
            (Edit::Unknown, _) => self.emit(Op::Hash { local: here.id }),
            (Edit::Changed, _) if here.content == there.content => {
                self.emit(Op::Settle { item: row.item.clone() })
            }
            (Edit::Changed, false) if self.world.may_write(there) => self.upload_version(there, here),
            (Edit::Changed, false) => self.block_item(&row.item, Problem::ViewOnly),
            (Edit::Changed, true) => self.conflict(row, here),
        }
    }

    pub(super) fn wait_for_writer(&mut self, item: &ItemId) {
        self.wake(Wake::Settle);
        self.wait_item(item);
    }

    fn replace(&mut self, there: &RemoteNode, here: &LocalNode) {
        let Some(content) = there.content else { return };
        self.emit(Op::ReplaceFile {
            item: there.id.clone(),
            local: here.id,
            expected: here.fingerprint,
            content,
        });
    }

    fn upload_version(&mut self, there: &RemoteNode, here: &LocalNode) {
        if let Some(problem) = here.problem.as_deref().cloned() {
            return self.block_item(&there.id, problem);
        }
        if here.size() > self.world.policy.max_size {
            return self.block_item(&there.id, Problem::TooLarge);
        }
        self.emit(Op::UploadVersion {
            local: here.id,
            item: there.id.clone(),
            if_match: there.c_tag.to_string(),
            fingerprint: here.fingerprint,
        });
    }

    /// Row 1: the server's version keeps the name; the local bytes get a conflict name and a life of their own.
    fn conflict(&mut self, row: &SyncedNode, here: &LocalNode) {
        if let Taken::Blocked(problem) = self.rename_away(here, MoveReason::Split) {
            self.block_item(&row.item, problem);
        }
    }

    /// Rows 3 and 8: a local deletion counts only for what the deleter saw.
    fn plan_deleted_here(&mut self, row: &SyncedNode, there: &'a RemoteNode, held: &BTreeSet<ItemId>) {
        if deletable(&self.world, row, there) && !self.needs_there(&row.item) {
            if held.contains(&row.item) || self.world.remote.tree().children(&row.item).next().is_some() {
                return self.wait_item(&row.item);
            }
            if self.world.synced.tree().children(&row.item).next().is_some() {
                return self.wait_item(&row.item);
            }
            return self.emit(Op::DeleteRemote { item: row.item.clone(), if_match: there.e_tag.to_string() });
        }
        self.arrive(there);
    }

    /// A new folder took the name of an item that was moved into it on the server: on disk the item steps aside until
    /// the folder is there.
    fn holds_name_of_its_folder(&self, there: &RemoteNode, folder: LocalId) -> Option<Op> {
        let here = self.world.local.tree().child(&folder, &there.name)?;
        let row = self.world.synced.of_local(&here.id)?;
        let want = self.wants.get(&row.item).filter(|want| want.held.is_none())?;
        let remote = self.world.remote.tree();
        let goes_inside = want.parent.is_some_and(|parent| remote.is_at_or_above(&there.id, parent));
        let fits = |node: &&RemoteNode| check_local_name(&node.name).is_ok();
        let between = remote.ancestors(&row.item).take_while(|node| node.id != there.id);
        (goes_inside && between.into_iter().all(|node| fits(&node))).then(|| Op::MoveLocal {
            local: here.id,
            item: Some(row.item.clone()),
            parent: folder,
            name: swap_name(&row.item),
            reason: MoveReason::Swap,
        })
    }

    /// Makes an item's file or folder on disk, where there is none.
    pub(super) fn materialise(&mut self, there: &RemoteNode) {
        if let Err(issue) = check_local_name(&there.name) {
            return self.block_item(&there.id, Problem::NameFromServer { issue });
        }
        let folder = there.parent.as_ref().and_then(|parent| self.world.synced.get(parent));
        let folder = folder.and_then(|row| self.world.local.get(&row.local));
        let Some(folder) = folder.map(|node| node.id) else { return self.wait_item(&there.id) };
        match self.clear_here(&there.id, folder, &there.name) {
            Taken::Free => {}
            Taken::Blocked(problem) => return self.block_item(&there.id, problem),
            Taken::Later | Taken::Ring | Taken::Stays => {
                if let Some(inside) = self.holds_name_of_its_folder(there, folder) {
                    self.emit(inside);
                }
                return self.wait_item(&there.id);
            }
        }
        let (item, name) = (there.id.clone(), there.name.to_string());
        match (there.kind, there.content) {
            (ItemKind::Folder, _) => self.emit(Op::MakeDirLocal { item, parent: folder, name }),
            (ItemKind::File, Some(content)) => {
                self.emit(Op::PlaceFile { item, parent: folder, name, content })
            }
            (ItemKind::File, None) => self.wait_item(&item),
        }
    }
}
