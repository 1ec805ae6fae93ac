//! Want: where an item shall be, merged attribute by attribute. Parent and name are merged apart, so that "she renamed
//! it, he moved it" ends moved and renamed. Where both changed one attribute, the server's order wins.

use std::collections::BTreeMap;

use super::occupant::is_swap_name;
use super::world::{OnDisk, There, World};
use crate::{ItemId, LocalNode, Problem, RemoteNode, SyncedNode, check_library_name, check_local_name};

/// Where an item that is on both sides shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Want<'a> {
    /// The folder; none while it waits for a folder made here to exist on the server.
    pub(super) parent: Option<&'a ItemId>,
    /// Name on the server.
    pub(super) remote_name: &'a str,
    /// Name on disk.
    pub(super) local_name: &'a str,
    /// Why its place must stay as it is on both sides.
    pub(super) held: Option<Problem>,
}

/// Where everything that is on both sides shall be.
#[derive(Debug)]
pub(super) struct Wants<'a> {
    world: World<'a>,
    /// Of the rows a plan looks at; every other row is where it shall be.
    merged: BTreeMap<&'a ItemId, Want<'a>>,
}

impl<'a> Wants<'a> {
    /// Merges those rows.
    pub(super) fn of(world: World<'a>, rows: &[&'a SyncedNode]) -> Self {
        let merged = rows.iter().filter_map(|row| Some((&row.item, on_both_sides(&world, row)?))).collect();
        let mut wants = Self { world, merged };
        wants.give_way();
        wants
    }

    /// Finds where an item shall be; none when it is not on both sides.
    pub(super) fn get(&self, item: &ItemId) -> Option<Want<'a>> {
        match self.merged.get(item) {
            Some(want) => Some(want.clone()),
            None => on_both_sides(&self.world, self.world.synced.get(item)?),
        }
    }

    /// A place merged from a move here and a renaming there may belong to something that stays on both sides. What
    /// asks for it then takes the server's place as it is; otherwise it would wait for ever.
    fn give_way(&mut self) {
        loop {
            let crowded: Vec<&'a ItemId> = self
                .merged
                .iter()
                .filter(|(item, want)| is_crowded_out(self, item, want))
                .map(|(item, _)| *item)
                .collect();
            if crowded.is_empty() {
                return;
            }
            for item in crowded {
                if let (Some(want), Some(row), Some(there)) =
                    (self.merged.get_mut(item), self.world.synced.get(item), self.world.remote.get(item))
                {
                    want.parent = there.parent.as_ref();
                    want.remote_name = &there.name;
                    want.local_name =
                        if there.name == row.remote_name { &row.local_name } else { &there.name };
                }
            }
        }
    }
}

fn on_both_sides<'a>(world: &World<'a>, row: &'a SyncedNode) -> Option<Want<'a>> {
    match (world.there(row), world.on_disk(row)) {
        (There::Here(there), OnDisk::Here(here)) if !World::is_root(row) => {
            Some(merge(world, row, there, here))
        }
        _ => None,
    }
}

fn is_crowded_out<'a>(wants: &Wants<'a>, item: &ItemId, want: &Want<'a>) -> bool {
    let world = &wants.world;
    let place = |item: &ItemId, want: &Want<'a>| {
        let folder = world.synced.get(want.parent?)?.local;
        let here = world.local.get(&world.synced.get(item)?.local)?;
        Some((folder, here.parent == Some(folder) && here.name == want.local_name))
    };
    let Some(there) = world.remote.get(item) else { return false };
    let merged = want.parent != there.parent.as_ref() || want.remote_name != there.name;
    if !merged || want.held.is_some() || is_swap_name(&there.name) {
        return false;
    }
    let Some((folder, false)) = place(item, want) else { return false };
    let Some(other) = world.local.tree().child(&folder, want.local_name) else { return false };
    let Some(other) = world.synced.of_local(&other.id).filter(|other| other.item != *item) else {
        return false;
    };
    wants
        .get(&other.item)
        .is_some_and(|goal| goal.held.is_some() || matches!(place(&other.item, &goal), Some((_, true))))
}

fn merge<'a>(world: &World<'a>, row: &'a SyncedNode, there: &'a RemoteNode, here: &'a LocalNode) -> Want<'a> {
    let mut held = None;
    let parent = merge_parent(world, row, there, here, &mut held);
    let (remote_name, local_name) = merge_name(world, row, there, here, &mut held);
    let moves_there =
        parent.is_some_and(|parent| Some(parent) != there.parent.as_ref()) || remote_name != there.name;
    if held.is_none() && moves_there {
        let into = parent.and_then(|parent| world.remote.get(parent));
        if !world.may_write(there) || into.is_some_and(|folder| !world.may_write(folder)) {
            held = Some(Problem::ViewOnly);
        }
    }
    Want { parent, remote_name, local_name, held }
}

fn merge_parent<'a>(
    world: &World<'a>,
    row: &'a SyncedNode,
    there: &'a RemoteNode,
    here: &'a LocalNode,
    held: &mut Option<Problem>,
) -> Option<&'a ItemId> {
    let now = world.local_parent_row(here);
    let moved_here = now.map(|row| &row.item) != row.parent.as_ref();
    let moved_there = there.parent != row.parent;
    if !moved_here || moved_there {
        return there.parent.as_ref();
    }
    let folder = now?;
    // Row 9: two moves that would make a cycle. The server's stands, so the local one is undone.
    if world.remote.tree().is_at_or_above(&row.item, &folder.item) {
        return there.parent.as_ref();
    }
    if let There::Frozen(problem) = world.there(folder) {
        *held = Some(problem);
    }
    Some(&folder.item)
}

fn merge_name<'a>(
    world: &World<'a>,
    row: &'a SyncedNode,
    there: &'a RemoteNode,
    here: &'a LocalNode,
    held: &mut Option<Problem>,
) -> (&'a str, &'a str) {
    // A name that is only there while names change places is nobody's wish. Who made it on the server, and nobody
    // else, has noted it in the row, and gives the item its name back.
    let swapped_there = is_swap_name(&there.name);
    let swapped_here = is_swap_name(&here.name);
    if swapped_here && !swapped_there {
        return (&there.name, &there.name);
    }
    if swapped_there && !swapped_here && there.name == row.remote_name {
        return (&here.name, &here.name);
    }
    if there.name != row.remote_name && !swapped_there {
        if let Err(issue) = check_local_name(&there.name) {
            *held = Some(Problem::NameFromServer { issue });
            return (&there.name, &here.name);
        }
        return (&there.name, &there.name);
    }
    let stranded = swapped_there && world.policy.stranded_swaps.contains(&row.item);
    if here.name == row.local_name && !stranded {
        return (&there.name, &here.name);
    }
    let problem = here.problem.as_deref().cloned();
    match (problem, check_library_name(&here.name)) {
        (Some(problem), _) => *held = Some(problem),
        (None, Err(issue)) => *held = Some(Problem::NameNotAllowed { issue }),
        (None, Ok(())) => {}
    }
    (&here.name, &here.name)
}
