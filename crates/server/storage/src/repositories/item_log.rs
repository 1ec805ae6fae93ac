//! The numbered log of a drive's changes.

use diesel::prelude::*;
use model::{DriveId, ItemChange, ItemChangeKind, ItemId, UserId};

use crate::connection::on;
use crate::convert::{code, code_of, id, maybe_id};
use crate::schema::items::item_changes;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "item_changes";
const KINDS: [ItemChangeKind; 7] = [
    ItemChangeKind::Created,
    ItemChangeKind::Content,
    ItemChangeKind::Facts,
    ItemChangeKind::Moved,
    ItemChangeKind::Deleted,
    ItemChangeKind::Restored,
    ItemChangeKind::Access,
];

/// Changes that give an item another place.
const DISPLACING: [ItemChangeKind; 4] =
    [ItemChangeKind::Created, ItemChangeKind::Moved, ItemChangeKind::Deleted, ItemChangeKind::Restored];

/// The log of changes of a scope's tenant.
pub struct ItemLog<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the log of changes of the tenant's drives.
    pub fn item_log(&mut self) -> ItemLog<'_, M> {
        ItemLog(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = item_changes)]
struct Row {
    drive_id: String,
    sequence: i64,
    tenant_id: String,
    item_id: String,
    kind: i64,
    old_parent_id: Option<String>,
    new_parent_id: Option<String>,
    operation: Option<String>,
    user_id: Option<String>,
}

impl Row {
    fn into_change(self) -> Result<ItemChange, StorageError> {
        Ok(ItemChange {
            sequence: self.sequence,
            item: id(TABLE, "item_id", &self.item_id)?,
            kind: code(TABLE, "kind", &KINDS, self.kind)?,
            old_parent: maybe_id(TABLE, "old_parent_id", self.old_parent_id)?,
            new_parent: maybe_id(TABLE, "new_parent_id", self.new_parent_id)?,
            operation: self.operation,
            by: maybe_id(TABLE, "user_id", self.user_id)?,
        })
    }
}

impl<M> ItemLog<'_, M> {
    /// Lists the changes of a drive after a number, in their order.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_after(
        &mut self,
        drive: DriveId,
        sequence: i64,
        most: i64,
    ) -> Result<Vec<ItemChange>, StorageError> {
        let query = item_changes::table
            .filter(item_changes::drive_id.eq(drive.to_string()))
            .filter(item_changes::tenant_id.eq(self.0.tenant.to_string()))
            .filter(item_changes::sequence.gt(sequence))
            .order(item_changes::sequence)
            .limit(most);
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_change).collect()
    }

    /// Finds an item's first change after a number that gave it another place: made, moved, deleted or restored.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_first_displacement(
        &mut self,
        item: ItemId,
        sequence: i64,
    ) -> Result<Option<ItemChange>, StorageError> {
        let query = item_changes::table
            .filter(item_changes::item_id.eq(item.to_string()))
            .filter(item_changes::tenant_id.eq(self.0.tenant.to_string()))
            .filter(item_changes::sequence.gt(sequence))
            .filter(item_changes::kind.eq_any(DISPLACING.map(|kind| code_of(&KINDS, &kind))))
            .order(item_changes::sequence);
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_change).transpose()
    }

    /// Lists an item's changes after one number and up to another that gave it another place, in their order.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_displacements(
        &mut self,
        item: ItemId,
        after: i64,
        until: i64,
    ) -> Result<Vec<ItemChange>, StorageError> {
        let query = item_changes::table
            .filter(item_changes::item_id.eq(item.to_string()))
            .filter(item_changes::tenant_id.eq(self.0.tenant.to_string()))
            .filter(item_changes::sequence.gt(after))
            .filter(item_changes::sequence.le(until))
            .filter(item_changes::kind.eq_any(DISPLACING.map(|kind| code_of(&KINDS, &kind))))
            .order(item_changes::sequence);
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_change).collect()
    }

    /// Lists the numbers of an item's changes after a number that one person made.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_made_by(&mut self, item: ItemId, user: UserId, after: i64) -> Result<Vec<i64>, StorageError> {
        let query = item_changes::table
            .filter(item_changes::item_id.eq(item.to_string()))
            .filter(item_changes::tenant_id.eq(self.0.tenant.to_string()))
            .filter(item_changes::sequence.gt(after))
            .filter(item_changes::user_id.eq(user.to_string()))
            .order(item_changes::sequence)
            .select(item_changes::sequence);
        Ok(on!(self.0, connection => query.load(connection))?)
    }
}

impl ItemLog<'_, Writing> {
    /// Appends one change; its number must be the drive's next.
    pub(crate) fn append(&mut self, drive: DriveId, change: &ItemChange) -> Result<(), StorageError> {
        let row = Row {
            drive_id: drive.to_string(),
            sequence: change.sequence,
            tenant_id: self.0.tenant.to_string(),
            item_id: change.item.to_string(),
            kind: code_of(&KINDS, &change.kind),
            old_parent_id: change.old_parent.map(|parent| parent.to_string()),
            new_parent_id: change.new_parent.map(|parent| parent.to_string()),
            operation: change.operation.clone(),
            user_id: change.by.map(|user| user.to_string()),
        };
        on!(self.0, connection => diesel::insert_into(item_changes::table).values(&row).execute(connection))?;
        Ok(())
    }
}
