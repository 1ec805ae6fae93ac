//! Making a folder.

use model::{ItemId, ItemKind, Timestamp};
use storage::NewItem;

use crate::editor::{ConflictBehavior, Editor, stored_time};
use crate::{ItemError, SeenItem};

impl Editor<'_, '_> {
    /// Makes a folder. Replacing a folder keeps the one that is there with what it holds.
    ///
    /// # Errors
    /// Refusals of right, name and conflict.
    pub fn create_folder(
        &mut self,
        parent: ItemId,
        name: &str,
        conflict: ConflictBehavior,
        times: Option<(Timestamp, Timestamp)>,
    ) -> Result<SeenItem, ItemError> {
        let parent = self.folder_to_write(parent)?;
        let mut name = self.name_for(&parent, name, ItemKind::Folder)?;
        if let Some(holder) = self.holder(&parent, &name, None)? {
            match conflict {
                ConflictBehavior::Rename => {
                    name = self.free_name(&parent, name.as_str(), ItemKind::Folder)?;
                }
                ConflictBehavior::Replace if holder.item.kind == ItemKind::Folder => return Ok(holder),
                _ => return Err(ItemError::NameTaken(Some(Box::new(holder.remote())))),
            }
        }
        let (file_created, file_modified) = times.unwrap_or((self.now, self.now));
        let new = NewItem {
            id: self.fresh_id(),
            parent: parent.item.id,
            name,
            kind: ItemKind::Folder,
            content: None,
            file_created: stored_time(file_created),
            file_modified: stored_time(file_modified),
        };
        let item = self.changes.create_item(new, &self.by)?;
        self.note("FolderCreated", &item);
        self.below(&parent, item)
    }
}
