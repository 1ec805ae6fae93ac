//! History: where items were when the reader's cursor was made, from the log of what happened since.

use std::collections::{BTreeMap, BTreeSet};

use model::{DriveId, ItemChange, ItemChangeKind, ItemId};
use storage::{Scope, StorageError};

/// How deep folders may be nested when history is followed.
const MAX_DEPTH: usize = 1_000;

/// Places of items at one number of a drive's sequence.
pub(super) struct History {
    drive: DriveId,
    root: ItemId,
    sequence: i64,
    parents: BTreeMap<ItemId, Option<ItemId>>,
}

impl History {
    /// Looks back to a number, for a scope.
    pub(super) fn new(drive: DriveId, root: ItemId, sequence: i64) -> Self {
        Self { drive, root, sequence, parents: BTreeMap::new() }
    }

    /// Returns the folder an item was in; none when it did not exist, was deleted, or is the drive's root.
    pub(super) fn parent_then<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
    ) -> Result<Option<ItemId>, StorageError> {
        if let Some(known) = self.parents.get(&item) {
            return Ok(*known);
        }
        let parent = match scope.item_log().find_first_displacement(item, self.sequence)? {
            Some(change) if matches!(change.kind, ItemChangeKind::Moved | ItemChangeKind::Deleted) => {
                change.old_parent
            }
            Some(_) => None,
            None => {
                let now = scope.items().find(self.drive, item)?;
                now.and_then(|now| now.parent)
            }
        };
        self.parents.insert(item, parent);
        Ok(parent)
    }

    /// Returns whether an item was in the scope.
    pub(super) fn was_inside<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
    ) -> Result<bool, StorageError> {
        let mut at = item;
        for _ in 0..MAX_DEPTH {
            if at == self.root {
                return Ok(true);
            }
            match self.parent_then(scope, at)? {
                Some(parent) => at = parent,
                None => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Returns whether an item may have been in the scope at any time of these changes. It errs towards yes, which
    /// costs a needless removal of an id the reader does not know.
    pub(super) fn was_ever_inside<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        changes: &BTreeMap<ItemId, Vec<ItemChange>>,
        item: ItemId,
    ) -> Result<bool, StorageError> {
        let (mut open, mut visited) = (vec![item], BTreeSet::new());
        while let Some(at) = open.pop() {
            if at == self.root {
                return Ok(true);
            }
            if !visited.insert(at) || visited.len() > MAX_DEPTH {
                continue;
            }
            open.extend(self.parent_then(scope, at)?);
            let logged = changes.get(&at).into_iter().flatten();
            open.extend(logged.flat_map(|change| change.old_parent.into_iter().chain(change.new_parent)));
        }
        Ok(false)
    }
}
