//! Occupant: what to do when the name something shall have is taken, on disk or on the server (rows 12 to 16).

use super::world::{OnDisk, There};
use super::{MoveReason, Op, Planner};
use crate::{
    ItemId, LocalId, LocalKind, LocalNode, Problem, RemoteNode, SyncedNode, conflict_name_numbered, name_key,
};

/// Whether a name is free, or will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    Free,
    /// What is there will leave or was told to; try in a later round.
    Later,
    /// A ring of names: what asks must step aside for a moment.
    Ring,
    /// What is there stays.
    Stays,
    /// What is there stays and nothing can be done about it.
    Blocked(Problem),
}

impl<'a> Planner<'a> {
    /// Looks at the name an item shall have on disk, and moves an unbound occupant aside.
    pub(super) fn clear_here(&mut self, asks: &ItemId, parent: LocalId, name: &str) -> Taken {
        let world = self.world;
        let Some(other) = world.local.tree().child(&parent, name) else { return Taken::Free };
        let Some(row) = world.synced.of_local(&other.id) else {
            return self.step_aside(other);
        };
        if row.item == *asks {
            return Taken::Free;
        }
        match world.there(row) {
            There::Frozen(problem) => Taken::Blocked(problem),
            There::Deleted => Taken::Later,
            There::Here(_) if self.leaves_here(&row.item) => match self.ring_here(asks, &row.item) {
                Some(first) if first == *asks => Taken::Ring,
                _ => Taken::Later,
            },
            There::Here(there) if !world.may_write(there) => self.step_aside(other),
            // It is where both sides have it.
            There::Here(there) if self.is_settled(row, there) => self.give_way(other, there),
            There::Here(_) => Taken::Later,
        }
    }

    /// Looks at the name something shall have on the server.
    pub(super) fn clear_there(&self, asks: Option<&ItemId>, parent: &ItemId, name: &str) -> Taken {
        let world = self.world;
        let Some(other) = world.remote.tree().child(parent, &name_key(name)) else { return Taken::Free };
        if Some(&other.id) == asks {
            return Taken::Free;
        }
        let Some(row) = world.synced.get(&other.id) else { return Taken::Stays };
        match world.on_disk(row) {
            OnDisk::Unknown => Taken::Later,
            OnDisk::Absent if self.deletes_there(other) => Taken::Later,
            OnDisk::Absent => Taken::Stays,
            OnDisk::Here(_) if self.leaves_there(other) => match asks {
                Some(asks) if self.ring_there(asks, &other.id).as_ref() == Some(asks) => Taken::Ring,
                _ => Taken::Later,
            },
            OnDisk::Here(_) => Taken::Stays,
        }
    }

    /// Moves a file or folder on disk to its conflict name, whatever it is.
    pub(super) fn step_aside(&mut self, node: &LocalNode) -> Taken {
        self.rename_away(node, MoveReason::Conflict)
    }

    /// Moves a file on disk to its conflict name, for that reason.
    pub(super) fn rename_away(&mut self, node: &LocalNode, reason: MoveReason) -> Taken {
        if node.kind == LocalKind::Other
            || matches!(node.problem.as_deref(), Some(Problem::NestedMount | Problem::NotUtf8))
        {
            return Taken::Blocked(Problem::Local {
                detail: "something that does not sync has its name".to_owned(),
            });
        }
        let Some(parent) = node.parent else { return Taken::Stays };
        let Some(name) = self.conflict_name_for(node, parent) else { return Taken::Stays };
        let item = self.world.synced.of_local(&node.id).map(|row| row.item.clone());
        self.emit(Op::MoveLocal { local: node.id, item, parent, name, reason });
        Taken::Later
    }

    /// Finds a conflict name that is free on both sides.
    pub(super) fn conflict_name_for(&self, node: &LocalNode, parent: LocalId) -> Option<String> {
        let world = self.world;
        let folder = world.synced.of_local(&parent).map(|row| &row.item);
        (0..1000).find_map(|number| {
            let policy = world.policy;
            let name =
                conflict_name_numbered(&node.name, &policy.who, policy.today, node.content.as_ref(), number);
            let taken_here =
                world.local.tree().child(&parent, &name).is_some_and(|other| other.id != node.id)
                    || self.batch.claims_here(parent, &name);
            let key = name_key(&name);
            let taken_there = folder.is_some_and(|folder| world.remote.tree().child(folder, &key).is_some());
            (!taken_here && !taken_there).then_some(name)
        })
    }

    /// Whoever holds a name here that the server has given away for the length of a swap takes the server's for now.
    fn give_way(&mut self, other: &LocalNode, there: &RemoteNode) -> Taken {
        let Some(parent) = other.parent.filter(|_| is_swap_name(&there.name) && there.name != other.name)
        else {
            return Taken::Stays;
        };
        let (item, name) = (Some(there.id.clone()), there.name.to_string());
        self.emit(Op::MoveLocal { local: other.id, item, parent, name, reason: MoveReason::Agree });
        Taken::Later
    }

    fn is_settled(&self, row: &SyncedNode, there: &RemoteNode) -> bool {
        let want = self.wants.get(&row.item).filter(|want| want.held.is_none());
        want.is_some_and(|want| want.parent.is_some())
            && !self.leaves_here(&row.item)
            && !self.leaves_there(there)
    }

    fn leaves_here(&self, item: &ItemId) -> bool {
        self.goal_here(item).is_some()
    }

    /// Where a bound item will go on disk, when it will.
    fn goal_here(&self, item: &ItemId) -> Option<(LocalId, &'a str)> {
        let want = self.wants.get(item).filter(|want| want.held.is_none())?;
        let row = self.world.synced.get(item)?;
        let node = self.world.local.get(&row.local)?;
        let parent = self.world.synced.get(want.parent?)?.local;
        (node.parent != Some(parent) || node.name != want.local_name).then_some((parent, want.local_name))
    }

    fn leaves_there(&self, item: &RemoteNode) -> bool {
        self.goal_there(item).is_some()
    }

    /// Where a bound item will go on the server, when it will.
    fn goal_there(&self, item: &RemoteNode) -> Option<(&'a ItemId, &'a str)> {
        let want = self.wants.get(&item.id).filter(|want| want.held.is_none())?;
        let parent = want.parent?;
        (item.parent.as_ref() != Some(parent) || item.name != want.remote_name)
            .then_some((parent, want.remote_name))
    }

    fn deletes_there(&self, item: &RemoteNode) -> bool {
        let row = self.world.synced.get(&item.id);
        row.is_some_and(|row| super::keep::deletable(&self.world, row, item)) && !self.needs_there(&item.id)
    }

    /// Follows who stands where whom wants to go; returns the smallest member of a ring that leads back to `asks`.
    fn ring_here(&self, asks: &ItemId, first: &ItemId) -> Option<ItemId> {
        let mut ring = vec![asks.clone()];
        let mut at = first.clone();
        while at != *asks {
            if ring.contains(&at) {
                return None;
            }
            let (parent, name) = self.goal_here(&at)?;
            let next = self.world.local.tree().child(&parent, name)?;
            let next = self.world.synced.of_local(&next.id)?;
            ring.push(at);
            at = next.item.clone();
        }
        ring.into_iter().min()
    }

    fn ring_there(&self, asks: &ItemId, first: &ItemId) -> Option<ItemId> {
        let mut ring = vec![asks.clone()];
        let mut at = first.clone();
        while at != *asks {
            if ring.contains(&at) {
                return None;
            }
            let (parent, name) = self.goal_there(self.world.remote.get(&at)?)?;
            let next = self.world.remote.tree().child(parent, &name_key(name))?;
            ring.push(at);
            at = next.id.clone();
        }
        ring.into_iter().min()
    }
}

const SWAP_PREFIX: &str = ".footbridge-swap-";

/// Tells whether something has this name only while names change places.
#[must_use]
pub fn is_swap_name(name: &str) -> bool {
    name.starts_with(SWAP_PREFIX)
}

/// Returns the name something has while names change places.
pub(super) fn swap_name(item: &ItemId) -> String {
    let tag: String = item.as_str().chars().filter(char::is_ascii_alphanumeric).take(100).collect();
    format!("{SWAP_PREFIX}{}", tag.to_ascii_lowercase())
}
