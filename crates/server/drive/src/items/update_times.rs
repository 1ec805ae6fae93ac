//! Changing an item's own times.

use model::{ItemId, ItemKind, Timestamp};

use super::Condition;
use crate::editor::{Editor, stored_time};
use crate::{ItemError, SeenItem};

impl Editor<'_, '_> {
    /// Sets an item's own times; one that is not told stays. Nothing changes when both are so already.
    ///
    /// # Errors
    /// Refusals of right and condition.
    pub fn update_times(
        &mut self,
        item: ItemId,
        created: Option<Timestamp>,
        modified: Option<Timestamp>,
        condition: &Condition,
    ) -> Result<SeenItem, ItemError> {
        let seen = self.item(item)?;
        seen.require_write()?;
        condition.check(&seen)?;
        let created = created.map_or(seen.item.file_created, stored_time);
        let modified = modified.map_or(seen.item.file_modified, stored_time);
        if (created, modified) == (seen.item.file_created, seen.item.file_modified) {
            return Ok(seen);
        }
        let item = self.changes.update_times(seen.item, created, modified, &self.by)?;
        let operation = if item.kind == ItemKind::File { "FileModified" } else { "FolderModified" };
        self.note(operation, &item);
        Ok(SeenItem { item, ..seen })
    }
}
