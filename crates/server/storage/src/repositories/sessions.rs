//! Browser sessions, known by the hash of their cookie.

use diesel::prelude::*;
use model::{SecretHash, Session, Timestamp, UserId};

use crate::connection::on;
use crate::convert::{id, micros, secret_hash, time};
use crate::schema::identity::sessions;
use crate::{Scope, StorageError, Writing};

/// The browser sessions of a scope's members.
pub struct Sessions<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the sessions of the tenant's members.
    pub fn sessions(&mut self) -> Sessions<'_, M> {
        Sessions(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
struct Row {
    token_hash: Vec<u8>,
    tenant_id: String,
    user_id: String,
    created_at: i64,
    expires_at: i64,
}

impl Row {
    fn into_session(self) -> Result<Session, StorageError> {
        const TABLE: &str = "sessions";
        Ok(Session {
            token: secret_hash(TABLE, "token_hash", &self.token_hash)?,
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            user: id(TABLE, "user_id", &self.user_id)?,
            created: time(TABLE, "created_at", self.created_at)?,
            expires: time(TABLE, "expires_at", self.expires_at)?,
        })
    }
}

impl<M> Sessions<'_, M> {
    /// Finds a session, also one that ended.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, token: SecretHash) -> Result<Option<Session>, StorageError> {
        let query = sessions::table
            .filter(sessions::token_hash.eq(token.0.as_slice()))
            .filter(sessions::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_session).transpose()
    }

    /// Lists a person's sessions that go on.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of(&mut self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StorageError> {
        let query = sessions::table
            .filter(sessions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sessions::user_id.eq(user.to_string()))
            .filter(sessions::expires_at.gt(micros(now)))
            .order(sessions::created_at);
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_session).collect()
    }
}

impl Sessions<'_, Writing> {
    /// Starts a session. Its tenant must be the scope's.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, session: &Session) -> Result<(), StorageError> {
        let row = Row {
            token_hash: session.token.0.to_vec(),
            tenant_id: self.0.tenant.to_string(),
            user_id: session.user.to_string(),
            created_at: micros(session.created),
            expires_at: micros(session.expires),
        };
        on!(self.0, connection => diesel::insert_into(sessions::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Ends a session; ending it again is fine.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, token: SecretHash) -> Result<(), StorageError> {
        let delete = diesel::delete(sessions::table.filter(sessions::token_hash.eq(token.0.as_slice())))
            .filter(sessions::tenant_id.eq(self.0.tenant.to_string()));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }
}

impl crate::OperatorScope<'_, Writing> {
    /// Removes the sessions of all tenants that ended before `now`.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_expired_sessions(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let delete = diesel::delete(sessions::table.filter(sessions::expires_at.lt(micros(now))));
        on!(self, connection => delete.execute(connection))?;
        Ok(())
    }
}
