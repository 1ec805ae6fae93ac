//! Quotas: how many bytes a library, and all libraries of an organization together, may hold.
//!
//! What an organization holds is the sum over its libraries, taken when it is asked for: nothing can drift. Who is about
//! to store something takes the organization's row first, so that two libraries cannot both use the last bytes.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use model::{Drive, DriveId};

use super::item_rows::{size, stored_size};
use crate::connection::on;
use crate::schema::directory::tenants;
use crate::schema::items::drives;
use crate::{Scope, StorageError, Writing};

/// The quotas of a scope's tenant.
pub struct Quotas<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's quotas.
    pub fn quotas(&mut self) -> Quotas<'_, M> {
        Quotas(self.reborrow())
    }
}

/// What an organization may hold, and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenantQuota {
    /// Most bytes of all its libraries together; none means no limit.
    pub quota: Option<u64>,
    /// Bytes of all its libraries together.
    pub used: u64,
}

impl<M> Quotas<'_, M> {
    /// Loads what the organization may hold, and what it does.
    ///
    /// # Errors
    /// A storage error.
    pub fn load(&mut self) -> Result<TenantQuota, StorageError> {
        Ok(TenantQuota { quota: self.tenant_quota()?, used: self.used_beside(None)? })
    }

    /// Returns how many bytes still fit into a library; none when there is no limit.
    ///
    /// # Errors
    /// A storage error.
    pub fn room(&mut self, drive: &Drive) -> Result<Option<u64>, StorageError> {
        let own = drive.quota.map(|quota| quota.saturating_sub(drive.used));
        let Some(quota) = self.tenant_quota()? else { return Ok(own) };
        let others = self.used_beside(Some(drive.id))?;
        let shared = quota.saturating_sub(others.saturating_add(drive.used));
        Ok(Some(own.map_or(shared, |own| own.min(shared))))
    }

    fn tenant_quota(&mut self) -> Result<Option<u64>, StorageError> {
        let query = tenants::table.find(self.0.tenant.to_string()).select(tenants::content_quota);
        let quota: Option<Option<i64>> = on!(self.0, connection => query.first(connection).optional())?;
        quota.flatten().map(|quota| size("tenants", "content_quota", quota)).transpose()
    }

    fn used_beside(&mut self, drive: Option<DriveId>) -> Result<u64, StorageError> {
        let except = drive.map(|drive| drive.to_string()).unwrap_or_default();
        let query = drives::table
            .filter(drives::tenant_id.eq(self.0.tenant.to_string()))
            .filter(drives::id.ne(except))
            .select(sql::<BigInt>("CAST(COALESCE(SUM(used), 0) AS BIGINT)"));
        let used: i64 = on!(self.0, connection => query.first(connection))?;
        size("drives", "used", used)
    }
}

impl Quotas<'_, Writing> {
    /// Returns how many bytes still fit into a library that is taken for changes. Where the organization has a limit,
    /// others who store wait until this transaction ends.
    ///
    /// # Errors
    /// A storage error.
    pub fn take_room(&mut self, drive: &Drive) -> Result<Option<u64>, StorageError> {
        if self.tenant_quota()?.is_some() {
            let take = diesel::update(tenants::table.find(self.0.tenant.to_string()))
                .set(tenants::content_quota.eq(tenants::content_quota));
            on!(self.0, connection => take.execute(connection))?;
        }
        self.room(drive)
    }

    /// Sets what the organization may hold.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_tenant(&mut self, quota: Option<u64>) -> Result<(), StorageError> {
        let update = diesel::update(tenants::table.find(self.0.tenant.to_string()))
            .set(tenants::content_quota.eq(quota.map(stored_size)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Sets what a library may hold.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_drive(&mut self, drive: DriveId, quota: Option<u64>) -> Result<(), StorageError> {
        let update = diesel::update(drives::table.filter(drives::id.eq(drive.to_string())))
            .filter(drives::tenant_id.eq(self.0.tenant.to_string()))
            .set(drives::quota.eq(quota.map(stored_size)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}
