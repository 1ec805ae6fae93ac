//! Bringing back from the recycle bin, under the same id.

use model::{ItemId, ItemKind, Role};

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
        let restored = self.changes.restore_tree(&seen.item, parent.item.id, &name, &self.by)?;
        let restored = restored.ok_or(ItemError::NotFound)?;
        let operation = if restored.kind == ItemKind::File { "FileRestored" } else { "FolderRestored" };
        self.note(operation, &restored);
        Ok(self.sight.below(&parent, restored))
    }
}
