//! Secrets of the cloud itself, made once and kept.

use diesel::prelude::*;

use crate::connection::on;
use crate::context::OperatorScope;
use crate::schema::directory::cloud_secrets;
use crate::{StorageError, Writing};

impl<M> OperatorScope<'_, M> {
    /// Finds a secret by its name.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_secret(&mut self, name: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let query = cloud_secrets::table.find(name).select(cloud_secrets::value);
        Ok(on!(self, connection => query.first(connection).optional())?)
    }
}

impl OperatorScope<'_, Writing> {
    /// Returns the secret of this name, storing `fresh` when there is none yet.
    ///
    /// # Errors
    /// A storage error.
    pub fn load_or_create_secret(&mut self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StorageError> {
        let row = (cloud_secrets::name.eq(name), cloud_secrets::value.eq(fresh));
        let insert = diesel::insert_into(cloud_secrets::table).values(row).on_conflict_do_nothing();
        on!(self, connection => insert.execute(connection))?;
        self.find_secret(name)?
            .ok_or_else(|| StorageError::NotFound { table: "cloud_secrets", id: name.to_owned() })
    }
}
