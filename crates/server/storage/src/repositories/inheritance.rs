//! Inheritance: which items of a drive have permissions of their own, so that nothing given above them counts there.

use std::collections::BTreeSet;

use diesel::prelude::*;
use model::{DriveId, ItemId, ItemStamp};

use crate::connection::on;
use crate::convert::{id, micros};
use crate::schema::sites::own_permissions;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "own_permissions";

/// Broken inheritance in the drives of a scope's tenant.
pub struct Inheritance<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns where inheritance is broken in the tenant's drives.
    pub fn inheritance(&mut self) -> Inheritance<'_, M> {
        Inheritance(self.reborrow())
    }
}

impl<M> Inheritance<'_, M> {
    /// Lists the items of a drive with permissions of their own, those in the recycle bin included.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_broken(&mut self, drive: DriveId) -> Result<BTreeSet<ItemId>, StorageError> {
        let query = own_permissions::table
            .filter(own_permissions::drive_id.eq(drive.to_string()))
            .filter(own_permissions::tenant_id.eq(self.0.tenant.to_string()))
            .select(own_permissions::item_id);
        let items: Vec<String> = on!(self.0, connection => query.load(connection))?;
        items.iter().map(|item| id(TABLE, "item_id", item)).collect()
    }
}

impl Inheritance<'_, Writing> {
    /// Notes that an item has permissions of its own from now on.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when it has them already.
    pub fn create_break(
        &mut self,
        drive: DriveId,
        item: ItemId,
        stamp: ItemStamp,
    ) -> Result<(), StorageError> {
        let insert = diesel::insert_into(own_permissions::table).values((
            own_permissions::drive_id.eq(drive.to_string()),
            own_permissions::item_id.eq(item.to_string()),
            own_permissions::tenant_id.eq(self.0.tenant.to_string()),
            own_permissions::since.eq(micros(stamp.at)),
            own_permissions::made_by.eq(stamp.by.map(|user| user.to_string())),
        ));
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Notes that what is given above an item counts there again.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_break(&mut self, drive: DriveId, item: ItemId) -> Result<(), StorageError> {
        let delete = diesel::delete(own_permissions::table)
            .filter(own_permissions::drive_id.eq(drive.to_string()))
            .filter(own_permissions::item_id.eq(item.to_string()))
            .filter(own_permissions::tenant_id.eq(self.0.tenant.to_string()));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }
}
