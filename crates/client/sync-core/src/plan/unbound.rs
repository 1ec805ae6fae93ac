//! Unbound: items that are only on the server and files that are only on disk (rows 12 to 16, 25 to 31).

use std::collections::BTreeMap;

use transfer::{ItemKind, ItemRole, OperationBatch};

use super::occupant::{Taken, is_swap_name, swap_name};
use super::world::{There, World};
use super::{MoveReason, Op, Planner, Wake};
use crate::{
    Ignored, ItemId, LocalId, LocalKind, LocalNode, MAX_PATH_CHARS, Motion, NameIssue, Problem, RemoteNode,
    check_library_name, check_local_name, ignored, name_key,
};

/// Unbound files of one folder on disk by name key.
pub(super) type ByKey<'a> = BTreeMap<String, Vec<&'a LocalNode>>;

impl<'a> Planner<'a> {
    /// Plans items that have no row: adopted, merged or downloaded.
    pub(super) fn plan_remote_only(&mut self) {
        let world = self.world;
        let mut room = Room::new(world.policy.most);
        for there in world.unsettled.items().filter_map(|item| world.remote.get(item)) {
            if there.parent.is_none() || world.synced.get(&there.id).is_some() {
                continue;
            }
            if !room.has_for(there.size) {
                self.plan.left += 1;
                continue;
            }
            if let Some(problem) = world.policy.held_items.get(&there.id) {
                self.block_item(&there.id, problem.clone());
                continue;
            }
            if let Err(issue) = check_local_name(&there.name) {
                self.block_item(&there.id, Problem::NameFromServer { issue });
                continue;
            }
            if is_swap_name(&there.name) && !world.policy.stranded_swaps.contains(&there.id) {
                self.wait_item(&there.id);
                continue;
            }
            let before = self.plan.batch.len();
            self.arrive(there);
            room.take(there.size, self.plan.batch.len() - before);
        }
    }

    /// An item is to be on disk where it is not: adopted, merged with what is there, or downloaded.
    pub(super) fn arrive(&mut self, there: &'a RemoteNode) {
        let world = self.world;
        let folder = there.parent.as_ref().and_then(|parent| world.synced.get(parent));
        let Some(folder) = folder.and_then(|row| world.local.get(&row.local)) else {
            return self.wait_item(&there.id);
        };
        let unbound = &self.unbound;
        let by_key = self.unbound_keys.entry(folder.id).or_insert_with(|| by_key(unbound.get(&folder.id)));
        let twins = by_key.get(&name_key(&there.name)).cloned().unwrap_or_default();
        self.plan_arrival(there, &twins);
    }

    /// An item arrives; `twins` are unbound files under the same name, by key.
    fn plan_arrival(&mut self, there: &'a RemoteNode, twins: &[&'a LocalNode]) {
        let exact = twins.iter().find(|node| node.name == there.name);
        let Some(twin) = exact.or_else(|| twins.first()).copied() else { return self.materialise(there) };
        if self.batch.has_local(&twin.id) {
            return self.wait_item(&there.id);
        }
        if twin.kind == LocalKind::Other && twin.name != there.name {
            return self.materialise(there);
        }
        if World::same_kind(there.kind, twin) && twin.problem.is_none() {
            match (there.kind, twin.content) {
                (ItemKind::Folder, _) => return self.bind(there, twin),
                (ItemKind::File, Some(content)) if Some(content) == there.content => {
                    return self.bind(there, twin);
                }
                (ItemKind::File, Some(_)) => {}
                (ItemKind::File, None) if twin.motion == Motion::Moving => {
                    self.wake(Wake::Settle);
                    return self.wait_item(&there.id);
                }
                // Another length is another content; no need to read it.
                (ItemKind::File, None) if twin.size() != there.size => {}
                (ItemKind::File, None) => return self.emit(Op::Hash { local: twin.id }),
            }
        }
        match self.step_aside(twin) {
            Taken::Blocked(problem) => self.block_item(&there.id, problem),
            _ => self.wait_item(&there.id),
        }
    }

    fn bind(&mut self, there: &RemoteNode, twin: &LocalNode) {
        self.emit(Op::Bind { item: there.id.clone(), local: twin.id });
    }

    /// Plans files and folders that have no row: uploaded, or blocked with the reason.
    pub(super) fn plan_local_only(&mut self) {
        let world = self.world;
        let mut seen: BTreeMap<(LocalId, String), LocalId> = BTreeMap::new();
        let mut folders: Vec<_> = self
            .unbound
            .iter()
            .filter_map(|(folder, inside)| Some((world.synced.of_local(folder)?, inside.clone())))
            .filter(|(row, _)| row.kind == ItemKind::Folder)
            .collect();
        folders.sort_by(|(one, _), (other, _)| one.item.cmp(&other.item));
        let mut room = Room::new(world.policy.most);
        for (row, inside) in folders {
            let There::Here(folder) = world.there(row) else { continue };
            for here in inside {
                if !room.has_for(here.size()) {
                    self.plan.left += 1;
                    continue;
                }
                if self.batch.has_local(&here.id) {
                    continue;
                }
                if let Some(problem) = self.unfit(here, folder) {
                    self.block_local(here.id, problem);
                    continue;
                }
                match ignored(&here.name) {
                    // Somebody may wait for it to arrive. A lock file nobody waits for.
                    Some(Ignored::Precious) if here.motion == Motion::Settled => {
                        self.block_local(here.id, Problem::TemporaryName);
                        continue;
                    }
                    Some(_) => continue,
                    None => {}
                }
                let key = (row.local, name_key(&here.name));
                if *seen.entry(key).or_insert(here.id) != here.id {
                    self.block_local(here.id, Problem::CaseClash);
                    continue;
                }
                let before = self.plan.batch.len();
                self.plan_departure(here, folder);
                room.take(here.size(), self.plan.batch.len() - before);
            }
        }
    }

    fn plan_departure(&mut self, here: &'a LocalNode, folder: &'a RemoteNode) {
        match self.clear_there(None, &folder.id, &here.name) {
            Taken::Free => {}
            Taken::Stays if self.is_arrival(&folder.id, &here.name) => return self.wait_local(here.id),
            Taken::Stays => {
                if let Some(inside) = self.holds_name_inside(here, folder) {
                    return self.emit(inside);
                }
                let clash = self.stays_beside(here, folder);
                return if clash {
                    self.block_local(here.id, Problem::CaseClash)
                } else {
                    self.wait_local(here.id)
                };
            }
            _ => return self.wait_local(here.id),
        }
        let (local, parent, name) = (here.id, folder.id.clone(), here.name.to_string());
        match here.kind {
            LocalKind::Folder => self.emit(Op::CreateDir { local, parent, name }),
            LocalKind::File if here.motion == Motion::Moving => {
                self.wake(Wake::Settle);
                self.wait_local(local);
            }
            LocalKind::File => {
                self.emit(Op::UploadNew { local, parent, name, fingerprint: here.fingerprint })
            }
            LocalKind::Other => self.wait_local(local),
        }
    }

    /// Whether an item of that name is itself on its way to this folder.
    fn is_arrival(&self, folder: &ItemId, name: &str) -> bool {
        let there = self.world.remote.tree().child(folder, &name_key(name));
        there.is_some_and(|there| self.world.synced.get(&there.id).is_none())
    }

    /// A new folder took the name of an item that was moved into it: the item steps aside until the folder is there.
    fn holds_name_inside(&self, here: &LocalNode, folder: &RemoteNode) -> Option<Op> {
        let there = self.world.remote.tree().child(&folder.id, &name_key(&here.name))?;
        let row = self.world.synced.get(&there.id)?;
        let local = self.world.local.tree();
        let fit = |node: &&LocalNode| node.problem.is_none() && check_library_name(&node.name).is_ok();
        let between = local.ancestors(&row.local).take_while(|node| node.id != here.id);
        let inside = local.is_at_or_above(&here.id, &row.local)
            && row.local != here.id
            && between.into_iter().all(|node| fit(&node));
        let want = self.wants.get(&there.id)?;
        (inside && want.held.is_none() && self.world.may_write(there)).then(|| Op::MoveRemote {
            item: there.id.clone(),
            local: row.local,
            parent: folder.id.clone(),
            name: swap_name(&there.id),
            if_match: there.e_tag.to_string(),
            reason: MoveReason::Swap,
        })
    }

    /// Whether what holds the name on the server lies beside this file on disk, so that both can never be there.
    fn stays_beside(&self, here: &LocalNode, folder: &RemoteNode) -> bool {
        let there = self.world.remote.tree().child(&folder.id, &name_key(&here.name));
        let other = there
            .and_then(|there| self.world.synced.get(&there.id))
            .and_then(|row| self.world.local.get(&row.local));
        other.is_some_and(|other| other.parent == here.parent)
    }

    /// Why a file or folder can never go to the server as it is.
    fn unfit(&self, here: &LocalNode, folder: &RemoteNode) -> Option<Problem> {
        if let Some(problem) = self.world.policy.held_locals.get(&here.id) {
            return Some(problem.clone());
        }
        if let Some(problem) = here.problem.as_deref() {
            return Some(problem.clone());
        }
        if ignored(&here.name).is_some() {
            return None;
        }
        if let Err(issue) = check_library_name(&here.name) {
            return Some(Problem::NameNotAllowed { issue });
        }
        if folder.role == ItemRole::Read {
            return Some(Problem::ViewOnly);
        }
        if here.kind == LocalKind::File && here.size() > self.world.policy.max_size {
            return Some(Problem::TooLarge);
        }
        let above: usize = self
            .world
            .remote
            .tree()
            .ancestors(&folder.id)
            .map(|node| node.name.chars().count() + 1)
            .sum::<usize>();
        let length = above + folder.name.chars().count() + 1 + here.name.chars().count();
        (length > MAX_PATH_CHARS).then_some(Problem::NameNotAllowed { issue: NameIssue::PathTooLong })
    }
}

/// How much more one plan takes. Large files are counted apart: a small one need not wait for thousands of transfers.
struct Room {
    small: usize,
    large: usize,
}

impl Room {
    fn new(most: usize) -> Self {
        Self { small: most, large: most }
    }

    fn of(&mut self, size: u64) -> &mut usize {
        if size > OperationBatch::MAX_INLINE as u64 { &mut self.large } else { &mut self.small }
    }

    fn has_for(&mut self, size: u64) -> bool {
        *self.of(size) > 0
    }

    fn take(&mut self, size: u64, operations: usize) {
        let room = self.of(size);
        *room = room.saturating_sub(operations);
    }
}

/// Files that are only on disk, by folder and there by name.
pub(super) fn by_folder<'a>(world: &World<'a>) -> BTreeMap<LocalId, Vec<&'a LocalNode>> {
    let mut unbound: BTreeMap<LocalId, Vec<&'a LocalNode>> = BTreeMap::new();
    for node in world.unsettled.locals().filter_map(|local| world.local.get(local)) {
        if let Some(folder) = node.parent.filter(|_| world.synced.of_local(&node.id).is_none()) {
            unbound.entry(folder).or_default().push(node);
        }
    }
    for inside in unbound.values_mut() {
        inside.sort_by(|one, other| one.name.cmp(&other.name));
    }
    unbound
}

fn by_key<'a>(inside: Option<&Vec<&'a LocalNode>>) -> ByKey<'a> {
    let mut by_key: ByKey<'a> = BTreeMap::new();
    for node in inside.into_iter().flatten() {
        by_key.entry(name_key(&node.name)).or_default().push(node);
    }
    by_key
}
