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

/// Merges every row that is on both sides.
pub(super) fn all<'a>(world: &World<'a>) -> BTreeMap<&'a ItemId, Want<'a>> {
    world
        .synced
        .tree()
        .iter()
        .filter(|row| !World::is_root(row))
        .filter_map(|row| match (world.there(row), world.on_disk(row)) {
            (There::Here(there), OnDisk::Here(here)) => Some((&row.item, merge(world, row, there, here))),
            _ => None,
        })
        .collect()
}

fn merge<'a>(world: &World<'a>, row: &'a SyncedNode, there: &'a RemoteNode, here: &'a LocalNode) -> Want<'a> {
    let mut held = None;
    let parent = merge_parent(world, row, there, here, &mut held);
    let (remote_name, local_name) = merge_name(row, there, here, &mut held);
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
    if here.name == row.local_name {
        return (&there.name, &here.name);
    }
    let problem = here.problem.clone();
    match (problem, check_library_name(&here.name)) {
        (Some(problem), _) => *held = Some(problem),
        (None, Err(issue)) => *held = Some(Problem::NameNotAllowed { issue }),
        (None, Ok(())) => {}
    }
    (&here.name, &here.name)
}
