//! Recovery: what became of steps that were under way when the client died, and of files parked in the trash.

use std::time::Duration;

use engine::{LocalChange, ParkedChange, Recovered};
use sync_core::LocalId;

use super::computer::{Inner, TRASH};

impl Inner {
    /// Tells what became of a step. Steps of this disk are atomic, so each was taken or was not.
    pub(crate) fn what_became_of(&self, change: &LocalChange) -> Recovered {
        let taken = match change {
            LocalChange::MakeDir { parent, name } => {
                self.resolve(parent).is_ok_and(|folder| self.disk.table.child(folder, name).is_ok())
            }
            LocalChange::Place { stage, .. } | LocalChange::Replace { stage, .. } => {
                self.staged(stage).is_err()
            }
            LocalChange::Move { node, .. }
            | LocalChange::Trash { node, .. }
            | LocalChange::RemoveDir { node } => self.resolve(node).is_err(),
            LocalChange::Rescue { node, .. } => {
                self.disk.rescued.iter().any(|(path, _)| path == node.path.as_str())
            }
            LocalChange::Unpark { parked, .. } => !self.disk.parked.contains_key(parked),
        };
        if taken { Recovered::Finished } else { Recovered::NotStarted }
    }

    /// Looks at parked files; see [`engine::LocalTree::parked_changes`].
    pub(crate) fn look_at_parked(&mut self, now: Duration, grace: Duration) -> Vec<ParkedChange> {
        let Some(trash) = self.control(TRASH) else { return Vec::new() };
        let mut changes = Vec::new();
        for (parked, file) in self.disk.parked.iter_mut().filter(|(_, file)| file.watched) {
            let Ok(number) = self.disk.table.child(trash, parked) else { continue };
            let Ok(inode) = self.disk.table.inode(number) else { continue };
            if (inode.size(), inode.modified) != file.as_parked {
                changes.push(ParkedChange {
                    parked: parked.clone(),
                    item: file.item.clone(),
                    name: file.name.clone(),
                });
                continue;
            }
            let id = LocalId::new(inode.number, inode.birth);
            let held = self.writers.contains(&(id.inode, id.birth));
            if !held && now.saturating_sub(file.since) > grace {
                file.watched = false;
            }
        }
        changes
    }
}
