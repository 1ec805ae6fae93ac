//! Garbage: contents nothing refers to and chunks nothing counts on. What is judged here is judged again, with the rows
//! taken, in the transaction that forgets them; and the database itself refuses to forget what is referenced.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use model::Timestamp;

use super::content_references::used;
use super::item_rows::hash;
use crate::connection::{Connection, on};
use crate::convert::{maybe_time, micros};
use crate::schema::items::{chunks, content_chunks, contents, damaged_chunks, doomed_objects, upload_chunks};
use crate::{Scope, StorageError, Writing};

/// The garbage of a scope's tenant.
pub struct Garbage<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's garbage.
    pub fn garbage(&mut self) -> Garbage<'_, M> {
        Garbage(self.reborrow())
    }
}

/// A content and whether something refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentUse {
    /// The content.
    pub id: [u8; 32],
    /// Since when it is known that nothing refers to it.
    pub unused_since: Option<Timestamp>,
    /// Whether something refers to it now.
    pub used: bool,
    /// Its manifest, where it was asked for.
    pub manifest: Vec<u8>,
}

/// A content whose chunks were never listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlistedContent {
    /// The content.
    pub id: [u8; 32],
    /// Its manifest.
    pub manifest: Vec<u8>,
}

/// A chunk that was forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgottenChunk {
    /// The chunk.
    pub id: [u8; 32],
    /// The last part of its object's name, when its bytes were in object storage.
    pub object: Option<String>,
}

/// A chunk and whether something counts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkUse {
    /// The chunk.
    pub id: [u8; 32],
    /// Whether a content consists of it or an upload counts on it.
    pub used: bool,
}

#[derive(QueryableByName)]
struct ContentRow {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
    #[diesel(sql_type = Nullable<BigInt>)]
    unused_since: Option<i64>,
    #[diesel(sql_type = BigInt)]
    used: i64,
    #[diesel(sql_type = Binary)]
    manifest: Vec<u8>,
}

#[derive(QueryableByName)]
struct ChunkRow {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    used: i64,
}

impl ContentRow {
    fn into_use(self) -> Result<ContentUse, StorageError> {
        Ok(ContentUse {
            id: hash("contents", "id", self.id)?,
            unused_since: maybe_time("contents", "unused_since", self.unused_since)?,
            used: self.used != 0,
            manifest: self.manifest,
        })
    }
}

impl<M> Garbage<'_, M> {
    /// Lists contents after an id, without their manifests.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_contents(&mut self, after: &[u8], most: i64) -> Result<Vec<ContentUse>, StorageError> {
        let empty = self.text("x''", "'\\x'::bytea");
        let text = format!(
            "SELECT id, unused_since, {} AS used, {empty} AS manifest FROM contents \
              WHERE tenant_id = {} AND id > {} ORDER BY id LIMIT {most}",
            used(),
            self.text("?", "$1"),
            self.text("?", "$2")
        );
        self.load_contents(text, after)
    }

    /// Lists chunks after an id.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_chunks(&mut self, after: &[u8], most: i64) -> Result<Vec<ChunkUse>, StorageError> {
        let counts_on = |table: &str| {
            format!(
                "EXISTS (SELECT 1 FROM {table} WHERE {table}.tenant_id = chunks.tenant_id \
                 AND {table}.chunk_id = chunks.id)"
            )
        };
        let text = format!(
            "SELECT id, CAST(CASE WHEN {} OR {} THEN 1 ELSE 0 END AS BIGINT) AS used FROM chunks \
              WHERE tenant_id = {} AND id > {} ORDER BY id LIMIT {most}",
            counts_on("content_chunks"),
            counts_on("upload_chunks"),
            self.text("?", "$1"),
            self.text("?", "$2")
        );
        let query = diesel::sql_query(text)
            .bind::<Text, _>(self.0.tenant.to_string())
            .bind::<Binary, _>(after.to_vec());
        let rows: Vec<ChunkRow> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter()
            .map(|row| Ok(ChunkUse { id: hash("chunks", "id", row.id)?, used: row.used != 0 }))
            .collect()
    }

    /// Lists contents, with their manifests, whose chunks were never listed. While there are any, no chunk is garbage.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_unlisted(&mut self, most: i64) -> Result<Vec<UnlistedContent>, StorageError> {
        let query = contents::table
            .filter(contents::tenant_id.eq(self.0.tenant.to_string()))
            .filter(contents::chunks_listed.eq(0))
            .limit(most)
            .select((contents::id, contents::manifest));
        let rows: Vec<(Vec<u8>, Vec<u8>)> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter()
            .map(|(id, manifest)| Ok(UnlistedContent { id: hash("contents", "id", id)?, manifest }))
            .collect()
    }

    /// Lists objects to be removed.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_doomed(&mut self, most: i64) -> Result<Vec<String>, StorageError> {
        let query = doomed_objects::table
            .filter(doomed_objects::tenant_id.eq(self.0.tenant.to_string()))
            .order(doomed_objects::place)
            .limit(most)
            .select(doomed_objects::place);
        Ok(on!(self.0, connection => query.load(connection))?)
    }

    fn text(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match &self.0.connection {
            Connection::Sqlite(_) => sqlite,
            Connection::Postgres(_) => postgres,
        }
    }

    fn load_contents(&mut self, text: String, id: &[u8]) -> Result<Vec<ContentUse>, StorageError> {
        let query =
            diesel::sql_query(text).bind::<Text, _>(self.0.tenant.to_string()).bind::<Binary, _>(id.to_vec());
        let rows: Vec<ContentRow> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter().map(ContentRow::into_use).collect()
    }
}

impl Garbage<'_, Writing> {
    /// Takes contents, so that nothing can begin to refer to them, and judges them. What somebody else holds is left out.
    ///
    /// # Errors
    /// A storage error.
    pub fn take_contents(&mut self, ids: &[[u8; 32]]) -> Result<Vec<ContentUse>, StorageError> {
        let text = format!(
            "SELECT id, unused_since, {} AS used, manifest FROM contents WHERE tenant_id = {} AND id = {}",
            used(),
            self.text("?", "$1"),
            self.text("?", "$2")
        );
        let mut taken = Vec::new();
        for id in ids {
            let row = contents::table.find((self.0.tenant.to_string(), id.as_slice())).select(contents::size);
            let row: Option<i64> = match &mut *self.0.connection {
                // Nobody else writes meanwhile.
                Connection::Sqlite(connection) => row.first(connection).optional()?,
                Connection::Postgres(connection) => {
                    let connection: &mut PgConnection = connection;
                    row.for_update().skip_locked().first(connection).optional()?
                }
            };
            if row.is_some() {
                // A statement of its own: it sees what was committed while the row was waited for.
                taken.extend(self.load_contents(text.clone(), id)?);
            }
        }
        Ok(taken)
    }

    /// Notes since when a content is unused, or that it is in use.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_unused(&mut self, id: &[u8; 32], since: Option<Timestamp>) -> Result<(), StorageError> {
        let update = diesel::update(contents::table.find((self.0.tenant.to_string(), id.as_slice())))
            .set(contents::unused_since.eq(since.map(micros)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Forgets a content and which chunks it consists of.
    ///
    /// # Errors
    /// A storage error, also when something refers to the content.
    pub fn delete_content(&mut self, id: &[u8; 32], chunks: &[[u8; 32]]) -> Result<(), StorageError> {
        let tenant = self.0.tenant.to_string();
        for chunk in chunks {
            let key = (&tenant, chunk.as_slice(), id.as_slice());
            let delete = diesel::delete(content_chunks::table.find(key));
            on!(self.0, connection => delete.execute(connection))?;
        }
        let delete = diesel::delete(contents::table.find((&tenant, id.as_slice())));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }

    /// Stores the chunks of a content whose chunks were never listed.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_chunks_of(&mut self, id: &[u8; 32], chunks: &[[u8; 32]]) -> Result<(), StorageError> {
        let update = diesel::update(contents::table.find((self.0.tenant.to_string(), id.as_slice())))
            .filter(contents::chunks_listed.eq(0))
            .set(contents::chunks_listed.eq(1));
        if on!(self.0, connection => update.execute(connection))? == 1 {
            self.0.contents().create_chunk_list(id, chunks)?;
        }
        Ok(())
    }

    /// Forgets those of the chunks that nothing counts on; returns them with the last part of their object's name.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_chunks(&mut self, ids: &[[u8; 32]]) -> Result<Vec<ForgottenChunk>, StorageError> {
        let tenant = self.0.tenant.to_string();
        let wanted: Vec<&[u8]> = ids.iter().map(<[u8; 32]>::as_slice).collect();
        let those = chunks::table.filter(chunks::tenant_id.eq(&tenant)).filter(chunks::id.eq_any(&wanted));
        if let Connection::Postgres(connection) = &mut *self.0.connection {
            let connection: &mut PgConnection = connection;
            let taken: Vec<Vec<u8>> =
                those.clone().select(chunks::id).for_update().skip_locked().load(connection)?;
            let taken =
                taken.into_iter().map(|id| hash("chunks", "id", id)).collect::<Result<Vec<_>, _>>()?;
            if taken.len() < ids.len() {
                return if taken.is_empty() { Ok(Vec::new()) } else { self.delete_chunks(&taken) };
            }
        }
        let listed = content_chunks::table
            .filter(content_chunks::tenant_id.eq(chunks::tenant_id))
            .filter(content_chunks::chunk_id.eq(chunks::id));
        let leased = upload_chunks::table
            .filter(upload_chunks::tenant_id.eq(chunks::tenant_id))
            .filter(upload_chunks::chunk_id.eq(chunks::id));
        let delete = diesel::delete(those)
            .filter(diesel::dsl::not(diesel::dsl::exists(listed)))
            .filter(diesel::dsl::not(diesel::dsl::exists(leased)))
            .returning((chunks::id, chunks::object));
        let gone: Vec<(Vec<u8>, Option<String>)> = on!(self.0, connection => delete.load(connection))?;
        let mut deleted = Vec::new();
        for (id, object) in gone {
            let damage = diesel::delete(damaged_chunks::table.find((&tenant, &id)));
            on!(self.0, connection => damage.execute(connection))?;
            deleted.push(ForgottenChunk { id: hash("chunks", "id", id)?, object });
        }
        Ok(deleted)
    }

    /// Notes that an object is to be removed; no chunk may refer to it, now or ever again.
    ///
    /// # Errors
    /// A storage error.
    pub fn doom(&mut self, place: &str) -> Result<(), StorageError> {
        let row = (doomed_objects::tenant_id.eq(self.0.tenant.to_string()), doomed_objects::place.eq(place));
        let insert = diesel::insert_into(doomed_objects::table).values(row).on_conflict_do_nothing();
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Forgets objects that were removed.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_doomed(&mut self, places: &[String]) -> Result<(), StorageError> {
        let delete = diesel::delete(
            doomed_objects::table
                .filter(doomed_objects::tenant_id.eq(self.0.tenant.to_string()))
                .filter(doomed_objects::place.eq_any(places)),
        );
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }
}
