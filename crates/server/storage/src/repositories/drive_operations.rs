//! Answered operations: a repeat gets the first answer. Stored in the transaction of the change.

use diesel::prelude::*;
use model::{Timestamp, UserId};

use super::item_rows::hash;
use crate::connection::on;
use crate::context::OperatorScope;
use crate::convert::micros;
use crate::schema::items::drive_operations;
use crate::{Scope, StorageError, Writing};

/// The answered operations of a scope's tenant.
pub struct DriveOperations<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's answered operations.
    pub fn drive_operations(&mut self) -> DriveOperations<'_, M> {
        DriveOperations(self.reborrow())
    }
}

/// An answered operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOperation {
    /// Hash of what was asked, which a repeat must equal.
    pub digest: [u8; 32],
    /// The answer, in the form `drive` gave it.
    pub outcome: String,
}

impl<M> DriveOperations<'_, M> {
    /// Finds a person's operation by its id.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, user: UserId, operation: &str) -> Result<Option<StoredOperation>, StorageError> {
        let query = drive_operations::table
            .find((self.0.tenant.to_string(), user.to_string(), operation))
            .select((drive_operations::digest, drive_operations::outcome));
        let row: Option<(Vec<u8>, String)> = on!(self.0, connection => query.first(connection).optional())?;
        row.map(|(digest, outcome)| {
            Ok(StoredOperation { digest: hash("drive_operations", "digest", digest)?, outcome })
        })
        .transpose()
    }
}

impl DriveOperations<'_, Writing> {
    /// Stores the answer to an operation.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the id was answered before.
    pub fn create(
        &mut self,
        user: UserId,
        operation: &str,
        stored: &StoredOperation,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let row = (
            drive_operations::tenant_id.eq(self.0.tenant.to_string()),
            drive_operations::user_id.eq(user.to_string()),
            drive_operations::operation.eq(operation),
            drive_operations::digest.eq(stored.digest.as_slice()),
            drive_operations::outcome.eq(&stored.outcome),
            drive_operations::at.eq(micros(at)),
        );
        let insert = diesel::insert_into(drive_operations::table).values(row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }
}

impl OperatorScope<'_, Writing> {
    /// Forgets answers of all tenants that are older than a time, the oldest first and about `most` of them. Returns
    /// how many; none when no older ones are left.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_operations_before(&mut self, before: Timestamp, most: i64) -> Result<usize, StorageError> {
        let oldest = drive_operations::table
            .filter(drive_operations::at.lt(micros(before)))
            .order(drive_operations::at)
            .select(drive_operations::at)
            .limit(most);
        let oldest: Vec<i64> = on!(self, connection => oldest.load(connection))?;
        let Some(last) = oldest.last() else { return Ok(0) };
        let delete = diesel::delete(drive_operations::table.filter(drive_operations::at.le(last)));
        Ok(on!(self, connection => delete.execute(connection))?)
    }
}
