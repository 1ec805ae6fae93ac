//! Bringing back from the recycle bin, under the same id, with everything the deletion took along and with the
//! permissions there were.
//!
//! The rule of places: an item goes to the folder that is asked for; else to where it was; else, when that folder is gone
//! too, to the nearest folder above it that is there. The rule of names: a name that is asked for must be free; its own
//! name gets a number when somebody else has it now.

use std::collections::BTreeMap;

use model::{BinKey, BinStage, Item, ItemId, ItemKind, ItemName, Role};

use crate::editor::{ConflictBehavior, Editor};
use crate::{ItemError, SeenItem};

/// Where something from the recycle bin shall be.
#[derive(Debug, Clone, Default)]
pub struct RestorePlace {
    /// The folder; where it was when not told.
    pub parent: Option<ItemId>,
    /// The name; as it was when not told.
    pub name: Option<String>,
    /// What to do when the name is taken; the rule above when not told. Nothing is ever replaced.
    pub conflict: Option<ConflictBehavior>,
}

impl Editor<'_, '_> {
    /// Restores a deleted item, with what was below it and was deleted along. From the second stage owners alone do.
    ///
    /// # Errors
    /// Refusals of right, name and conflict; [`ItemError::NotFound`] also when the item is not in the bin.
    pub fn restore(&mut self, item: ItemId, place: &RestorePlace) -> Result<SeenItem, ItemError> {
        let seen = self.sight.item_ever(&mut self.changes.scope(), item)?;
        let deletion = seen.item.deleted.ok_or(ItemError::NotFound)?;
        let entry = self.changes.scope().recycle_bin().find(BinKey::of_item(deletion.with))?;
        let entry = entry.ok_or(ItemError::NotFound)?;
        if entry.stage() == BinStage::Second && seen.role < Role::Owner {
            return Err(ItemError::NotFound);
        }
        seen.require_write()?;
        let parent = self.place_to_restore(&seen, place.parent)?;
        let text = place.name.as_deref().unwrap_or(&seen.item.name);
        let mut name = self.name_for(&parent, text, seen.item.kind)?;
        if let Some(holder) = self.holder(&parent, &name, None)? {
            let usual = if place.name.is_some() { ConflictBehavior::Fail } else { ConflictBehavior::Rename };
            if place.conflict.unwrap_or(usual) != ConflictBehavior::Rename {
                return Err(ItemError::NameTaken(Some(Box::new(holder.remote()))));
            }
            name = self.free_name(&parent, text, seen.item.kind)?;
        }
        let below = self.longest_deleted_below(&seen.item)?;
        self.require_path(&parent, name.as_str(), below)?;
        let restored = self.changes.restore_tree(&seen.item, parent.item.id, &name, &self.by)?;
        let restored = restored.ok_or(ItemError::NotFound)?;
        let operation = if restored.kind == ItemKind::File { "FileRestored" } else { "FolderRestored" };
        self.note(operation, &restored);
        self.below(&parent, restored)
    }

    /// Finds the folder to restore to. A folder that is asked for must be there.
    fn place_to_restore(&mut self, seen: &SeenItem, asked: Option<ItemId>) -> Result<SeenItem, ItemError> {
        if let Some(asked) = asked {
            return self.folder_to_write(asked);
        }
        let live = seen.above.iter().find(|folder| folder.deleted.is_none()).map(|folder| folder.id);
        self.folder_to_write(live.ok_or(ItemError::Root)?)
    }

    /// Returns the length of the longest path below a deleted item, among what comes back with it.
    fn longest_deleted_below(&mut self, item: &Item) -> Result<usize, ItemError> {
        let Some(deletion) = item.deleted else { return Ok(0) };
        let mut lengths = BTreeMap::from([(item.id, 0)]);
        for gone in self.changes.scope().items().list_deleted_with(deletion.with)? {
            let above = gone.parent.and_then(|parent| lengths.get(&parent)).copied();
            if let Some(above) = above.filter(|_| gone.id != item.id) {
                lengths.insert(gone.id, above + 1 + ItemName::length_of(&gone.name));
            }
        }
        Ok(lengths.into_values().max().unwrap_or(0))
    }
}
