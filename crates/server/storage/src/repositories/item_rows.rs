//! Rows of `items` and their conversion to and from the model.

use diesel::prelude::*;
use model::{Item, ItemContent, ItemDeletion, ItemKind, ItemName, ItemStamp, TenantId};

use crate::StorageError;
use crate::convert::{code, code_of, id, maybe_id, micros, time};
use crate::schema::items::items;

const TABLE: &str = "items";
const KINDS: [ItemKind; 2] = [ItemKind::File, ItemKind::Folder];

/// One row of `items`.
#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset, QueryableByName)]
#[diesel(table_name = items, treat_none_as_null = true)]
pub(crate) struct ItemRow {
    pub(crate) id: String,
    tenant_id: String,
    drive_id: String,
    parent_id: Option<String>,
    name: String,
    name_key: String,
    kind: i64,
    size: i64,
    content_id: Option<Vec<u8>>,
    quick_xor: Option<Vec<u8>>,
    version: i64,
    content_version: i64,
    file_created_at: i64,
    file_modified_at: i64,
    created_at: i64,
    created_by: Option<String>,
    modified_at: i64,
    modified_by: Option<String>,
    sequence: i64,
    operation: Option<String>,
    deleted_at: Option<i64>,
    deleted_by: Option<String>,
    deleted_with: Option<String>,
    content_at: Option<i64>,
    content_by: Option<String>,
}

/// Returns the code of a kind.
pub(crate) fn kind_code(kind: ItemKind) -> i64 {
    code_of(&KINDS, &kind)
}

/// Narrows a length for storing; no file is that long.
pub(crate) fn stored_size(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// Reads a stored length.
pub(crate) fn size(table: &'static str, column: &'static str, size: i64) -> Result<u64, StorageError> {
    u64::try_from(size).map_err(|_| StorageError::Corrupt { table, column })
}

/// Reads a stored hash of a fixed length.
pub(crate) fn hash<const N: usize>(
    table: &'static str,
    column: &'static str,
    bytes: Vec<u8>,
) -> Result<[u8; N], StorageError> {
    bytes.try_into().map_err(|_| StorageError::Corrupt { table, column })
}

impl ItemRow {
    pub(crate) fn from_item(tenant: TenantId, item: &Item) -> Self {
        Self {
            id: item.id.to_string(),
            tenant_id: tenant.to_string(),
            drive_id: item.drive.to_string(),
            parent_id: item.parent.map(|parent| parent.to_string()),
            name: item.name.clone(),
            name_key: ItemName::key_of(&item.name),
            kind: kind_code(item.kind),
            size: stored_size(item.size()),
            content_id: item.content.map(|content| content.id.to_vec()),
            quick_xor: item.content.map(|content| content.quick_xor.to_vec()),
            version: item.version,
            content_version: item.content_version,
            file_created_at: micros(item.file_created),
            file_modified_at: micros(item.file_modified),
            created_at: micros(item.created.at),
            created_by: item.created.by.map(|by| by.to_string()),
            modified_at: micros(item.modified.at),
            modified_by: item.modified.by.map(|by| by.to_string()),
            sequence: item.sequence,
            operation: item.operation.clone(),
            deleted_at: item.deleted.map(|deletion| micros(deletion.stamp.at)),
            deleted_by: item.deleted.and_then(|deletion| deletion.stamp.by).map(|by| by.to_string()),
            deleted_with: item.deleted.map(|deletion| deletion.with.to_string()),
            content_at: item.written.map(|written| micros(written.at)),
            content_by: item.written.and_then(|written| written.by).map(|by| by.to_string()),
        }
    }

    pub(crate) fn into_item(self) -> Result<Item, StorageError> {
        let content = match (self.content_id, self.quick_xor) {
            (Some(content), Some(quick_xor)) => Some(ItemContent {
                id: hash(TABLE, "content_id", content)?,
                size: size(TABLE, "size", self.size)?,
                quick_xor: hash(TABLE, "quick_xor", quick_xor)?,
            }),
            _ => None,
        };
        let modified = stamp("modified_at", self.modified_at, self.modified_by)?;
        let written = match self.content_at {
            Some(at) => Some(stamp("content_at", at, self.content_by)?),
            // Written before this was kept: who changed the file last is the nearest that is known.
            None => content.map(|_| modified),
        };
        let deleted = match (self.deleted_at, self.deleted_with) {
            (Some(at), Some(with)) => Some(ItemDeletion {
                stamp: stamp("deleted_at", at, self.deleted_by)?,
                with: id(TABLE, "deleted_with", &with)?,
            }),
            _ => None,
        };
        Ok(Item {
            id: id(TABLE, "id", &self.id)?,
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            drive: id(TABLE, "drive_id", &self.drive_id)?,
            parent: maybe_id(TABLE, "parent_id", self.parent_id)?,
            name: self.name,
            kind: code(TABLE, "kind", &KINDS, self.kind)?,
            content,
            version: self.version,
            content_version: self.content_version,
            file_created: time(TABLE, "file_created_at", self.file_created_at)?,
            file_modified: time(TABLE, "file_modified_at", self.file_modified_at)?,
            created: stamp("created_at", self.created_at, self.created_by)?,
            modified,
            written,
            sequence: self.sequence,
            operation: self.operation,
            deleted,
        })
    }
}

fn stamp(column: &'static str, at: i64, by: Option<String>) -> Result<ItemStamp, StorageError> {
    Ok(ItemStamp { at: time(TABLE, column, at)?, by: maybe_id(TABLE, column, by)? })
}
