//! Sync roots: who was told about which root. The proof that somebody had access outlives the access.

use diesel::prelude::*;
use model::{DriveId, HomeAccount, ItemId, Timestamp, UserId};

use crate::connection::on;
use crate::convert::{id, micros};
use crate::schema::items::sync_roots;
use crate::{Scope, StorageError, Writing};

/// The sync roots of a scope's tenant.
pub struct SyncRoots<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's sync roots.
    pub fn sync_roots(&mut self) -> SyncRoots<'_, M> {
        SyncRoots(self.reborrow())
    }
}

impl<M> SyncRoots<'_, M> {
    /// Finds the person that a home account was when it was last told about a root.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(
        &mut self,
        drive: DriveId,
        item: ItemId,
        home: HomeAccount,
    ) -> Result<Option<UserId>, StorageError> {
        let query = sync_roots::table
            .filter(sync_roots::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sync_roots::drive_id.eq(drive.to_string()))
            .filter(sync_roots::item_id.eq(item.to_string()))
            .filter(sync_roots::home_tenant_id.eq(home.tenant.to_string()))
            .filter(sync_roots::home_user_id.eq(home.user.to_string()))
            .select(sync_roots::user_id);
        let user: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        user.map(|user| id("sync_roots", "user_id", &user)).transpose()
    }
}

impl SyncRoots<'_, Writing> {
    /// Records that a person who may open a root was told about it.
    ///
    /// # Errors
    /// A storage error.
    pub fn record(
        &mut self,
        drive: DriveId,
        item: ItemId,
        home: HomeAccount,
        person: UserId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let row = (
            sync_roots::tenant_id.eq(self.0.tenant.to_string()),
            sync_roots::drive_id.eq(drive.to_string()),
            sync_roots::item_id.eq(item.to_string()),
            sync_roots::home_tenant_id.eq(home.tenant.to_string()),
            sync_roots::home_user_id.eq(home.user.to_string()),
            sync_roots::user_id.eq(person.to_string()),
            sync_roots::first_seen_at.eq(micros(at)),
            sync_roots::last_seen_at.eq(micros(at)),
        );
        let key = (
            sync_roots::tenant_id,
            sync_roots::drive_id,
            sync_roots::item_id,
            sync_roots::home_tenant_id,
            sync_roots::home_user_id,
        );
        let upsert = diesel::insert_into(sync_roots::table)
            .values(row)
            .on_conflict(key)
            .do_update()
            .set((sync_roots::user_id.eq(person.to_string()), sync_roots::last_seen_at.eq(micros(at))));
        on!(self.0, connection => upsert.execute(connection))?;
        Ok(())
    }
}
