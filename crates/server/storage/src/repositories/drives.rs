//! Drives: libraries of sites. What changes a drive goes through [`Scope::change_drive`](crate::Scope::change_drive).

use diesel::prelude::*;
use model::{Drive, DriveId, Item, ItemId, ItemKind, ItemName, ItemStamp, SiteId, Timestamp};

use super::item_rows::{ItemRow, size, stored_size};
use crate::connection::on;
use crate::convert::{id, micros, time};
use crate::schema::items::{drives, items};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "drives";
/// Versions of a file that a new library keeps, as the original does.
const VERSION_LIMIT: i64 = 500;

/// The drives of a scope's tenant.
pub struct Drives<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's drives.
    pub fn drives(&mut self) -> Drives<'_, M> {
        Drives(self.reborrow())
    }
}

/// A library to be made, with its root folder.
#[derive(Debug, Clone)]
pub struct NewDrive {
    /// Its id.
    pub id: DriveId,
    /// The site it belongs to.
    pub site: SiteId,
    /// Name shown to people.
    pub name: String,
    /// The root folder's id.
    pub root: ItemId,
    /// A random text; another one after every restore.
    pub epoch: String,
    /// Most bytes it may hold.
    pub quota: Option<u64>,
    /// Who makes it, and when.
    pub stamp: ItemStamp,
}

/// One row of `drives`.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = drives)]
pub(crate) struct DriveRow {
    id: String,
    tenant_id: String,
    site_id: String,
    name: String,
    name_key: String,
    root_item_id: String,
    sequence: i64,
    epoch: String,
    quota: Option<i64>,
    used: i64,
    created_at: i64,
    version_limit: i64,
}

impl DriveRow {
    pub(crate) fn into_drive(self) -> Result<Drive, StorageError> {
        Ok(Drive {
            id: id(TABLE, "id", &self.id)?,
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            site: id(TABLE, "site_id", &self.site_id)?,
            name: self.name,
            root: id(TABLE, "root_item_id", &self.root_item_id)?,
            sequence: self.sequence,
            epoch: self.epoch,
            quota: self.quota.map(|quota| size(TABLE, "quota", quota)).transpose()?,
            used: size(TABLE, "used", self.used)?,
            version_limit: self.version_limit,
            created: time(TABLE, "created_at", self.created_at)?,
        })
    }
}

impl<M> Drives<'_, M> {
    /// Finds a drive.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, drive: DriveId) -> Result<Option<Drive>, StorageError> {
        let query = drives::table
            .filter(drives::id.eq(drive.to_string()))
            .filter(drives::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<DriveRow> =
            on!(self.0, connection => query.select(DriveRow::as_select()).first(connection).optional())?;
        row.map(DriveRow::into_drive).transpose()
    }

    /// Lists the libraries of a site, the first one first, in the order they were made.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_site(&mut self, site: SiteId) -> Result<Vec<Drive>, StorageError> {
        let query = drives::table
            .filter(drives::tenant_id.eq(self.0.tenant.to_string()))
            .filter(drives::site_id.eq(site.to_string()))
            .order((drives::created_at, drives::name_key, drives::id));
        let rows: Vec<DriveRow> =
            on!(self.0, connection => query.select(DriveRow::as_select()).load(connection))?;
        rows.into_iter().map(DriveRow::into_drive).collect()
    }
}

impl Drives<'_, Writing> {
    /// Makes a drive and its root folder.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the site has a library of that name.
    pub fn create(&mut self, new: &NewDrive) -> Result<Drive, StorageError> {
        let tenant = self.0.tenant;
        let row = DriveRow {
            id: new.id.to_string(),
            tenant_id: tenant.to_string(),
            site_id: new.site.to_string(),
            name: new.name.clone(),
            name_key: ItemName::key_of(&new.name),
            root_item_id: new.root.to_string(),
            sequence: 0,
            epoch: new.epoch.clone(),
            quota: new.quota.map(stored_size),
            used: 0,
            created_at: micros(new.stamp.at),
            version_limit: VERSION_LIMIT,
        };
        on!(self.0, connection => diesel::insert_into(drives::table).values(&row).execute(connection))?;
        let root = ItemRow::from_item(tenant, &root_item(tenant, new));
        on!(self.0, connection => diesel::insert_into(items::table).values(&root).execute(connection))?;
        row.into_drive()
    }

    /// Sets how many versions of a file a drive keeps from now on. What is over it goes when a file is written next.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_version_limit(&mut self, drive: DriveId, most: i64) -> Result<(), StorageError> {
        let update = diesel::update(drives::table.filter(drives::id.eq(drive.to_string())))
            .filter(drives::tenant_id.eq(self.0.tenant.to_string()))
            .set(drives::version_limit.eq(most.max(1)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Gives a drive a new epoch: whoever synced it must compare everything again.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_epoch(&mut self, drive: DriveId, epoch: &str) -> Result<(), StorageError> {
        let update = diesel::update(drives::table.filter(drives::id.eq(drive.to_string())))
            .filter(drives::tenant_id.eq(self.0.tenant.to_string()))
            .set(drives::epoch.eq(epoch));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}

fn root_item(tenant: model::TenantId, new: &NewDrive) -> Item {
    let at: Timestamp = new.stamp.at;
    Item {
        id: new.root,
        tenant,
        drive: new.id,
        parent: None,
        name: "root".to_owned(),
        kind: ItemKind::Folder,
        content: None,
        version: 1,
        content_version: 0,
        file_created: at,
        file_modified: at,
        created: new.stamp,
        modified: new.stamp,
        written: None,
        sequence: 0,
        operation: None,
        deleted: None,
    }
}
