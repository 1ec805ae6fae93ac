//! Renaming and moving within a drive.

use model::{ItemId, ItemKind};

use super::Condition;
use crate::editor::{ConflictBehavior, Editor};
use crate::{ItemError, SeenItem};

/// Where an item shall be.
#[derive(Debug, Clone)]
pub struct NewPlace {
    /// The folder; where it is when not told.
    pub parent: Option<ItemId>,
    /// The name; as it is when not told.
    pub name: Option<String>,
    /// What to do when the name is taken.
    pub conflict: ConflictBehavior,
}

impl Editor<'_, '_> {
    /// Renames an item, moves it, or both. Nothing changes when it is there already.
    ///
    /// # Errors
    /// Refusals of right, name, condition, conflict and cycle.
    pub fn move_item(
        &mut self,
        item: ItemId,
        place: &NewPlace,
        condition: &Condition,
    ) -> Result<SeenItem, ItemError> {
        let seen = self.item(item)?;
        seen.require_movable()?;
        condition.check(&seen)?;
        let old_parent = seen.above.first().map(|parent| parent.id).ok_or(ItemError::Root)?;
        let parent = self.folder_to_write(place.parent.unwrap_or(old_parent))?;
        self.require_no_cycle(&seen, &parent)?;
        let text = place.name.as_deref().unwrap_or(&seen.item.name).to_owned();
        if parent.item.id == old_parent && text == seen.item.name {
            return Ok(seen);
        }
        let mut name = self.name_for(&parent, &text, seen.item.kind)?;
        if let Some(holder) = self.holder(&parent, &name, Some(item))? {
            let files = holder.item.kind == ItemKind::File && seen.item.kind == ItemKind::File;
            match place.conflict {
                ConflictBehavior::Rename => name = self.free_name(&parent, &text, seen.item.kind)?,
                ConflictBehavior::Replace if files => {
                    holder.require_write()?;
                    let replaced = self.changes.delete_tree(holder.item, &self.by)?;
                    self.note("FileDeleted", &replaced);
                }
                _ => return Err(ItemError::NameTaken(Some(Box::new(holder.remote())))),
            }
        }
        self.require_paths_below(&seen.item, &parent, name.as_str())?;
        let moved = self.changes.move_item(seen.item, parent.item.id, &name, &self.by)?;
        let operation = match (moved.kind, parent.item.id == old_parent) {
            (ItemKind::File, true) => "FileRenamed",
            (ItemKind::File, false) => "FileMoved",
            (ItemKind::Folder, true) => "FolderRenamed",
            (ItemKind::Folder, false) => "FolderMoved",
        };
        self.note(operation, &moved);
        self.below(&parent, moved)
    }

    fn require_no_cycle(&mut self, item: &SeenItem, parent: &SeenItem) -> Result<(), ItemError> {
        if item.item.kind == ItemKind::File {
            return Ok(());
        }
        let above = self.changes.scope().items().list_chain(parent.item.drive, parent.item.id)?;
        let inside = above.iter().any(|folder| folder.id == item.item.id);
        if inside { Err(ItemError::Cycle) } else { Ok(()) }
    }
}
