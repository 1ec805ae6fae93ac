//! Scrubs: how far reading back has come, and which chunks were found damaged.

use diesel::prelude::*;
use model::{DriveId, ItemId, TenantId, Timestamp};

use super::item_rows::hash;
use crate::connection::on;
use crate::context::OperatorScope;
use crate::convert::{code, code_of, id, maybe_time, micros, time};
use crate::schema::items::{chunks, content_chunks, damaged_chunks, items, scrubs};
use crate::{Scope, StorageError, Writing};

/// What is wrong with a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// Its object is gone.
    Missing,
    /// Its bytes are not what its name says.
    Wrong,
}

const DAMAGES: [Damage; 2] = [Damage::Missing, Damage::Wrong];

/// A file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedFile {
    /// Its drive.
    pub drive: DriveId,
    /// The file.
    pub item: ItemId,
    /// Its name.
    pub name: String,
}

/// A chunk that was found damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedChunk {
    /// The tenant.
    pub tenant: TenantId,
    /// The chunk.
    pub chunk: [u8; 32],
    /// What is wrong.
    pub damage: Damage,
    /// When it was found.
    pub found: Timestamp,
    /// The files that need it.
    pub files: Vec<DamagedFile>,
}

/// How far reading back has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScrubState {
    /// The last chunk read; empty before the first.
    pub after: Vec<u8>,
    /// When this round was started.
    pub started: Timestamp,
    /// When the last chunk of this round was read; none while it goes on.
    pub finished: Option<Timestamp>,
}

/// Reading back the chunks of a scope's tenant.
pub struct Scrubs<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's scrub.
    pub fn scrubs(&mut self) -> Scrubs<'_, M> {
        Scrubs(self.reborrow())
    }
}

impl<M> Scrubs<'_, M> {
    /// Finds how far reading back has come.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self) -> Result<Option<ScrubState>, StorageError> {
        let query = scrubs::table.find(self.0.tenant.to_string()).select((
            scrubs::after,
            scrubs::started_at,
            scrubs::finished_at,
        ));
        let row: Option<(Vec<u8>, i64, Option<i64>)> =
            on!(self.0, connection => query.first(connection).optional())?;
        row.map(|(after, started, finished)| {
            Ok(ScrubState {
                after,
                started: time("scrubs", "started_at", started)?,
                finished: maybe_time("scrubs", "finished_at", finished)?,
            })
        })
        .transpose()
    }

    /// Lists chunks after an id.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_chunks(&mut self, after: &[u8], most: i64) -> Result<Vec<[u8; 32]>, StorageError> {
        let query = chunks::table
            .filter(chunks::tenant_id.eq(self.0.tenant.to_string()))
            .filter(chunks::id.gt(after))
            .order(chunks::id)
            .limit(most)
            .select(chunks::id);
        let rows: Vec<Vec<u8>> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter().map(|id| hash("chunks", "id", id)).collect()
    }
}

impl Scrubs<'_, Writing> {
    /// Stores how far reading back has come.
    ///
    /// # Errors
    /// A storage error.
    pub fn update(&mut self, state: &ScrubState) -> Result<(), StorageError> {
        let values = (
            scrubs::after.eq(&state.after),
            scrubs::started_at.eq(micros(state.started)),
            scrubs::finished_at.eq(state.finished.map(micros)),
        );
        let insert = diesel::insert_into(scrubs::table)
            .values((scrubs::tenant_id.eq(self.0.tenant.to_string()), values))
            .on_conflict(scrubs::tenant_id)
            .do_update()
            .set(values);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Notes that a chunk is damaged, when it is still there.
    ///
    /// # Errors
    /// A storage error.
    pub fn create_damage(
        &mut self,
        chunk: &[u8; 32],
        damage: Damage,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let tenant = self.0.tenant.to_string();
        let known = chunks::table.find((&tenant, chunk.as_slice())).select(chunks::length);
        let known: Option<i64> = on!(self.0, connection => known.first(connection).optional())?;
        if known.is_none() {
            return Ok(());
        }
        let values = (
            damaged_chunks::tenant_id.eq(&tenant),
            damaged_chunks::chunk_id.eq(chunk.as_slice()),
            damaged_chunks::damage.eq(code_of(&DAMAGES, &damage)),
            damaged_chunks::found_at.eq(micros(at)),
        );
        let insert = diesel::insert_into(damaged_chunks::table).values(values).on_conflict_do_nothing();
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Forgets a damage that is there no more.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_damage(&mut self, chunk: &[u8; 32]) -> Result<(), StorageError> {
        let key = (self.0.tenant.to_string(), chunk.as_slice());
        let delete = diesel::delete(damaged_chunks::table.find(key));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }
}

impl<M> OperatorScope<'_, M> {
    /// Lists the damaged chunks of all tenants, and the files that cannot be read because of each.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_damage(&mut self, most: i64) -> Result<Vec<DamagedChunk>, StorageError> {
        let query = damaged_chunks::table.order(damaged_chunks::found_at).limit(most);
        let rows: Vec<(String, Vec<u8>, i64, i64)> = on!(self, connection => query.load(connection))?;
        let mut damaged = Vec::new();
        for (tenant, chunk, damage, found) in rows {
            let contents = content_chunks::table
                .filter(content_chunks::tenant_id.eq(&tenant))
                .filter(content_chunks::chunk_id.eq(&chunk))
                .select(content_chunks::content_id);
            let files = items::table
                .filter(items::tenant_id.eq(&tenant))
                .filter(items::content_id.assume_not_null().eq_any(contents))
                .order(items::id)
                .select((items::drive_id, items::id, items::name));
            let files: Vec<(String, String, String)> = on!(self, connection => files.load(connection))?;
            let files = files.into_iter().map(|(drive, item, name)| {
                Ok(DamagedFile {
                    drive: id("items", "drive_id", &drive)?,
                    item: id("items", "id", &item)?,
                    name,
                })
            });
            damaged.push(DamagedChunk {
                tenant: id("damaged_chunks", "tenant_id", &tenant)?,
                chunk: hash("damaged_chunks", "chunk_id", chunk)?,
                damage: code("damaged_chunks", "damage", &DAMAGES, damage)?,
                found: time("damaged_chunks", "found_at", found)?,
                files: files.collect::<Result<_, StorageError>>()?,
            });
        }
        Ok(damaged)
    }
}
