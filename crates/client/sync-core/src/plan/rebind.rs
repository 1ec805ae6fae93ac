//! Rebind: an editor that saves by replacing the file keeps the item. For a vanished file, the path is its identity.

use super::world::{OnDisk, There, World};
use super::{Op, Planner};
use crate::{LocalNode, SyncedNode};

impl Planner<'_> {
    /// Binds items whose file vanished to the new file under the old name (row 32).
    pub(super) fn rebind_replaced(&mut self) {
        let world = self.world;
        for row in self.rows.clone() {
            let vanished = match world.on_disk(row) {
                OnDisk::Here(node) => is_backup_of(node, row),
                OnDisk::Absent | OnDisk::Unknown => true,
            };
            if !vanished || matches!(world.there(row), There::Frozen(_)) {
                continue;
            }
            let folder = row.parent.as_ref().and_then(|parent| world.synced.get(parent));
            let heir = folder.and_then(|folder| world.local.tree().child(&folder.local, &row.local_name));
            if let Some(heir) = heir
                && world.synced.of_local(&heir.id).is_none()
                && World::same_kind(row.kind, heir)
                && heir.problem.is_none()
            {
                self.emit(Op::Bind { item: row.item.clone(), local: heir.id });
            }
        }
    }
}

/// Whether a file was renamed in its folder to what editors call the old version.
fn is_backup_of(node: &LocalNode, row: &SyncedNode) -> bool {
    let (name, old) = (node.name.as_str(), row.local_name.as_str());
    name != old
        && name
            .strip_prefix(old)
            .is_some_and(|end| matches!(end, "~" | ".bak" | ".old" | ".orig" | ".backup"))
}
