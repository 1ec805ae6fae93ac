//! History: what the reader saw when their cursor was made, from the log of what happened since.
//!
//! What hid items from the reader by permissions of their own stands in the cursor and stays the same for as long as a
//! reader has not caught up; so it holds for every number looked at here.

use std::collections::{BTreeMap, BTreeSet};

use model::{DriveId, ItemChangeKind, ItemId};
use storage::{Scope, StorageError};

/// How deep folders may be nested when history is followed.
const MAX_DEPTH: usize = 1_000;

/// Places of items in a drive's past, seen by one reader of one scope.
pub(super) struct History {
    drive: DriveId,
    root: ItemId,
    /// Changes up to this number were told.
    sequence: i64,
    /// The newest number when the reader read last: nothing later was ever told.
    read: i64,
    /// Items with permissions of their own that were hidden from the reader.
    hidden: BTreeSet<ItemId>,
    parents: BTreeMap<(ItemId, i64), Option<ItemId>>,
}

impl History {
    /// Looks back to a stretch of the sequence, for a scope and a reader.
    pub(super) fn new(
        drive: DriveId,
        root: ItemId,
        sequence: i64,
        read: i64,
        hidden: BTreeSet<ItemId>,
    ) -> Self {
        Self { drive, root, sequence, read: read.max(sequence), hidden, parents: BTreeMap::new() }
    }

    /// Returns the folder an item was in at a number; none when it did not exist, was deleted, or is the drive's root.
    fn parent_at<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
        sequence: i64,
    ) -> Result<Option<ItemId>, StorageError> {
        if let Some(known) = self.parents.get(&(item, sequence)) {
            return Ok(*known);
        }
        let parent = match scope.item_log().find_first_displacement(item, sequence)? {
            Some(change) if matches!(change.kind, ItemChangeKind::Moved | ItemChangeKind::Deleted) => {
                change.old_parent
            }
            Some(_) => None,
            None => {
                let now = scope.items().find(self.drive, item)?;
                now.and_then(|now| now.parent)
            }
        };
        self.parents.insert((item, sequence), parent);
        Ok(parent)
    }

    fn was_seen_at<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
        sequence: i64,
    ) -> Result<bool, StorageError> {
        let mut at = item;
        for _ in 0..MAX_DEPTH {
            if at == self.root {
                return Ok(true);
            }
            if self.hidden.contains(&at) {
                return Ok(false);
            }
            match self.parent_at(scope, at, sequence)? {
                Some(parent) => at = parent,
                None => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Returns whether the reader could see an item in the scope when everything up to the cursor was told.
    pub(super) fn was_seen<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
    ) -> Result<bool, StorageError> {
        self.was_seen_at(scope, item, self.sequence)
    }

    /// Returns whether the reader may have been told of an item: whether they could see it at any number from the
    /// cursor's up to the newest one when they read last.
    pub(super) fn was_ever_seen<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
    ) -> Result<bool, StorageError> {
        if self.was_seen(scope, item)? {
            return Ok(true);
        }
        if self.read == self.sequence {
            return Ok(false);
        }
        for sequence in self.turns(scope, item)? {
            if self.was_seen_at(scope, item, sequence)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Lists the numbers after which the item or a folder that may have been above it was in another place.
    fn turns<M>(&mut self, scope: &mut Scope<'_, M>, item: ItemId) -> Result<BTreeSet<i64>, StorageError> {
        let (mut open, mut visited, mut turns) = (vec![item], BTreeSet::new(), BTreeSet::new());
        while let Some(at) = open.pop() {
            if at == self.root || visited.len() > MAX_DEPTH || !visited.insert(at) {
                continue;
            }
            open.extend(self.parent_at(scope, at, self.sequence)?);
            for change in scope.item_log().list_displacements(at, self.sequence, self.read)? {
                turns.insert(change.sequence);
                open.extend(change.old_parent.into_iter().chain(change.new_parent));
            }
        }
        Ok(turns)
    }
}
