//! SHA-256 of contents. A content without one waits in its own row: nothing else has to be queued, lost or repeated.

use std::collections::BTreeMap;

use diesel::prelude::*;
use model::{TenantId, Timestamp};

use super::contents::BATCH;
use super::item_rows::{hash, size};
use crate::connection::on;
use crate::context::OperatorScope;
use crate::convert::{id, micros};
use crate::schema::items::contents;
use crate::{Scope, StorageError, Writing};

/// A content whose SHA-256 is not made yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnhashedContent {
    /// The tenant.
    pub tenant: TenantId,
    /// The content.
    pub id: [u8; 32],
    /// Length in bytes.
    pub size: u64,
}

/// SHA-256 of the contents of a scope's tenant.
pub struct ContentHashes<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the hashes of the tenant's contents.
    pub fn content_hashes(&mut self) -> ContentHashes<'_, M> {
        ContentHashes(self.reborrow())
    }
}

impl<M> ContentHashes<'_, M> {
    /// Lists the SHA-256 of those of some contents that have one.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self, wanted: &[[u8; 32]]) -> Result<BTreeMap<[u8; 32], [u8; 32]>, StorageError> {
        let mut found = BTreeMap::new();
        for wanted in wanted.chunks(BATCH) {
            let wanted: Vec<&[u8]> = wanted.iter().map(<[u8; 32]>::as_slice).collect();
            let query = contents::table
                .filter(contents::tenant_id.eq(self.0.tenant.to_string()))
                .filter(contents::id.eq_any(wanted))
                .filter(contents::sha256.is_not_null())
                .select((contents::id, contents::sha256.assume_not_null()));
            let rows: Vec<(Vec<u8>, Vec<u8>)> = on!(self.0, connection => query.load(connection))?;
            for (content, sha256) in rows {
                found.insert(hash("contents", "id", content)?, hash("contents", "sha256", sha256)?);
            }
        }
        Ok(found)
    }
}

impl ContentHashes<'_, Writing> {
    /// Stores the SHA-256 of a content, when it is still there.
    ///
    /// # Errors
    /// A storage error.
    pub fn update(&mut self, content: &[u8; 32], sha256: &[u8; 32]) -> Result<(), StorageError> {
        let key = (self.0.tenant.to_string(), content.as_slice());
        let update = diesel::update(contents::table.find(key)).set(contents::sha256.eq(sha256.as_slice()));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Says that a content's SHA-256 is not to be tried before a time.
    ///
    /// # Errors
    /// A storage error.
    pub fn postpone(&mut self, content: &[u8; 32], to: Timestamp) -> Result<(), StorageError> {
        let key = (self.0.tenant.to_string(), content.as_slice());
        let update = diesel::update(contents::table.find(key)).set(contents::hash_at.eq(micros(to)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}

impl<M> OperatorScope<'_, M> {
    /// Lists contents of all tenants whose SHA-256 was due before a time, oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_unhashed_contents(
        &mut self,
        before: Timestamp,
        most: i64,
    ) -> Result<Vec<UnhashedContent>, StorageError> {
        let query = contents::table
            .filter(contents::sha256.is_null())
            .filter(contents::hash_at.le(micros(before)))
            .order((contents::hash_at, contents::tenant_id, contents::id))
            .limit(most)
            .select((contents::tenant_id, contents::id, contents::size));
        let rows: Vec<(String, Vec<u8>, i64)> = on!(self, connection => query.load(connection))?;
        let rows = rows.into_iter().map(|(tenant, content, length)| {
            Ok(UnhashedContent {
                tenant: id("contents", "tenant_id", &tenant)?,
                id: hash("contents", "id", content)?,
                size: size("contents", "size", length)?,
            })
        });
        rows.collect()
    }
}
