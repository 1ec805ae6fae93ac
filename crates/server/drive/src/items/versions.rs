//! Restoring and deleting versions of a file. Restoring writes the old bytes as the newest version and loses nothing.

use model::ItemId;

use super::Condition;
use crate::editor::Editor;
use crate::versions::find_version;
use crate::{ItemError, SeenItem};

impl Editor<'_, '_> {
    /// Gives a file the bytes of one of its versions. Nothing changes when it has them already.
    ///
    /// # Errors
    /// Refusals of right and condition; [`ItemError::NotFound`] when there is no such version.
    pub fn restore_version(
        &mut self,
        item: ItemId,
        number: i64,
        condition: &Condition,
    ) -> Result<SeenItem, ItemError> {
        let seen = self.item(item)?;
        let version = find_version(&mut self.changes.scope(), &seen, number)?;
        seen.require_write()?;
        condition.check(&seen)?;
        if seen.item.content.is_some_and(|present| present.id == version.content.id) {
            return Ok(seen);
        }
        self.require_room(version.content.size)?;
        let item = self.changes.replace_content(seen.item, version.content, self.now, &self.by)?;
        self.note("FileVersionRestored", &item);
        Ok(SeenItem { item, ..seen })
    }

    /// Puts a version into the recycle bin. The present content is never deleted like this.
    ///
    /// # Errors
    /// Refusals of right; [`ItemError::NotFound`] when there is no such version, [`ItemError::PresentVersion`].
    pub fn delete_version(&mut self, item: ItemId, number: i64) -> Result<(), ItemError> {
        let seen = self.item(item)?;
        let version = find_version(&mut self.changes.scope(), &seen, number)?;
        seen.require_write()?;
        if number == seen.item.content_version {
            return Err(ItemError::PresentVersion);
        }
        self.changes.delete_version(&version, &self.by)?;
        self.note("FileVersionRecycled", &seen.item);
        Ok(())
    }
}
