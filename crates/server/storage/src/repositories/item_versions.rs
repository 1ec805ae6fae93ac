//! Versions: contents files had before. A version comes into being and is trimmed with the change that replaces its
//! content, so nothing is ever overwritten without one (X10).

use diesel::prelude::*;
use model::{BinKey, DriveId, Item, ItemContent, ItemId, ItemStamp, ItemVersion};

use super::drive_changes::{ChangeStamp, DriveChanges};
use super::item_rows::{hash, size, stored_size};
use crate::connection::on;
use crate::convert::{id, maybe_id, micros, time};
use crate::schema::versions_and_bins::item_versions;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "item_versions";
/// Most versions removed by one change, so that a limit that was lowered costs no writer much.
const TRIMMED: i64 = 1_000;

/// The versions of a scope's tenant.
pub struct ItemVersions<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's versions.
    pub fn item_versions(&mut self) -> ItemVersions<'_, M> {
        ItemVersions(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = item_versions)]
struct Row {
    item_id: String,
    number: i64,
    tenant_id: String,
    drive_id: String,
    content_id: Vec<u8>,
    quick_xor: Vec<u8>,
    size: i64,
    file_modified_at: i64,
    written_at: i64,
    written_by: Option<String>,
}

impl Row {
    fn into_version(self) -> Result<ItemVersion, StorageError> {
        let content = ItemContent {
            id: hash(TABLE, "content_id", self.content_id)?,
            size: size(TABLE, "size", self.size)?,
            quick_xor: hash(TABLE, "quick_xor", self.quick_xor)?,
        };
        let written = ItemStamp {
            at: time(TABLE, "written_at", self.written_at)?,
            by: maybe_id(TABLE, "written_by", self.written_by)?,
        };
        Ok(ItemVersion {
            item: id(TABLE, "item_id", &self.item_id)?,
            number: self.number,
            content,
            file_modified: time(TABLE, "file_modified_at", self.file_modified_at)?,
            written,
        })
    }
}

impl<M> ItemVersions<'_, M> {
    /// Finds a version that is not in the recycle bin. The present content is none.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, item: ItemId, number: i64) -> Result<Option<ItemVersion>, StorageError> {
        let query = item_versions::table
            .find((item.to_string(), number))
            .filter(item_versions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(item_versions::deleted_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_version).transpose()
    }

    /// Finds a version in the recycle bin.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_deleted(&mut self, item: ItemId, number: i64) -> Result<Option<ItemVersion>, StorageError> {
        let query = item_versions::table
            .find((item.to_string(), number))
            .filter(item_versions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(item_versions::deleted_at.is_not_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_version).transpose()
    }

    /// Lists a file's versions, newest first, those before a number.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self, item: ItemId, before: i64, most: i64) -> Result<Vec<ItemVersion>, StorageError> {
        let query = item_versions::table
            .filter(item_versions::item_id.eq(item.to_string()))
            .filter(item_versions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(item_versions::deleted_at.is_null())
            .filter(item_versions::number.lt(before))
            .order(item_versions::number.desc())
            .limit(most);
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_version).collect()
    }
}

impl ItemVersions<'_, Writing> {
    fn create(&mut self, drive: DriveId, version: &ItemVersion) -> Result<(), StorageError> {
        let row = Row {
            item_id: version.item.to_string(),
            number: version.number,
            tenant_id: self.0.tenant.to_string(),
            drive_id: drive.to_string(),
            content_id: version.content.id.to_vec(),
            quick_xor: version.content.quick_xor.to_vec(),
            size: stored_size(version.content.size),
            file_modified_at: micros(version.file_modified),
            written_at: micros(version.written.at),
            written_by: version.written.by.map(|by| by.to_string()),
        };
        on!(self.0, connection => diesel::insert_into(item_versions::table).values(&row).execute(connection))?;
        Ok(())
    }

    fn update_deletion(&mut self, item: ItemId, number: i64, at: Option<i64>) -> Result<(), StorageError> {
        let update = diesel::update(item_versions::table.find((item.to_string(), number)))
            .filter(item_versions::tenant_id.eq(self.0.tenant.to_string()))
            .set(item_versions::deleted_at.eq(at));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Removes versions for good.
    pub(super) fn delete(&mut self, item: ItemId, numbers: &[i64]) -> Result<(), StorageError> {
        let delete = diesel::delete(item_versions::table)
            .filter(item_versions::item_id.eq(item.to_string()))
            .filter(item_versions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(item_versions::number.eq_any(numbers));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }

    /// Lists the numbers and lengths of a file's versions beyond the newest ones.
    fn list_beyond(&mut self, item: ItemId, kept: i64) -> Result<Vec<(i64, i64)>, StorageError> {
        let query = item_versions::table
            .filter(item_versions::item_id.eq(item.to_string()))
            .filter(item_versions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(item_versions::deleted_at.is_null())
            .order(item_versions::number.desc())
            .offset(kept)
            .limit(TRIMMED)
            .select((item_versions::number, item_versions::size));
        Ok(on!(self.0, connection => query.load(connection))?)
    }
}

impl DriveChanges<'_> {
    /// Keeps a file's present content as a version before it is replaced. The same bytes again are no version.
    pub(super) fn keep_version(&mut self, item: &Item, next: ItemContent) -> Result<(), StorageError> {
        let Some(content) = item.content.filter(|content| content.id != next.id) else { return Ok(()) };
        let version = ItemVersion {
            item: item.id,
            number: item.content_version,
            content,
            file_modified: item.file_modified,
            written: item.written.unwrap_or(item.modified),
        };
        self.scope.item_versions().create(self.drive.id, &version)?;
        self.drive.used = self.drive.used.saturating_add(next.size);
        Ok(())
    }

    /// Removes the oldest versions of a file beyond the library's limit. They are gone (sharing-and-guests.md V-3).
    pub(super) fn trim_versions(&mut self, item: &Item) -> Result<(), StorageError> {
        // The present content counts, and there are never more versions than numbers before its own.
        let kept = self.drive.version_limit.saturating_sub(1).max(0);
        if item.content_version <= kept {
            return Ok(());
        }
        let beyond = self.scope.item_versions().list_beyond(item.id, kept)?;
        if beyond.is_empty() {
            return Ok(());
        }
        let numbers: Vec<i64> = beyond.iter().map(|(number, _)| *number).collect();
        self.scope.item_versions().delete(item.id, &numbers)?;
        for (_, length) in beyond {
            self.drive.used = self.drive.used.saturating_sub(size(TABLE, "size", length)?);
        }
        Ok(())
    }

    /// Puts a version into the recycle bin.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_version(&mut self, version: &ItemVersion, by: &ChangeStamp) -> Result<(), StorageError> {
        let key = BinKey { item: version.item, version: Some(version.number) };
        self.scope.item_versions().update_deletion(
            version.item,
            version.number,
            Some(micros(by.stamp.at)),
        )?;
        self.scope.recycle_bin().create(self.drive.id, key, by.stamp)
    }

    /// Brings a version back from the recycle bin.
    ///
    /// # Errors
    /// A storage error.
    pub fn restore_version(&mut self, version: &ItemVersion) -> Result<(), StorageError> {
        self.scope.item_versions().update_deletion(version.item, version.number, None)?;
        self.scope.recycle_bin().delete(BinKey { item: version.item, version: Some(version.number) })
    }
}
