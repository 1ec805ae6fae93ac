//! Upload sessions: contents that arrive in fragments, and the parts of them that have arrived.
//!
//! A part's chunk is leased by the upload of the session's id, so the session's rows hold no bytes and nothing of its
//! own to collect.

use diesel::dsl::max;
use diesel::prelude::*;
use model::{DriveId, ItemId, Timestamp, UploadId, UserId};

use super::item_rows::{hash, size, stored_size};
use crate::connection::on;
use crate::context::OperatorScope;
use crate::convert::{id, maybe_id, micros, time};
use crate::schema::upload_sessions::{upload_parts, upload_sessions};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "upload_sessions";
const PARTS: &str = "upload_parts";
const CUT: i64 = 0;
const WAITING: i64 = 1;

/// The upload sessions of a scope's tenant.
pub struct UploadSessions<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's upload sessions.
    pub fn upload_sessions(&mut self) -> UploadSessions<'_, M> {
        UploadSessions(self.reborrow())
    }
}

/// An upload session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredUploadSession {
    /// Its id, and that of the upload that leases its chunks.
    pub id: UploadId,
    /// The drive its content is for.
    pub drive: DriveId,
    /// The person it belongs to; nobody else may use it.
    pub user: UserId,
    /// What shall be written, as its maker put it.
    pub target: String,
    /// The content's length in bytes, once a fragment told it.
    pub total: Option<u64>,
    /// The item it ended as, and whether that was new.
    pub finished: Option<(ItemId, bool)>,
    /// Until when it is kept.
    pub expires: Timestamp,
    /// When it was made.
    pub created: Timestamp,
}

/// Whether a part is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// A chunk of the content.
    Cut,
    /// Bytes at the end that were not cut yet; they are part of later chunks.
    Waiting,
}

/// Bytes of a session that are stored as a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadPart {
    /// Whether it is final.
    pub kind: PartKind,
    /// Where it starts in the content.
    pub start: u64,
    /// Where the next one starts.
    pub end: u64,
    /// The chunk's hash.
    pub hash: [u8; 32],
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = upload_sessions)]
struct Row {
    id: String,
    tenant_id: String,
    drive_id: String,
    user_id: String,
    target: String,
    total: Option<i64>,
    finished_item: Option<String>,
    finished_new: Option<i64>,
    expires_at: i64,
    created_at: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = upload_parts)]
struct PartRow {
    session_id: String,
    kind: i64,
    starts_at: i64,
    ends_at: i64,
    tenant_id: String,
    hash: Vec<u8>,
}

impl Row {
    fn into_session(self) -> Result<StoredUploadSession, StorageError> {
        let finished: Option<ItemId> = maybe_id(TABLE, "finished_item", self.finished_item)?;
        Ok(StoredUploadSession {
            id: id(TABLE, "id", &self.id)?,
            drive: id(TABLE, "drive_id", &self.drive_id)?,
            user: id(TABLE, "user_id", &self.user_id)?,
            target: self.target,
            total: self.total.map(|total| size(TABLE, "total", total)).transpose()?,
            finished: finished.map(|item| (item, self.finished_new == Some(1))),
            expires: time(TABLE, "expires_at", self.expires_at)?,
            created: time(TABLE, "created_at", self.created_at)?,
        })
    }
}

impl PartRow {
    fn into_part(self) -> Result<UploadPart, StorageError> {
        Ok(UploadPart {
            kind: if self.kind == CUT { PartKind::Cut } else { PartKind::Waiting },
            start: size(PARTS, "starts_at", self.starts_at)?,
            end: size(PARTS, "ends_at", self.ends_at)?,
            hash: hash(PARTS, "hash", self.hash)?,
        })
    }
}

fn kind_code(kind: PartKind) -> i64 {
    match kind {
        PartKind::Cut => CUT,
        PartKind::Waiting => WAITING,
    }
}

impl<M> UploadSessions<'_, M> {
    /// Finds a session.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, session: UploadId) -> Result<Option<StoredUploadSession>, StorageError> {
        let query = upload_sessions::table
            .filter(upload_sessions::id.eq(session.to_string()))
            .filter(upload_sessions::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_session).transpose()
    }

    /// Returns up to where a session's content is cut.
    ///
    /// # Errors
    /// A storage error.
    pub fn cut_end(&mut self, session: UploadId) -> Result<u64, StorageError> {
        let query = upload_parts::table
            .filter(upload_parts::session_id.eq(session.to_string()))
            .filter(upload_parts::tenant_id.eq(self.0.tenant.to_string()))
            .filter(upload_parts::kind.eq(CUT))
            .select(max(upload_parts::ends_at));
        let end: Option<i64> = on!(self.0, connection => query.first(connection))?;
        size(PARTS, "ends_at", end.unwrap_or(0))
    }

    /// Lists the parts of a kind that reach beyond a place, in their order.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_parts(
        &mut self,
        session: UploadId,
        kind: PartKind,
        beyond: u64,
    ) -> Result<Vec<UploadPart>, StorageError> {
        let query = upload_parts::table
            .filter(upload_parts::session_id.eq(session.to_string()))
            .filter(upload_parts::tenant_id.eq(self.0.tenant.to_string()))
            .filter(upload_parts::kind.eq(kind_code(kind)))
            .filter(upload_parts::ends_at.gt(stored_size(beyond)))
            .order(upload_parts::starts_at);
        let rows: Vec<PartRow> =
            on!(self.0, connection => query.select(PartRow::as_select()).load(connection))?;
        rows.into_iter().map(PartRow::into_part).collect()
    }
}

impl UploadSessions<'_, Writing> {
    /// Makes a session.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, session: &StoredUploadSession) -> Result<(), StorageError> {
        let row = Row {
            id: session.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            drive_id: session.drive.to_string(),
            user_id: session.user.to_string(),
            target: session.target.clone(),
            total: session.total.map(stored_size),
            finished_item: session.finished.map(|(item, _)| item.to_string()),
            finished_new: session.finished.map(|(_, new)| i64::from(new)),
            expires_at: micros(session.expires),
            created_at: micros(session.created),
        };
        on!(self.0, connection => diesel::insert_into(upload_sessions::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Keeps a session until a time. On PostgreSQL this also takes its row, which orders all who add to it.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_expiry(&mut self, session: UploadId, expires: Timestamp) -> Result<(), StorageError> {
        let update =
            diesel::update(upload_sessions::table.filter(upload_sessions::id.eq(session.to_string())))
                .filter(upload_sessions::tenant_id.eq(self.0.tenant.to_string()))
                .set(upload_sessions::expires_at.eq(micros(expires)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Notes a session's length, unless it is known.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_total(&mut self, session: UploadId, total: u64) -> Result<(), StorageError> {
        let update =
            diesel::update(upload_sessions::table.filter(upload_sessions::id.eq(session.to_string())))
                .filter(upload_sessions::tenant_id.eq(self.0.tenant.to_string()))
                .filter(upload_sessions::total.is_null())
                .set(upload_sessions::total.eq(stored_size(total)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Notes what a session ended as, and forgets its parts.
    ///
    /// # Errors
    /// A storage error.
    pub fn finish(&mut self, session: UploadId, item: ItemId, new: bool) -> Result<(), StorageError> {
        let update =
            diesel::update(upload_sessions::table.filter(upload_sessions::id.eq(session.to_string())))
                .filter(upload_sessions::tenant_id.eq(self.0.tenant.to_string()))
                .set((
                    upload_sessions::finished_item.eq(item.to_string()),
                    upload_sessions::finished_new.eq(i64::from(new)),
                ));
        on!(self.0, connection => update.execute(connection))?;
        self.delete_parts(session)
    }

    /// Adds a part; the same part again is fine.
    ///
    /// # Errors
    /// A storage error.
    pub fn add_part(&mut self, session: UploadId, part: &UploadPart) -> Result<(), StorageError> {
        let row = PartRow {
            session_id: session.to_string(),
            kind: kind_code(part.kind),
            starts_at: stored_size(part.start),
            ends_at: stored_size(part.end),
            tenant_id: self.0.tenant.to_string(),
            hash: part.hash.to_vec(),
        };
        let insert = diesel::insert_into(upload_parts::table).values(&row).on_conflict_do_nothing();
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Deletes a session and its parts.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, session: UploadId) -> Result<(), StorageError> {
        self.delete_parts(session)?;
        let delete =
            diesel::delete(upload_sessions::table.filter(upload_sessions::id.eq(session.to_string())))
                .filter(upload_sessions::tenant_id.eq(self.0.tenant.to_string()));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }

    fn delete_parts(&mut self, session: UploadId) -> Result<(), StorageError> {
        let delete =
            diesel::delete(upload_parts::table.filter(upload_parts::session_id.eq(session.to_string())))
                .filter(upload_parts::tenant_id.eq(self.0.tenant.to_string()));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }
}

impl OperatorScope<'_, Writing> {
    /// Removes the upload sessions of all tenants that ended before `now`.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_expired_upload_sessions(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let ended = upload_sessions::table
            .filter(upload_sessions::expires_at.lt(micros(now)))
            .select(upload_sessions::id);
        let parts = diesel::delete(upload_parts::table.filter(upload_parts::session_id.eq_any(ended)));
        on!(self, connection => parts.execute(connection))?;
        let delete =
            diesel::delete(upload_sessions::table.filter(upload_sessions::expires_at.lt(micros(now))));
        on!(self, connection => delete.execute(connection))?;
        Ok(())
    }
}
