//! History: what the reader saw when their cursor was made, from the log of what happened since.
//!
//! A reader knows what they could see at the moments when they read a page, and nothing of what came and went between two
//! of them: they may not even have had access then. Only what they changed themselves they know from the answer. What hid items by permissions of their own stays the same for as
//! long as a reader has not caught up, except at the first moment, when they had; so the cursor keeps that apart.

use std::collections::{BTreeMap, BTreeSet};

use model::{DriveId, ItemChangeKind, ItemId, UserId};
use storage::{Scope, StorageError};

/// How deep folders may be nested when history is followed.
const MAX_DEPTH: usize = 1_000;

/// The moments at which a reader read pages: when they had caught up, and at each page since.
#[derive(Debug, Clone)]
pub(super) struct Readings {
    /// The drive's newest number at the first of them.
    pub(super) first: i64,
    /// Items with permissions of their own that were hidden then.
    pub(super) hidden_first: BTreeSet<ItemId>,
    /// The drive's newest numbers at the others, in order.
    pub(super) later: Vec<i64>,
}

/// Places of items in a drive's past, seen by one reader of one scope.
pub(super) struct History {
    drive: DriveId,
    root: ItemId,
    /// Changes up to this number were told.
    sequence: i64,
    /// Items with permissions of their own that were hidden since the first reading.
    hidden: BTreeSet<ItemId>,
    readings: Readings,
    reader: UserId,
    parents: BTreeMap<(ItemId, i64), Option<ItemId>>,
}

impl History {
    /// Looks back to a stretch of the sequence, for a scope and a reader.
    pub(super) fn new(
        drive: DriveId,
        root: ItemId,
        sequence: i64,
        hidden: BTreeSet<ItemId>,
        readings: Readings,
        reader: UserId,
    ) -> Self {
        Self { drive, root, sequence, hidden, readings, reader, parents: BTreeMap::new() }
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

    /// Returns the item and the folders that were above it at a number, up to the scope's root; none when it was not
    /// in the scope.
    fn chain_at<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
        sequence: i64,
    ) -> Result<Option<Vec<ItemId>>, StorageError> {
        let (mut at, mut chain) = (item, Vec::new());
        while chain.len() < MAX_DEPTH {
            if at == self.root {
                return Ok(Some(chain));
            }
            chain.push(at);
            match self.parent_at(scope, at, sequence)? {
                Some(parent) => at = parent,
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Returns whether an item was in the scope when everything up to the cursor was told, by what is hidden since the
    /// reader had caught up. It may have been there without being told: the reader may have had no access then.
    pub(super) fn was_seen<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
    ) -> Result<bool, StorageError> {
        let chain = self.chain_at(scope, item, self.sequence)?;
        Ok(chain.is_some_and(|chain| !is_hidden(&chain, &self.hidden)))
    }

    /// Returns whether the reader may have been told of an item: whether they could see it at a moment when they read,
    /// or changed it since they had caught up, for an answer tells of the item too.
    pub(super) fn was_ever_seen<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
    ) -> Result<bool, StorageError> {
        let first = self.readings.first;
        if let Some(chain) = self.chain_at(scope, item, first)?
            && !is_hidden(&chain, &self.readings.hidden_first)
        {
            return Ok(true);
        }
        if self.was_changed_by_reader(scope, item)? {
            return Ok(true);
        }
        let Some(&last) = self.readings.later.last() else { return Ok(false) };
        let turns = self.turns(scope, item, first, last)?;
        // Between two turns nothing moved, so the turn before a reading stands for it.
        let turn_before = |moment: &i64| turns.range(..=*moment).next_back().copied().unwrap_or(first);
        let moments: BTreeSet<i64> = self.readings.later.iter().map(turn_before).collect();
        for moment in moments {
            if let Some(chain) = self.chain_at(scope, item, moment)?
                && !is_hidden(&chain, &self.hidden)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether the reader changed an item that was in the scope afterwards. What lay hidden in a folder they
    /// brought back was not told.
    fn was_changed_by_reader<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
    ) -> Result<bool, StorageError> {
        for made in scope.item_log().list_made_by(item, self.reader, self.readings.first)? {
            if let Some(chain) = self.chain_at(scope, item, made)?
                && !is_hidden(&chain, &self.hidden)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Lists the numbers of a stretch after which the item or a folder that may have been above it was in another place.
    fn turns<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        item: ItemId,
        first: i64,
        last: i64,
    ) -> Result<BTreeSet<i64>, StorageError> {
        let (mut open, mut visited, mut turns) = (vec![item], BTreeSet::new(), BTreeSet::new());
        while let Some(at) = open.pop() {
            if at == self.root || visited.len() > MAX_DEPTH || !visited.insert(at) {
                continue;
            }
            open.extend(self.parent_at(scope, at, first)?);
            for change in scope.item_log().list_displacements(at, first, last)? {
                turns.insert(change.sequence);
                open.extend(change.old_parent.into_iter().chain(change.new_parent));
            }
        }
        Ok(turns)
    }
}

fn is_hidden(chain: &[ItemId], hidden: &BTreeSet<ItemId>) -> bool {
    chain.iter().any(|item| hidden.contains(item))
}
