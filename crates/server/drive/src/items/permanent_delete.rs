//! Deleting past the recycle bin (sharing-and-guests.md B-4). Owners alone may: it is the one way to destroy at once.

use model::{BinKey, ItemId, ItemKind, Role};

use super::{Condition, DeletionReach};
use crate::ItemError;
use crate::editor::Editor;

impl Editor<'_, '_> {
    /// Destroys an item with everything in it and all versions.
    ///
    /// # Errors
    /// Refusals of right and condition; [`ItemError::OwnersOnly`].
    pub fn delete_permanently(&mut self, item: ItemId, condition: &Condition) -> Result<(), ItemError> {
        let seen = self.item(item)?;
        if seen.role < Role::Owner {
            return Err(ItemError::OwnersOnly);
        }
        let deleted = self.delete(item, DeletionReach::Tree, condition)?;
        self.changes.purge(BinKey::of_item(item))?;
        let file = deleted.item.kind == ItemKind::File;
        self.note(if file { "FileDeletedPermanently" } else { "FolderDeletedPermanently" }, &deleted.item);
        Ok(())
    }
}
