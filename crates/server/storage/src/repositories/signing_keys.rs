//! The cloud's signing keys; read through the operator's context only.

use diesel::prelude::*;
use model::SigningKey;

use crate::connection::on;
use crate::convert::{micros, time};
use crate::schema::identity::signing_keys;
use crate::{OperatorScope, StorageError, Writing};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys)]
struct Row {
    position: i64,
    key_id: String,
    private_key: Vec<u8>,
    created_at: i64,
}

impl Row {
    fn into_key(self) -> Result<SigningKey, StorageError> {
        const TABLE: &str = "signing_keys";
        let private = self
            .private_key
            .try_into()
            .map_err(|_| StorageError::Corrupt { table: TABLE, column: "private_key" })?;
        Ok(SigningKey { id: self.key_id, private, created: time(TABLE, "created_at", self.created_at)? })
    }
}

impl<M> OperatorScope<'_, M> {
    /// Lists the cloud's signing keys, oldest first; the last one signs.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_signing_keys(&mut self) -> Result<Vec<SigningKey>, StorageError> {
        let query = signing_keys::table.order(signing_keys::position);
        let rows: Vec<Row> = on!(self, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_key).collect()
    }
}

impl OperatorScope<'_, Writing> {
    /// Lists the cloud's signing keys, storing `fresh` as the first when there is none yet. Two processes that start
    /// at once agree on one key, because its position is taken once.
    ///
    /// # Errors
    /// A storage error.
    pub fn load_or_create_signing_keys(
        &mut self,
        fresh: &SigningKey,
    ) -> Result<Vec<SigningKey>, StorageError> {
        let keys = self.list_signing_keys()?;
        if !keys.is_empty() {
            return Ok(keys);
        }
        let row = Row {
            position: 1,
            key_id: fresh.id.clone(),
            private_key: fresh.private.to_vec(),
            created_at: micros(fresh.created),
        };
        let insert = diesel::insert_into(signing_keys::table).values(&row).on_conflict_do_nothing();
        on!(self, connection => insert.execute(connection))?;
        self.list_signing_keys()
    }
}
