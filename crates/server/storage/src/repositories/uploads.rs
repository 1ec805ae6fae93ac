//! Uploads: bytes on their way, and the leases on chunks that were promised or have arrived.

use diesel::prelude::*;
use diesel::upsert::excluded;
use model::{DriveId, ItemId, Timestamp, UploadId, UserId};

use super::item_rows::hash;
use crate::connection::on;
use crate::convert::{id, maybe_id, micros, time};
use crate::schema::items::{upload_chunks, uploads};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "uploads";

/// The uploads of a scope's tenant.
pub struct Uploads<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's uploads.
    pub fn uploads(&mut self) -> Uploads<'_, M> {
        Uploads(self.reborrow())
    }
}

/// An upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredUpload {
    /// Its id.
    pub id: UploadId,
    /// The drive its content is for.
    pub drive: DriveId,
    /// The person it belongs to; nobody else may use it.
    pub user: UserId,
    /// The offered manifest's binary form.
    pub manifest: Vec<u8>,
    /// Until when its chunks are kept.
    pub expires: Timestamp,
    /// When it was offered.
    pub created: Timestamp,
}

/// A chunk an upload may count on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The chunk.
    pub chunk: [u8; 32],
    /// The item it was promised from; none when it arrived in the upload.
    pub base: Option<ItemId>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = uploads)]
struct Row {
    id: String,
    tenant_id: String,
    drive_id: String,
    user_id: String,
    manifest: Vec<u8>,
    expires_at: i64,
    created_at: i64,
}

#[derive(Insertable)]
#[diesel(table_name = upload_chunks)]
struct ChunkRow {
    upload_id: String,
    tenant_id: String,
    chunk_id: Vec<u8>,
    base_item_id: Option<String>,
}

impl<M> Uploads<'_, M> {
    /// Finds an upload.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, upload: UploadId) -> Result<Option<StoredUpload>, StorageError> {
        let query = uploads::table
            .filter(uploads::id.eq(upload.to_string()))
            .filter(uploads::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(|row| {
            Ok(StoredUpload {
                id: id(TABLE, "id", &row.id)?,
                drive: id(TABLE, "drive_id", &row.drive_id)?,
                user: id(TABLE, "user_id", &row.user_id)?,
                manifest: row.manifest,
                expires: time(TABLE, "expires_at", row.expires_at)?,
                created: time(TABLE, "created_at", row.created_at)?,
            })
        })
        .transpose()
    }

    /// Lists the chunks an upload may count on.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_leases(&mut self, upload: UploadId) -> Result<Vec<Lease>, StorageError> {
        let query = upload_chunks::table
            .filter(upload_chunks::upload_id.eq(upload.to_string()))
            .filter(upload_chunks::tenant_id.eq(self.0.tenant.to_string()))
            .order(upload_chunks::chunk_id)
            .select((upload_chunks::chunk_id, upload_chunks::base_item_id));
        let rows: Vec<(Vec<u8>, Option<String>)> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter()
            .map(|(chunk, base)| {
                let chunk = hash("upload_chunks", "chunk_id", chunk)?;
                Ok(Lease { chunk, base: maybe_id("upload_chunks", "base_item_id", base)? })
            })
            .collect()
    }

    /// Lists uploads that ended before a time, oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_expired(&mut self, before: Timestamp, most: i64) -> Result<Vec<UploadId>, StorageError> {
        let query = uploads::table
            .filter(uploads::expires_at.lt(micros(before)))
            .filter(uploads::tenant_id.eq(self.0.tenant.to_string()))
            .order((uploads::expires_at, uploads::id))
            .limit(most)
            .select(uploads::id);
        let rows: Vec<String> = on!(self.0, connection => query.load(connection))?;
        rows.iter().map(|row| id(TABLE, "id", row)).collect()
    }
}

impl Uploads<'_, Writing> {
    /// Makes an upload.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, upload: &StoredUpload) -> Result<(), StorageError> {
        let row = Row {
            id: upload.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            drive_id: upload.drive.to_string(),
            user_id: upload.user.to_string(),
            manifest: upload.manifest.clone(),
            expires_at: micros(upload.expires),
            created_at: micros(upload.created),
        };
        on!(self.0, connection => diesel::insert_into(uploads::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Leases chunks for an upload; again is fine, and one that was promised may arrive.
    ///
    /// # Errors
    /// A storage error, also when a chunk does not exist.
    pub fn add_leases(&mut self, upload: UploadId, leases: &[Lease]) -> Result<(), StorageError> {
        for lease in leases {
            let row = ChunkRow {
                upload_id: upload.to_string(),
                tenant_id: self.0.tenant.to_string(),
                chunk_id: lease.chunk.to_vec(),
                base_item_id: lease.base.map(|base| base.to_string()),
            };
            let insert = diesel::insert_into(upload_chunks::table)
                .values(&row)
                .on_conflict((upload_chunks::upload_id, upload_chunks::chunk_id))
                .do_update()
                .set(upload_chunks::base_item_id.eq(excluded(upload_chunks::base_item_id)));
            on!(self.0, connection => insert.execute(connection))?;
        }
        Ok(())
    }

    /// Keeps an upload longer.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_expiry(&mut self, upload: UploadId, expires: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(uploads::table.filter(uploads::id.eq(upload.to_string())))
            .filter(uploads::tenant_id.eq(self.0.tenant.to_string()))
            .set(uploads::expires_at.eq(micros(expires)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Deletes an upload that ended before a time, with its leases; one that was kept longer meanwhile stays.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_expired(&mut self, upload: UploadId, before: Timestamp) -> Result<(), StorageError> {
        // The leases go with it: on PostgreSQL an upload that is being prolonged is waited for and judged again.
        let delete = diesel::delete(uploads::table.filter(uploads::id.eq(upload.to_string())))
            .filter(uploads::tenant_id.eq(self.0.tenant.to_string()))
            .filter(uploads::expires_at.lt(micros(before)));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }

    /// Deletes an upload and its leases.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, upload: UploadId) -> Result<(), StorageError> {
        let tenant = self.0.tenant.to_string();
        let chunks =
            diesel::delete(upload_chunks::table.filter(upload_chunks::upload_id.eq(upload.to_string())))
                .filter(upload_chunks::tenant_id.eq(&tenant));
        on!(self.0, connection => chunks.execute(connection))?;
        let delete = diesel::delete(uploads::table.filter(uploads::id.eq(upload.to_string())))
            .filter(uploads::tenant_id.eq(&tenant));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }
}
