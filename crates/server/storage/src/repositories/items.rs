//! Items as they are now. Changing them goes through [`Scope::change_drive`](crate::Scope::change_drive).

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use model::{DriveId, Item, ItemId, ItemKind};

use super::item_rows::{ItemRow, kind_code};
use crate::connection::{Connection, on};
use crate::convert::id;
use crate::schema::items::items;
use crate::{Scope, StorageError};

/// Deepest chain of folders that is followed; names and path lengths do not allow deeper ones.
const MAX_DEPTH: i64 = 1_000;
/// Most ids in one statement.
const BATCH: usize = 500;

/// Loads the items that a query finds.
macro_rules! load_items {
    ($scope:expr, $query:expr) => {{
        let rows: Vec<ItemRow> =
            on!($scope, connection => $query.select(ItemRow::as_select()).load(connection))?;
        rows.into_iter().map(ItemRow::into_item).collect::<Result<Vec<Item>, StorageError>>()
    }};
}

/// Loads the one item that a query finds, if any.
macro_rules! load_item {
    ($scope:expr, $query:expr) => {{
        let row: Option<ItemRow> =
            on!($scope, connection => $query.select(ItemRow::as_select()).first(connection).optional())?;
        row.map(ItemRow::into_item).transpose()
    }};
}

/// The items of a scope's tenant.
pub struct Items<'s, M>(pub(super) Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's items.
    pub fn items(&mut self) -> Items<'_, M> {
        Items(self.reborrow())
    }
}

/// Where a page of children goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildrenAfter<'k> {
    /// In the order of names, after this name's key.
    Name(Option<&'k str>),
    /// In the order of ids, after this id.
    Id(Option<ItemId>),
}

#[derive(QueryableByName)]
struct Node {
    #[diesel(sql_type = Text)]
    item: String,
    #[diesel(sql_type = BigInt)]
    depth: i64,
}

#[derive(QueryableByName)]
struct CountAndBytes {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

#[derive(QueryableByName)]
struct Longest {
    #[diesel(sql_type = BigInt)]
    length: i64,
}

impl<M> Items<'_, M> {
    /// Finds an item that is not deleted.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, drive: DriveId, item: ItemId) -> Result<Option<Item>, StorageError> {
        Ok(self.find_ever(drive, item)?.filter(|item| item.deleted.is_none()))
    }

    /// Finds an item, also in the recycle bin.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_ever(&mut self, drive: DriveId, item: ItemId) -> Result<Option<Item>, StorageError> {
        let query = items::table
            .filter(items::id.eq(item.to_string()))
            .filter(items::drive_id.eq(drive.to_string()))
            .filter(items::tenant_id.eq(self.0.tenant.to_string()));
        load_item!(self.0, query)
    }

    /// Finds items by their ids, also those in the recycle bin.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_ever(
        &mut self,
        drive: DriveId,
        wanted: &[ItemId],
    ) -> Result<BTreeMap<ItemId, Item>, StorageError> {
        let mut found = BTreeMap::new();
        for wanted in wanted.chunks(BATCH) {
            let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            let query = items::table
                .filter(items::id.eq_any(&wanted))
                .filter(items::drive_id.eq(drive.to_string()))
                .filter(items::tenant_id.eq(self.0.tenant.to_string()));
            found.extend(load_items!(self.0, query)?.into_iter().map(|item| (item.id, item)));
        }
        Ok(found)
    }

    /// Finds items of any library by their ids, also those in the recycle bin.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_anywhere(&mut self, wanted: &[ItemId]) -> Result<BTreeMap<ItemId, Item>, StorageError> {
        let mut found = BTreeMap::new();
        for wanted in wanted.chunks(BATCH) {
            let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            let query = items::table
                .filter(items::id.eq_any(&wanted))
                .filter(items::tenant_id.eq(self.0.tenant.to_string()));
            found.extend(load_items!(self.0, query)?.into_iter().map(|item| (item.id, item)));
        }
        Ok(found)
    }

    /// Finds the child a name means, whatever its case and composition.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_child(&mut self, parent: ItemId, name_key: &str) -> Result<Option<Item>, StorageError> {
        let query = items::table
            .filter(items::parent_id.eq(parent.to_string()))
            .filter(items::name_key.eq(name_key))
            .filter(items::deleted_at.is_null())
            .filter(items::tenant_id.eq(self.0.tenant.to_string()));
        load_item!(self.0, query)
    }

    /// Lists children of a folder.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_children(
        &mut self,
        parent: ItemId,
        after: ChildrenAfter<'_>,
        most: i64,
    ) -> Result<Vec<Item>, StorageError> {
        let query = items::table
            .filter(items::parent_id.eq(parent.to_string()))
            .filter(items::deleted_at.is_null())
            .filter(items::tenant_id.eq(self.0.tenant.to_string()))
            .limit(most);
        match after {
            ChildrenAfter::Name(after) => {
                let query =
                    query.filter(items::name_key.gt(after.unwrap_or_default())).order(items::name_key);
                load_items!(self.0, query)
            }
            ChildrenAfter::Id(after) => {
                let after = after.map(|after| after.to_string()).unwrap_or_default();
                load_items!(self.0, query.filter(items::id.gt(after)).order(items::id))
            }
        }
    }

    /// Finds the folder that follows another one among a folder's children, in the order of ids.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_next_folder(
        &mut self,
        parent: ItemId,
        after: Option<ItemId>,
    ) -> Result<Option<Item>, StorageError> {
        let after = after.map(|after| after.to_string()).unwrap_or_default();
        let query = items::table
            .filter(items::parent_id.eq(parent.to_string()))
            .filter(items::kind.eq(kind_code(ItemKind::Folder)))
            .filter(items::deleted_at.is_null())
            .filter(items::tenant_id.eq(self.0.tenant.to_string()))
            .filter(items::id.gt(after))
            .order(items::id);
        load_item!(self.0, query)
    }

    /// Counts the children of folders; a folder without any is left out.
    ///
    /// # Errors
    /// A storage error.
    pub fn count_children(&mut self, folders: &[ItemId]) -> Result<BTreeMap<ItemId, i64>, StorageError> {
        let mut counts = BTreeMap::new();
        for folders in folders.chunks(BATCH) {
            let folders: Vec<String> = folders.iter().map(ToString::to_string).collect();
            let query = items::table
                .filter(items::parent_id.eq_any(&folders))
                .filter(items::deleted_at.is_null())
                .filter(items::tenant_id.eq(self.0.tenant.to_string()))
                .group_by(items::parent_id)
                .select((items::parent_id, count_star()));
            let rows: Vec<(Option<String>, i64)> = on!(self.0, connection => query.load(connection))?;
            for (parent, count) in rows {
                if let Some(parent) = parent {
                    counts.insert(id("items", "parent_id", &parent)?, count);
                }
            }
        }
        Ok(counts)
    }

    /// Lists an item and every folder above it up to the drive's root, nearest first; empty when it does not exist.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_chain(&mut self, drive: DriveId, item: ItemId) -> Result<Vec<Item>, StorageError> {
        let text = |first: &str, second: &str, third: &str| {
            format!(
                "WITH RECURSIVE chain (item, parent, depth) AS (\
                   SELECT id, parent_id, CAST(0 AS BIGINT) FROM items \
                    WHERE id = {first} AND drive_id = {second} AND tenant_id = {third} \
                   UNION ALL \
                   SELECT items.id, items.parent_id, chain.depth + 1 FROM chain \
                     JOIN items ON items.id = chain.parent WHERE chain.depth < {MAX_DEPTH}) \
                 SELECT items.* FROM chain JOIN items ON items.id = chain.item ORDER BY chain.depth"
            )
        };
        let rows: Vec<ItemRow> = self.walk(text, drive, item)?;
        rows.into_iter().map(ItemRow::into_item).collect()
    }

    /// Lists the ids of everything below a folder, deepest first. What was deleted is left out.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_below(&mut self, drive: DriveId, folder: ItemId) -> Result<Vec<ItemId>, StorageError> {
        let text = |first: &str, second: &str, third: &str| {
            format!(
                "WITH RECURSIVE below (item, depth) AS (\
                   SELECT id, CAST(1 AS BIGINT) FROM items \
                    WHERE parent_id = {first} AND drive_id = {second} AND tenant_id = {third} \
                      AND deleted_at IS NULL \
                   UNION ALL \
                   SELECT items.id, below.depth + 1 FROM below JOIN items ON items.parent_id = below.item \
                    WHERE items.deleted_at IS NULL AND below.depth < {MAX_DEPTH}) \
                 SELECT item, depth FROM below ORDER BY depth DESC, item"
            )
        };
        let nodes: Vec<Node> = self.walk(text, drive, folder)?;
        if nodes.first().is_some_and(|deepest| deepest.depth >= MAX_DEPTH) {
            return Err(StorageError::Corrupt { table: "items", column: "parent_id" });
        }
        nodes.iter().map(|node| id("items", "id", &node.item)).collect()
    }

    /// Returns how many items are below a folder, and how many bytes. What was deleted is left out.
    ///
    /// # Errors
    /// A storage error.
    pub fn count_below(&mut self, drive: DriveId, folder: ItemId) -> Result<(i64, u64), StorageError> {
        let text = |first: &str, second: &str, third: &str| {
            format!(
                "WITH RECURSIVE below (item, size, depth) AS (\
                   SELECT id, size, CAST(1 AS BIGINT) FROM items \
                    WHERE parent_id = {first} AND drive_id = {second} AND tenant_id = {third} \
                      AND deleted_at IS NULL \
                   UNION ALL \
                   SELECT items.id, items.size, below.depth + 1 \
                     FROM below JOIN items ON items.parent_id = below.item \
                    WHERE items.deleted_at IS NULL AND below.depth < {MAX_DEPTH}) \
                 SELECT CAST(COUNT(*) AS BIGINT) AS count, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes \
                   FROM below"
            )
        };
        let text = match &self.0.connection {
            Connection::Sqlite(_) => text("?", "?", "?"),
            Connection::Postgres(_) => text("$1", "$2", "$3"),
        };
        let query = diesel::sql_query(text)
            .bind::<Text, _>(folder.to_string())
            .bind::<Text, _>(drive.to_string())
            .bind::<Text, _>(self.0.tenant.to_string());
        let found: CountAndBytes = on!(self.0, connection => query.get_result(connection))?;
        Ok((found.count, super::item_rows::size("items", "size", found.bytes)?))
    }

    /// Returns the length of the longest path below a folder, in characters, the slash before it included; 0 when it
    /// holds nothing.
    ///
    /// # Errors
    /// A storage error.
    pub fn longest_path_below(&mut self, drive: DriveId, folder: ItemId) -> Result<i64, StorageError> {
        let text = |first: &str, second: &str, third: &str| {
            format!(
                "WITH RECURSIVE below (item, length, depth) AS (\
                   SELECT id, CAST(LENGTH(name) + 1 AS BIGINT), CAST(1 AS BIGINT) FROM items \
                    WHERE parent_id = {first} AND drive_id = {second} AND tenant_id = {third} \
                      AND deleted_at IS NULL \
                   UNION ALL \
                   SELECT items.id, below.length + LENGTH(items.name) + 1, below.depth + 1 \
                     FROM below JOIN items ON items.parent_id = below.item \
                    WHERE items.deleted_at IS NULL AND below.depth < {MAX_DEPTH}) \
                 SELECT COALESCE(MAX(length), 0) AS length FROM below"
            )
        };
        let longest: Vec<Longest> = self.walk(text, drive, folder)?;
        Ok(longest.first().map_or(0, |longest| longest.length))
    }

    /// Lists what one deletion took along, the item itself included, folders before what they held.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_deleted_with(&mut self, item: ItemId) -> Result<Vec<Item>, StorageError> {
        // Deletion numbers the deepest first, so falling numbers give folders first.
        let query = items::table
            .filter(items::deleted_with.eq(item.to_string()))
            .filter(items::tenant_id.eq(self.0.tenant.to_string()))
            .order(items::sequence.desc());
        load_items!(self.0, query)
    }

    /// Runs a recursive query that starts at an item; `text` gets the places of the item, its drive and its tenant.
    fn walk<R>(
        &mut self,
        text: impl FnOnce(&str, &str, &str) -> String,
        drive: DriveId,
        item: ItemId,
    ) -> Result<Vec<R>, StorageError>
    where
        R: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
    {
        let text = match &self.0.connection {
            Connection::Sqlite(_) => text("?", "?", "?"),
            Connection::Postgres(_) => text("$1", "$2", "$3"),
        };
        let query = diesel::sql_query(text)
            .bind::<Text, _>(item.to_string())
            .bind::<Text, _>(drive.to_string())
            .bind::<Text, _>(self.0.tenant.to_string());
        Ok(on!(self.0, connection => query.load(connection))?)
    }
}
