//! Contents and chunks by their names. Bytes of small chunks are here; those of others are where `content` puts them.
//!
//! Whoever makes something refer to a content calls [`Contents::create`] or takes it from another item in the same
//! transaction: the database refuses a reference to a content that is gone.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::upsert::excluded;
use model::Timestamp;

use super::item_rows::{hash, size, stored_size};
use crate::connection::on;
use crate::convert::micros;
use crate::schema::items::{chunks, content_chunks, contents, damaged_chunks};
use crate::{Scope, StorageError, Writing};

/// Most ids in one statement.
pub(super) const BATCH: usize = 500;

type ChunkFacts = (Vec<u8>, i64, Vec<u8>, Option<String>);

/// The contents and chunks of a scope's tenant.
pub struct Contents<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's contents and chunks.
    pub fn contents(&mut self) -> Contents<'_, M> {
        Contents(self.reborrow())
    }
}

/// A content whose chunks are all stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredContent {
    /// BLAKE3 of the manifest.
    pub id: [u8; 32],
    /// Length in bytes.
    pub size: u64,
    /// quickXorHash of the whole.
    pub quick_xor: [u8; 20],
    /// The manifest's binary form.
    pub manifest: Vec<u8>,
}

/// A chunk that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChunk {
    /// Its hash keyed by the tenant.
    pub id: [u8; 32],
    /// Length in bytes.
    pub length: u64,
    /// quickXor register of its bytes alone.
    pub quick_xor: [u8; 20],
    /// Its bytes, when they lie in the database and were asked for.
    pub bytes: Option<Vec<u8>>,
    /// The last part of its object's name, when its bytes lie in object storage.
    pub object: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = contents)]
struct ContentRow {
    tenant_id: String,
    id: Vec<u8>,
    size: i64,
    quick_xor: Vec<u8>,
    manifest: Vec<u8>,
    created_at: i64,
    chunks_listed: i64,
    hash_at: i64,
}

#[derive(Insertable)]
#[diesel(table_name = content_chunks)]
struct ContentChunkRow {
    tenant_id: String,
    chunk_id: Vec<u8>,
    content_id: Vec<u8>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = chunks)]
struct ChunkRow {
    tenant_id: String,
    id: Vec<u8>,
    length: i64,
    quick_xor: Vec<u8>,
    created_at: i64,
    bytes: Option<Vec<u8>>,
    object: Option<String>,
}

impl<M> Contents<'_, M> {
    /// Finds a content.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, content: &[u8; 32]) -> Result<Option<StoredContent>, StorageError> {
        let query = contents::table.find((self.0.tenant.to_string(), content.as_slice()));
        let row: Option<ContentRow> =
            on!(self.0, connection => query.select(ContentRow::as_select()).first(connection).optional())?;
        row.map(|row| {
            Ok(StoredContent {
                id: hash("contents", "id", row.id)?,
                size: size("contents", "size", row.size)?,
                quick_xor: hash("contents", "quick_xor", row.quick_xor)?,
                manifest: row.manifest,
            })
        })
        .transpose()
    }

    /// Finds which chunks are stored, without their bytes.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_chunks(
        &mut self,
        wanted: &[[u8; 32]],
    ) -> Result<BTreeMap<[u8; 32], StoredChunk>, StorageError> {
        let mut found = BTreeMap::new();
        for wanted in wanted.chunks(BATCH) {
            let wanted: Vec<&[u8]> = wanted.iter().map(<[u8; 32]>::as_slice).collect();
            let query = chunks::table
                .filter(chunks::tenant_id.eq(self.0.tenant.to_string()))
                .filter(chunks::id.eq_any(wanted))
                .select((chunks::id, chunks::length, chunks::quick_xor, chunks::object));
            let rows: Vec<ChunkFacts> = on!(self.0, connection => query.load(connection))?;
            for (id, length, quick_xor, object) in rows {
                let id = hash("chunks", "id", id)?;
                let length = size("chunks", "length", length)?;
                let quick_xor = hash("chunks", "quick_xor", quick_xor)?;
                found.insert(id, StoredChunk { id, length, quick_xor, bytes: None, object });
            }
        }
        Ok(found)
    }

    /// Loads one chunk with its bytes, where the database holds them.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_chunk(&mut self, chunk: &[u8; 32]) -> Result<Option<StoredChunk>, StorageError> {
        let query = chunks::table.find((self.0.tenant.to_string(), chunk.as_slice()));
        let row: Option<ChunkRow> =
            on!(self.0, connection => query.select(ChunkRow::as_select()).first(connection).optional())?;
        row.map(|row| {
            Ok(StoredChunk {
                id: hash("chunks", "id", row.id)?,
                length: size("chunks", "length", row.length)?,
                quick_xor: hash("chunks", "quick_xor", row.quick_xor)?,
                bytes: row.bytes,
                object: row.object,
            })
        })
        .transpose()
    }
}

impl Contents<'_, Writing> {
    /// Stores a content and which chunks it consists of; one that is there already stays and is in use again.
    ///
    /// # Errors
    /// A storage error, also when a chunk does not exist.
    pub fn create(
        &mut self,
        content: &StoredContent,
        chunks: &[[u8; 32]],
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let row = ContentRow {
            tenant_id: self.0.tenant.to_string(),
            id: content.id.to_vec(),
            size: stored_size(content.size),
            quick_xor: content.quick_xor.to_vec(),
            manifest: content.manifest.clone(),
            created_at: micros(at),
            chunks_listed: 1,
            hash_at: micros(at),
        };
        loop {
            let insert = diesel::insert_into(contents::table).values(&row).on_conflict_do_nothing();
            if on!(self.0, connection => insert.execute(connection))? == 1 {
                return self.create_chunk_list(&content.id, chunks);
            }
            let reuse = diesel::update(contents::table.find((&row.tenant_id, &row.id)))
                .set(contents::unused_since.eq(None::<i64>));
            // None was updated: it was forgotten as garbage between the two statements.
            if on!(self.0, connection => reuse.execute(connection))? == 1 {
                return Ok(());
            }
        }
    }

    /// Stores which chunks a content consists of.
    pub(super) fn create_chunk_list(
        &mut self,
        content: &[u8; 32],
        chunks: &[[u8; 32]],
    ) -> Result<(), StorageError> {
        let distinct: BTreeSet<&[u8; 32]> = chunks.iter().collect();
        let rows: Vec<ContentChunkRow> = distinct
            .into_iter()
            .map(|chunk| ContentChunkRow {
                tenant_id: self.0.tenant.to_string(),
                chunk_id: chunk.to_vec(),
                content_id: content.to_vec(),
            })
            .collect();
        for rows in rows.chunks(BATCH) {
            let insert = diesel::insert_into(content_chunks::table).values(rows);
            on!(self.0, connection => insert.execute(connection))?;
        }
        Ok(())
    }

    /// Stores a chunk. One that is there already stays, unless it was found damaged: then it is replaced. Returns the
    /// object that is not needed because of that, the given one or the damaged one.
    ///
    /// # Errors
    /// A storage error.
    pub fn create_chunk(
        &mut self,
        chunk: StoredChunk,
        at: Timestamp,
    ) -> Result<Option<String>, StorageError> {
        let row = ChunkRow {
            tenant_id: self.0.tenant.to_string(),
            id: chunk.id.to_vec(),
            length: stored_size(chunk.length),
            quick_xor: chunk.quick_xor.to_vec(),
            created_at: micros(at),
            bytes: chunk.bytes,
            object: chunk.object,
        };
        // Writing the row also takes it, so that nobody forgets it as garbage before this transaction ends.
        let insert = diesel::insert_into(chunks::table)
            .values(&row)
            .on_conflict((chunks::tenant_id, chunks::id))
            .do_update()
            .set(chunks::length.eq(excluded(chunks::length)))
            .returning((chunks::object, chunks::created_at));
        let stored: (Option<String>, i64) = on!(self.0, connection => insert.get_result(connection))?;
        if stored == (row.object.clone(), row.created_at) {
            return Ok(None);
        }
        let mended =
            diesel::delete(damaged_chunks::table.find((self.0.tenant.to_string(), chunk.id.as_slice())));
        if on!(self.0, connection => mended.execute(connection))? == 0 {
            return Ok(row.object);
        }
        let replace = diesel::update(chunks::table.find((&row.tenant_id, &row.id)))
            .set((chunks::bytes.eq(&row.bytes), chunks::object.eq(&row.object)));
        on!(self.0, connection => replace.execute(connection))?;
        Ok(stored.0.filter(|old| Some(old) != row.object.as_ref()))
    }
}
