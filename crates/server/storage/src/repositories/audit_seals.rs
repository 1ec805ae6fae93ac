//! Seals of the audit trail as they are kept. What a seal says and who signs it is not known here.
//!
//! Records are written without a place in any order, so that writers never wait for one another; a seal takes those that
//! are committed and held by no other seal.

use diesel::prelude::*;
use model::{AuditRecordId, Timestamp};

use super::audit::Audit;
use super::audit_search::Row;
use crate::connection::on;
use crate::convert::{id, micros, time};
use crate::schema::directory::{audit_events, audit_seals, tenants};
use crate::{StorageError, Writing};

/// A record as a seal sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRecord {
    /// Its name.
    pub id: AuditRecordId,
    /// When it says it happened.
    pub at: Timestamp,
    /// Every column but the seal's number, each with its length: two records that differ give different bytes.
    pub bytes: Vec<u8>,
}

/// A seal as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSeal {
    /// Its number: 1, 2, 3, …
    pub number: i64,
    /// The newest time among its records.
    pub newest: Timestamp,
    /// What each record hashed to.
    pub leaves: Vec<u8>,
    /// What was signed.
    pub statement: String,
}

/// How long records are kept, and what was forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRetention {
    /// How many days.
    pub days: i64,
    /// The signed statement about what was forgotten last.
    pub forgotten: Option<String>,
}

impl<M> Audit<'_, M> {
    /// Returns whether any record waits for a seal.
    ///
    /// # Errors
    /// A storage error.
    pub fn has_unsealed(&mut self) -> Result<bool, StorageError> {
        let query = audit_events::table
            .filter(audit_events::tenant_id.eq(self.0.tenant.to_string()))
            .filter(audit_events::seal.is_null())
            .select(audit_events::id);
        let found: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        Ok(found.is_some())
    }

    /// Counts the records that wait for a seal.
    ///
    /// # Errors
    /// A storage error.
    pub fn count_unsealed(&mut self) -> Result<i64, StorageError> {
        let query = audit_events::table
            .filter(audit_events::tenant_id.eq(self.0.tenant.to_string()))
            .filter(audit_events::seal.is_null())
            .count();
        Ok(on!(self.0, connection => query.get_result(connection))?)
    }

    /// Lists the records of a seal in the order of time and name.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_seal(&mut self, number: i64) -> Result<Vec<SealedRecord>, StorageError> {
        let query = audit_events::table
            .filter(audit_events::tenant_id.eq(self.0.tenant.to_string()))
            .filter(audit_events::seal.eq(number))
            .order((audit_events::at, audit_events::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_sealed).collect()
    }

    /// Lists records that name a seal beyond the newest one: nobody but an intruder writes such.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_beyond_seal(&mut self, first: i64, last: i64) -> Result<Vec<AuditRecordId>, StorageError> {
        let query = audit_events::table
            .filter(audit_events::tenant_id.eq(self.0.tenant.to_string()))
            .filter(audit_events::seal.gt(last).or(audit_events::seal.lt(first)))
            .order(audit_events::id)
            .limit(100)
            .select(audit_events::id);
        let found: Vec<String> = on!(self.0, connection => query.load(connection))?;
        found.iter().map(|found| id("audit_events", "id", found)).collect()
    }

    /// Finds the newest seal.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_last_seal(&mut self) -> Result<Option<StoredSeal>, StorageError> {
        let query = audit_seals::table
            .filter(audit_seals::tenant_id.eq(self.0.tenant.to_string()))
            .order(audit_seals::number.desc());
        let row: Option<SealRow> =
            on!(self.0, connection => query.select(SealRow::as_select()).first(connection).optional())?;
        row.map(SealRow::into_seal).transpose()
    }

    /// Lists seals behind a number, the oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_seals(&mut self, after: i64, most: i64) -> Result<Vec<StoredSeal>, StorageError> {
        let query = audit_seals::table
            .filter(audit_seals::tenant_id.eq(self.0.tenant.to_string()))
            .filter(audit_seals::number.gt(after))
            .order(audit_seals::number)
            .limit(most);
        let rows: Vec<SealRow> =
            on!(self.0, connection => query.select(SealRow::as_select()).load(connection))?;
        rows.into_iter().map(SealRow::into_seal).collect()
    }

    /// Loads how long records are kept.
    ///
    /// # Errors
    /// A storage error.
    pub fn load_retention(&mut self) -> Result<AuditRetention, StorageError> {
        let query = tenants::table
            .find(self.0.tenant.to_string())
            .select((tenants::audit_days, tenants::audit_forgotten));
        let (days, forgotten): (i64, Option<String>) = on!(self.0, connection => query.first(connection))?;
        Ok(AuditRetention { days, forgotten })
    }
}

impl Audit<'_, Writing> {
    /// Gives records that no seal holds to a seal; returns how many.
    ///
    /// # Errors
    /// A storage error.
    pub fn claim_for_seal(&mut self, number: i64, most: i64) -> Result<usize, StorageError> {
        let tenant = self.0.tenant.to_string();
        let query = audit_events::table
            .filter(audit_events::tenant_id.eq(&tenant))
            .filter(audit_events::seal.is_null())
            .order(audit_events::at)
            .limit(most)
            .select(audit_events::id);
        let waiting: Vec<String> = on!(self.0, connection => query.load(connection))?;
        let mut claimed = 0;
        for ids in waiting.chunks(1_000) {
            let free = audit_events::table
                .filter(audit_events::tenant_id.eq(&tenant))
                .filter(audit_events::id.eq_any(ids))
                .filter(audit_events::seal.is_null());
            let update = diesel::update(free).set(audit_events::seal.eq(number));
            claimed += on!(self.0, connection => update.execute(connection))?;
        }
        Ok(claimed)
    }

    /// Keeps a seal. Its number is taken once.
    ///
    /// # Errors
    /// A storage error; a duplicate when another process made a seal of this number.
    pub fn create_seal(&mut self, seal: &StoredSeal) -> Result<(), StorageError> {
        let row = SealRow {
            tenant_id: self.0.tenant.to_string(),
            number: seal.number,
            newest_at: micros(seal.newest),
            leaves: seal.leaves.clone(),
            statement: seal.statement.clone(),
        };
        on!(self.0, connection => diesel::insert_into(audit_seals::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Forgets the seals up to a number with their records, leaving a statement about it. Returns how many records.
    ///
    /// # Errors
    /// A storage error.
    pub fn forget_until(&mut self, number: i64, statement: &str) -> Result<usize, StorageError> {
        let tenant = self.0.tenant.to_string();
        let records = audit_events::table
            .filter(audit_events::tenant_id.eq(&tenant))
            .filter(audit_events::seal.le(number));
        let forgotten = on!(self.0, connection => diesel::delete(records).execute(connection))?;
        let seals = audit_seals::table
            .filter(audit_seals::tenant_id.eq(&tenant))
            .filter(audit_seals::number.le(number));
        on!(self.0, connection => diesel::delete(seals).execute(connection))?;
        let update = diesel::update(tenants::table.find(&tenant)).set(tenants::audit_forgotten.eq(statement));
        on!(self.0, connection => update.execute(connection))?;
        Ok(forgotten)
    }

    /// Sets how many days records are kept.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_retention(&mut self, days: i64) -> Result<(), StorageError> {
        let update =
            diesel::update(tenants::table.find(self.0.tenant.to_string())).set(tenants::audit_days.eq(days));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_seals)]
struct SealRow {
    tenant_id: String,
    number: i64,
    newest_at: i64,
    leaves: Vec<u8>,
    statement: String,
}

impl SealRow {
    fn into_seal(self) -> Result<StoredSeal, StorageError> {
        Ok(StoredSeal {
            number: self.number,
            newest: time("audit_seals", "newest_at", self.newest_at)?,
            leaves: self.leaves,
            statement: self.statement,
        })
    }
}

impl Row {
    fn into_sealed(self) -> Result<SealedRecord, StorageError> {
        let mut bytes = Vec::new();
        let mut add = |text: Option<&str>| {
            let length = text.map_or(u64::MAX, |text| text.len() as u64);
            bytes.extend(length.to_be_bytes());
            bytes.extend(text.unwrap_or_default().as_bytes());
        };
        let (at, kind) = (self.at.to_string(), self.actor_kind.to_string());
        for text in [&self.id, &self.tenant_id, &at, &kind, &self.operation, &self.details] {
            add(Some(text));
        }
        let maybe = [&self.actor, &self.target_id, &self.site_id, &self.item_id];
        for text in maybe.into_iter().chain([&self.client_address, &self.user_agent]) {
            add(text.as_deref());
        }
        let at = time("audit_events", "at", self.at)?;
        Ok(SealedRecord { id: id("audit_events", "id", &self.id)?, at, bytes })
    }
}
