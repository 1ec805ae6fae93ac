//! The recycle bin: entries, and the one place where what was deleted is destroyed.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use model::{BinEntry, BinKey, BinStage, DriveId, ItemId, ItemStamp, TenantId, Timestamp, UserId};

use super::drive_changes::DriveChanges;
use super::item_rows::size;
use crate::connection::{Connection, on};
use crate::context::OperatorScope;
use crate::convert::{id, maybe_id, maybe_time, micros, time};
use crate::schema::items::items;
use crate::schema::versions_and_bins::{bin_entries, item_versions};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "bin_entries";
/// Stands for the item itself where a version's number would be.
const ITSELF: i64 = 0;

/// The recycle bin of a scope's tenant.
pub struct RecycleBin<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's recycle bin.
    pub fn recycle_bin(&mut self) -> RecycleBin<'_, M> {
        RecycleBin(self.reborrow())
    }
}

/// Which entries are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BinQuery {
    /// The stage.
    pub stage: BinStage,
    /// Libraries of which all entries are wanted.
    pub whole: Vec<DriveId>,
    /// Libraries of which only those are wanted that this person deleted.
    pub own: (UserId, Vec<DriveId>),
    /// The last entry of the page before, with when it was deleted.
    pub after: Option<(Timestamp, BinKey)>,
    /// Most entries.
    pub most: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = bin_entries)]
struct Row {
    item_id: String,
    version: i64,
    tenant_id: String,
    drive_id: String,
    deleted_at: i64,
    deleted_by: Option<String>,
    second_at: Option<i64>,
}

#[derive(QueryableByName)]
struct Bytes {
    #[diesel(sql_type = Text)]
    item: String,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

fn columns(key: BinKey) -> (String, i64) {
    (key.item.to_string(), key.version.unwrap_or(ITSELF))
}

impl Row {
    fn into_entry(self) -> Result<BinEntry, StorageError> {
        let item = id(TABLE, "item_id", &self.item_id)?;
        Ok(BinEntry {
            key: BinKey { item, version: Some(self.version).filter(|version| *version != ITSELF) },
            drive: id(TABLE, "drive_id", &self.drive_id)?,
            deleted: ItemStamp {
                at: time(TABLE, "deleted_at", self.deleted_at)?,
                by: maybe_id(TABLE, "deleted_by", self.deleted_by)?,
            },
            second: maybe_time(TABLE, "second_at", self.second_at)?,
        })
    }
}

impl<M> RecycleBin<'_, M> {
    /// Finds an entry.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, key: BinKey) -> Result<Option<BinEntry>, StorageError> {
        let query = bin_entries::table
            .find(columns(key))
            .filter(bin_entries::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_entry).transpose()
    }

    /// Lists entries, what was deleted last first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self, wanted: &BinQuery) -> Result<Vec<BinEntry>, StorageError> {
        let text = |drives: &[DriveId]| -> Vec<String> { drives.iter().map(ToString::to_string).collect() };
        let (person, own) = (wanted.own.0.to_string(), text(&wanted.own.1));
        let mine = bin_entries::drive_id.eq_any(own).and(bin_entries::deleted_by.eq(person));
        let mine = mine.assume_not_null();
        let query = bin_entries::table
            .filter(bin_entries::tenant_id.eq(self.0.tenant.to_string()))
            .filter(bin_entries::drive_id.eq_any(text(&wanted.whole)).or(mine))
            .filter(bin_entries::second_at.is_not_null().eq(wanted.stage == BinStage::Second));
        let (at, (item, version)) = match wanted.after {
            Some((at, key)) => (micros(at), columns(key)),
            None => (i64::MAX, (String::new(), ITSELF)),
        };
        let later = bin_entries::item_id
            .gt(item.clone())
            .or(bin_entries::item_id.eq(item).and(bin_entries::version.gt(version)));
        let query = query
            .filter(bin_entries::deleted_at.lt(at).or(bin_entries::deleted_at.eq(at).and(later)))
            .order((bin_entries::deleted_at.desc(), bin_entries::item_id, bin_entries::version))
            .limit(wanted.most);
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_entry).collect()
    }

    /// Returns how many bytes each deletion took along, by the item that was deleted; present contents alone.
    ///
    /// # Errors
    /// A storage error.
    pub fn sizes(&mut self, deleted: &[ItemId]) -> Result<BTreeMap<ItemId, u64>, StorageError> {
        // Ids are our own text form, letters and digits alone.
        let list: Vec<String> = deleted.iter().map(|item| format!("'{item}'")).collect();
        let list = if list.is_empty() { "''".to_owned() } else { list.join(",") };
        let text = |tenant: &str| {
            format!(
                "SELECT deleted_with AS item, CAST(SUM(size) AS BIGINT) AS bytes FROM items \
                 WHERE tenant_id = {tenant} AND deleted_with IN ({list}) GROUP BY deleted_with"
            )
        };
        let text = match &self.0.connection {
            Connection::Sqlite(_) => text("?"),
            Connection::Postgres(_) => text("$1"),
        };
        let query = diesel::sql_query(text).bind::<Text, _>(self.0.tenant.to_string());
        let rows: Vec<Bytes> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter()
            .map(|row| Ok((id("items", "deleted_with", &row.item)?, size("items", "size", row.bytes)?)))
            .collect()
    }
}

impl RecycleBin<'_, Writing> {
    /// Makes an entry of the first stage.
    pub(super) fn create(
        &mut self,
        drive: DriveId,
        key: BinKey,
        deleted: ItemStamp,
    ) -> Result<(), StorageError> {
        let (item_id, version) = columns(key);
        let row = Row {
            item_id,
            version,
            tenant_id: self.0.tenant.to_string(),
            drive_id: drive.to_string(),
            deleted_at: micros(deleted.at),
            deleted_by: deleted.by.map(|by| by.to_string()),
            second_at: None,
        };
        on!(self.0, connection => diesel::insert_into(bin_entries::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Moves an entry on to the second stage.
    ///
    /// # Errors
    /// A storage error.
    pub fn move_to_second_stage(&mut self, key: BinKey, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(bin_entries::table.find(columns(key)))
            .filter(bin_entries::tenant_id.eq(self.0.tenant.to_string()))
            .set(bin_entries::second_at.eq(micros(at)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Forgets an entry whose things are no longer in the bin.
    pub(super) fn delete(&mut self, key: BinKey) -> Result<(), StorageError> {
        let delete = diesel::delete(bin_entries::table.find(columns(key)))
            .filter(bin_entries::tenant_id.eq(self.0.tenant.to_string()));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }
}

impl DriveChanges<'_> {
    /// Destroys what an entry holds; false when there is no such entry in this drive. Rows of items stay without name
    /// and content, so that whoever looked away for long is still told that they are gone.
    ///
    /// # Errors
    /// A storage error.
    pub fn purge(&mut self, key: BinKey) -> Result<bool, StorageError> {
        let entry = self.scope.recycle_bin().find(key)?;
        if entry.is_none_or(|entry| entry.drive != self.drive.id) {
            return Ok(false);
        }
        match key.version {
            Some(number) => self.purge_version(key.item, number)?,
            None => self.purge_tree(key.item)?,
        }
        self.scope.recycle_bin().delete(key)?;
        Ok(true)
    }

    fn purge_version(&mut self, item: ItemId, number: i64) -> Result<(), StorageError> {
        let version = self.scope.item_versions().find_deleted(item, number)?;
        self.drive.used = self.drive.used.saturating_sub(version.map_or(0, |version| version.content.size));
        self.scope.item_versions().delete(item, &[number])
    }

    fn purge_tree(&mut self, top: ItemId) -> Result<(), StorageError> {
        let tenant = self.scope.tenant.to_string();
        let taken = || {
            items::table
                .filter(items::deleted_with.eq(top.to_string()))
                .filter(items::tenant_id.eq(&tenant))
                .select(items::id)
        };
        let versions = item_versions::table.filter(item_versions::item_id.eq_any(taken()));
        let scope = &mut self.scope;
        let lengths: Vec<i64> =
            on!(scope, connection => versions.select(item_versions::size).load(connection))?;
        let freed: i64 = lengths.into_iter().sum();
        let held = scope.recycle_bin().sizes(&[top])?.remove(&top).unwrap_or(0);
        let entries = diesel::delete(bin_entries::table)
            .filter(bin_entries::item_id.eq_any(taken()))
            .filter(bin_entries::version.ne(ITSELF));
        on!(scope, connection => entries.execute(connection))?;
        let versions = diesel::delete(item_versions::table).filter(item_versions::item_id.eq_any(taken()));
        on!(scope, connection => versions.execute(connection))?;
        let empty = diesel::update(items::table)
            .filter(items::deleted_with.eq(top.to_string()))
            .filter(items::tenant_id.eq(&tenant))
            .set((
                items::name.eq(""),
                items::name_key.eq(""),
                items::size.eq(0),
                items::content_id.eq(None::<Vec<u8>>),
                items::quick_xor.eq(None::<Vec<u8>>),
            ));
        on!(scope, connection => empty.execute(connection))?;
        let freed = size("item_versions", "size", freed)?.saturating_add(held);
        self.drive.used = self.drive.used.saturating_sub(freed);
        Ok(())
    }
}

impl<M> OperatorScope<'_, M> {
    /// Lists entries of all tenants that were deleted before a time, the oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_expired_bin_entries(
        &mut self,
        before: Timestamp,
        most: i64,
    ) -> Result<Vec<(TenantId, BinEntry)>, StorageError> {
        let query = bin_entries::table
            .filter(bin_entries::deleted_at.lt(micros(before)))
            .order((bin_entries::deleted_at, bin_entries::item_id, bin_entries::version))
            .limit(most);
        let rows: Vec<Row> = on!(self, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(|row| Ok((id(TABLE, "tenant_id", &row.tenant_id)?, row.into_entry()?))).collect()
    }
}
