//! Bringing back from the recycle bin, under the same id.

use std::collections::BTreeMap;

use model::{Item, ItemId, ItemKind, ItemName, Role};

use crate::editor::Editor;
use crate::{ItemError, SeenItem};

impl Editor<'_, '_> {
    /// Restores a deleted item, with what was below it and was deleted along, to a folder and under a name.
    ///
    /// # Errors
    /// Refusals of right, name and conflict; [`ItemError::NotFound`] also when the item is not deleted.
    pub fn restore(
        &mut self,
        item: ItemId,
        parent: Option<ItemId>,
        name: Option<&str>,
    ) -> Result<SeenItem, ItemError> {
        let seen = self.sight.item_ever(&mut self.changes.scope(), item)?;
        if seen.item.deleted.is_none() {
            return Err(ItemError::NotFound);
        }
        if seen.role < Role::Write {
            return Err(ItemError::ReadOnly);
        }
        let parent = parent.or(seen.above.first().map(|parent| parent.id)).ok_or(ItemError::Root)?;
        let parent = self.folder_to_write(parent)?;
        let name = self.name_for(&parent, name.unwrap_or(&seen.item.name), seen.item.kind)?;
        if let Some(holder) = self.holder(&parent, &name, None)? {
            return Err(ItemError::NameTaken(Some(Box::new(holder.remote()))));
        }
        let below = self.longest_deleted_below(&seen.item)?;
        self.require_path(&parent, name.as_str(), below)?;
        let restored = self.changes.restore_tree(&seen.item, parent.item.id, &name, &self.by)?;
        let restored = restored.ok_or(ItemError::NotFound)?;
        let operation = if restored.kind == ItemKind::File { "FileRestored" } else { "FolderRestored" };
        self.note(operation, &restored);
        Ok(self.sight.below(&parent, restored))
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
