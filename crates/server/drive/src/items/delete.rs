//! Deleting: everything goes to the recycle bin, nothing is destroyed.

use model::{ItemId, ItemKind};
use storage::ChildrenAfter;

use super::Condition;
use crate::editor::Editor;
use crate::{ItemError, SeenItem};

/// What a deletion takes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeletionReach {
    /// Only a file or an empty folder: the caller deletes what is inside one by one, each under its own condition.
    Empty,
    /// A folder with everything in it.
    Tree,
}

impl Editor<'_, '_> {
    /// Deletes an item into the recycle bin and returns it as it was.
    ///
    /// # Errors
    /// Refusals of right and condition; [`ItemError::NotEmpty`]. What holds something that the caller may not change is
    /// [`ItemError::ReadOnly`].
    pub fn delete(
        &mut self,
        item: ItemId,
        reach: DeletionReach,
        condition: &Condition,
    ) -> Result<SeenItem, ItemError> {
        let seen = self.item(item)?;
        seen.require_movable()?;
        condition.check(&seen)?;
        self.require_write_below(&seen.item)?;
        if reach == DeletionReach::Empty && seen.item.kind == ItemKind::Folder {
            let inside = self.changes.scope().items().list_children(item, ChildrenAfter::Id(None), 1)?;
            if !inside.is_empty() {
                return Err(ItemError::NotEmpty);
            }
        }
        let before = self.changes.delete_tree(seen.item, &self.by)?;
        let operation = if before.kind == ItemKind::File { "FileDeleted" } else { "FolderDeleted" };
        self.note(operation, &before);
        Ok(SeenItem { item: before, ..seen })
    }
}
