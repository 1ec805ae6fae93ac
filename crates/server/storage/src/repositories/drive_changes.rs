//! Changing a drive: the only road on which items change. It takes the drive first, so that all changes of one drive
//! stand in one order, numbers each of them, and announces the newest number after the commit.
//!
//! Rules of names, rights and conditions are checked by the caller, with the drive taken, before it changes anything.

use std::collections::BTreeSet;

use diesel::prelude::*;
use model::{
    BinKey, Drive, DriveId, Item, ItemChange, ItemChangeKind, ItemContent, ItemDeletion, ItemId, ItemKind,
    ItemName, ItemStamp, Timestamp,
};

use super::drives::DriveRow;
use super::item_rows::{ItemRow, stored_size};
use crate::connection::on;
use crate::schema::items::{drives, items};
use crate::{Scope, StorageError, Writing};

/// A drive taken for changes.
pub struct DriveChanges<'s> {
    pub(super) scope: Scope<'s, Writing>,
    pub(super) drive: Drive,
    announced: i64,
    counted: u64,
}

/// Who changes something, when, and by which operation.
#[derive(Debug, Clone)]
pub struct ChangeStamp {
    /// Who and when.
    pub stamp: ItemStamp,
    /// The operation, so that its author recognises the change.
    pub operation: Option<String>,
}

/// A file or folder to be made.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Its id.
    pub id: ItemId,
    /// The folder it is made in.
    pub parent: ItemId,
    /// Its name.
    pub name: ItemName,
    /// File or folder.
    pub kind: ItemKind,
    /// A file's bytes.
    pub content: Option<ItemContent>,
    /// The file's own time of creation.
    pub file_created: Timestamp,
    /// The file's own time of modification.
    pub file_modified: Timestamp,
}

impl Scope<'_, Writing> {
    /// Takes a drive and changes it; none when the tenant has no such drive.
    ///
    /// Changes made before `work` fails belong to the transaction all the same; its caller must fail too.
    ///
    /// # Errors
    /// The closure's, or a storage error.
    pub fn change_drive<T, E: From<StorageError>>(
        &mut self,
        drive: DriveId,
        work: impl FnOnce(&mut DriveChanges<'_>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let tenant = self.tenant.to_string();
        // Writing the row takes it: on PostgreSQL other changers of this drive wait here.
        let take = diesel::update(drives::table.filter(drives::id.eq(drive.to_string())))
            .filter(drives::tenant_id.eq(&tenant))
            .set(drives::sequence.eq(drives::sequence));
        let row: Option<DriveRow> =
            on!(self, connection => take.returning(DriveRow::as_returning()).get_result(connection).optional())
                .map_err(StorageError::from)?;
        let Some(row) = row else { return Ok(None) };
        let drive = row.into_drive()?;
        let (announced, counted) = (drive.sequence, drive.used);
        let mut changes = DriveChanges { scope: self.reborrow(), drive, announced, counted };
        let result = work(&mut changes);
        let settled = changes.settle();
        let value = result?;
        // The work's own error says more: after it PostgreSQL refuses everything else in the transaction.
        settled?;
        Ok(Some(value))
    }
}

impl DriveChanges<'_> {
    /// Returns the drive, with the numbers and bytes of the changes so far.
    #[must_use]
    pub fn drive(&self) -> &Drive {
        &self.drive
    }

    /// Returns the scope, for reading within the same transaction.
    pub fn scope(&mut self) -> Scope<'_, Writing> {
        self.scope.reborrow()
    }

    /// Returns how many bytes still fit; none when there is no limit. What is told holds until the transaction ends.
    ///
    /// # Errors
    /// A storage error.
    pub fn room(&mut self) -> Result<Option<u64>, StorageError> {
        self.scope.quotas().take_room(&self.drive)
    }

    /// Makes an item.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the name is taken.
    pub fn create_item(&mut self, new: NewItem, by: &ChangeStamp) -> Result<Item, StorageError> {
        let item = Item {
            id: new.id,
            tenant: self.scope.tenant,
            drive: self.drive.id,
            parent: Some(new.parent),
            name: new.name.as_str().to_owned(),
            kind: new.kind,
            content: new.content,
            version: 1,
            content_version: 1,
            file_created: new.file_created,
            file_modified: new.file_modified,
            created: by.stamp,
            modified: by.stamp,
            written: new.content.map(|_| by.stamp),
            sequence: self.log(new.id, ItemChangeKind::Created, None, Some(new.parent), by)?,
            operation: by.operation.clone(),
            deleted: None,
        };
        let row = ItemRow::from_item(self.scope.tenant, &item);
        let scope = &mut self.scope;
        on!(scope, connection => diesel::insert_into(items::table).values(&row).execute(connection))?;
        self.drive.used = self.drive.used.saturating_add(item.size());
        Ok(item)
    }

    /// Gives a file other bytes. Those it had stay as a version (X10).
    ///
    /// # Errors
    /// A storage error.
    pub fn replace_content(
        &mut self,
        item: Item,
        content: ItemContent,
        file_modified: Timestamp,
        by: &ChangeStamp,
    ) -> Result<Item, StorageError> {
        self.keep_version(&item, content)?;
        let content_version = item.content_version + 1;
        let written = Some(by.stamp);
        let item = Item { content: Some(content), content_version, file_modified, written, ..item };
        let parent = item.parent;
        let item = self.save(item, ItemChangeKind::Content, parent, by)?;
        self.trim_versions(&item)?;
        Ok(item)
    }

    /// Changes an item's own times.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_times(
        &mut self,
        item: Item,
        file_created: Timestamp,
        file_modified: Timestamp,
        by: &ChangeStamp,
    ) -> Result<Item, StorageError> {
        let item = Item { file_created, file_modified, ..item };
        let parent = item.parent;
        self.save(item, ItemChangeKind::Facts, parent, by)
    }

    /// Renames an item, moves it, or both.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the name is taken.
    pub fn move_item(
        &mut self,
        item: Item,
        parent: ItemId,
        name: &ItemName,
        by: &ChangeStamp,
    ) -> Result<Item, StorageError> {
        let old_parent = item.parent;
        let item = Item { parent: Some(parent), name: name.as_str().to_owned(), ..item };
        self.save(item, ItemChangeKind::Moved, old_parent, by)
    }

    /// Puts an item with everything below it into the recycle bin, the deepest first; returns it as it was.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_tree(&mut self, item: Item, by: &ChangeStamp) -> Result<Item, StorageError> {
        let drive = self.drive.id;
        let deleted = Some(ItemDeletion { stamp: by.stamp, with: item.id });
        if item.kind == ItemKind::Folder {
            let below = self.scope.items().list_below(drive, item.id)?;
            for batch in below.chunks(500) {
                let mut found = self.scope.items().list_ever(drive, batch)?;
                for below in batch {
                    let Some(below) = found.remove(below) else { continue };
                    self.save_place(Item { deleted, ..below }, ItemChangeKind::Deleted, by)?;
                }
            }
        }
        let before = item.clone();
        self.scope.recycle_bin().create(drive, BinKey::of_item(item.id), by.stamp)?;
        self.save_place(Item { deleted, ..item }, ItemChangeKind::Deleted, by)?;
        Ok(before)
    }

    /// Brings an item back from the recycle bin with what was below it and went there by the same deletion; none when
    /// it is not in the bin.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the name is taken.
    pub fn restore_tree(
        &mut self,
        item: &Item,
        parent: ItemId,
        name: &ItemName,
        by: &ChangeStamp,
    ) -> Result<Option<Item>, StorageError> {
        let Some(deletion) = item.deleted else { return Ok(None) };
        let entry = BinKey::of_item(deletion.with);
        if self.scope.recycle_bin().find(entry)?.is_none() {
            return Ok(None);
        }
        let (mut restored, mut back) = (None, BTreeSet::new());
        for gone in self.scope.items().list_deleted_with(deletion.with)? {
            if gone.id == item.id {
                back.insert(gone.id);
                let name = name.as_str().to_owned();
                let top = Item { parent: Some(parent), name, deleted: None, ..gone };
                restored = Some(self.save_place(top, ItemChangeKind::Restored, by)?);
            } else if gone.parent.is_some_and(|parent| back.contains(&parent)) {
                back.insert(gone.id);
                self.save_place(Item { deleted: None, ..gone }, ItemChangeKind::Restored, by)?;
            }
        }
        if item.id == deletion.with {
            self.scope.recycle_bin().delete(entry)?;
        }
        Ok(restored)
    }

    /// Numbers a change of who may do what with an item, and so with everything below it.
    ///
    /// # Errors
    /// A storage error.
    pub fn log_access(&mut self, item: ItemId, by: &ChangeStamp) -> Result<(), StorageError> {
        self.log(item, ItemChangeKind::Access, None, None, by).map(|_| ())
    }

    fn save(
        &mut self,
        item: Item,
        kind: ItemChangeKind,
        old_parent: Option<ItemId>,
        by: &ChangeStamp,
    ) -> Result<Item, StorageError> {
        let sequence = self.log(item.id, kind, old_parent, item.parent, by)?;
        let item = Item {
            version: item.version + 1,
            modified: by.stamp,
            sequence,
            operation: by.operation.clone(),
            ..item
        };
        let row = ItemRow::from_item(self.scope.tenant, &item);
        let update = diesel::update(items::table.filter(items::id.eq(item.id.to_string())))
            .filter(items::tenant_id.eq(self.scope.tenant.to_string()))
            .set(&row);
        let scope = &mut self.scope;
        on!(scope, connection => update.execute(connection))?;
        Ok(item)
    }

    /// Saves an item that went to the recycle bin or came back.
    fn save_place(
        &mut self,
        item: Item,
        kind: ItemChangeKind,
        by: &ChangeStamp,
    ) -> Result<Item, StorageError> {
        let old_parent = if kind == ItemChangeKind::Deleted { item.parent } else { None };
        self.save(item, kind, old_parent, by)
    }

    fn log(
        &mut self,
        item: ItemId,
        kind: ItemChangeKind,
        old_parent: Option<ItemId>,
        new_parent: Option<ItemId>,
        by: &ChangeStamp,
    ) -> Result<i64, StorageError> {
        self.drive.sequence += 1;
        let new_parent = if kind == ItemChangeKind::Deleted { None } else { new_parent };
        let change = ItemChange {
            sequence: self.drive.sequence,
            item,
            kind,
            old_parent,
            new_parent,
            operation: by.operation.clone(),
            by: by.stamp.by,
        };
        self.scope.item_log().append(self.drive.id, &change)?;
        Ok(self.drive.sequence)
    }

    /// Stores the drive's newest number and bytes, and announces it.
    fn settle(&mut self) -> Result<(), StorageError> {
        if (self.drive.sequence, self.drive.used) == (self.announced, self.counted) {
            return Ok(());
        }
        let update = diesel::update(drives::table.filter(drives::id.eq(self.drive.id.to_string())))
            .filter(drives::tenant_id.eq(self.scope.tenant.to_string()))
            .set((drives::sequence.eq(self.drive.sequence), drives::used.eq(stored_size(self.drive.used))));
        let scope = &mut self.scope;
        on!(scope, connection => update.execute(connection))?;
        if self.drive.sequence != self.announced {
            self.scope.publish(self.drive.id, self.drive.sequence);
        }
        Ok(())
    }
}
