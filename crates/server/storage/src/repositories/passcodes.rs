//! One-time codes and the browsers in which one was given. Of either only a hash is kept.

use diesel::prelude::*;
use model::{LinkId, Passcode, PasscodeSession, SecretHash, Timestamp};

use crate::connection::on;
use crate::convert::{id, micros, secret_hash, time};
use crate::schema::links::{passcode_sessions, passcodes};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "passcodes";

/// The codes and code sessions of a scope's tenant.
pub struct Passcodes<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's codes and the sessions they began.
    pub fn passcodes(&mut self) -> Passcodes<'_, M> {
        Passcodes(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = passcodes, treat_none_as_null = true, primary_key(link_id, address_key))]
struct Row {
    tenant_id: String,
    link_id: String,
    address_key: String,
    code_hash: Option<Vec<u8>>,
    expires_at: i64,
    attempts: i64,
    sent: i64,
    counted_since: i64,
}

impl<M> Passcodes<'_, M> {
    /// Finds the newest code of an address at a link, also one that ended.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, link: LinkId, address: &str) -> Result<Option<Passcode>, StorageError> {
        let query = passcodes::table
            .find((link.to_string(), address))
            .filter(passcodes::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        let Some(row) = row else { return Ok(None) };
        let code = row.code_hash.map(|hash| secret_hash(TABLE, "code_hash", &hash)).transpose()?;
        Ok(Some(Passcode {
            code,
            expires: time(TABLE, "expires_at", row.expires_at)?,
            attempts: row.attempts,
            sent: row.sent,
            counted_since: time(TABLE, "counted_since", row.counted_since)?,
        }))
    }

    /// Finds a session, also one that ended.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_session(&mut self, token: SecretHash) -> Result<Option<PasscodeSession>, StorageError> {
        const TABLE: &str = "passcode_sessions";
        let query = passcode_sessions::table
            .find(token.0.to_vec())
            .filter(passcode_sessions::tenant_id.eq(self.0.tenant.to_string()))
            .select((
                passcode_sessions::tenant_id,
                passcode_sessions::address_key,
                passcode_sessions::expires_at,
            ));
        let row: Option<(String, String, i64)> =
            on!(self.0, connection => query.first(connection).optional())?;
        let Some((tenant, address, expires)) = row else { return Ok(None) };
        Ok(Some(PasscodeSession {
            token,
            tenant: id(TABLE, "tenant_id", &tenant)?,
            address,
            expires: time(TABLE, "expires_at", expires)?,
        }))
    }
}

impl Passcodes<'_, Writing> {
    /// Keeps the newest code of an address at a link, in place of the one before.
    ///
    /// # Errors
    /// A storage error.
    pub fn put(&mut self, link: LinkId, address: &str, code: &Passcode) -> Result<(), StorageError> {
        let row = Row {
            tenant_id: self.0.tenant.to_string(),
            link_id: link.to_string(),
            address_key: address.to_owned(),
            code_hash: code.code.map(|hash| hash.0.to_vec()),
            expires_at: micros(code.expires),
            attempts: code.attempts,
            sent: code.sent,
            counted_since: micros(code.counted_since),
        };
        let insert = diesel::insert_into(passcodes::table)
            .values(&row)
            .on_conflict((passcodes::link_id, passcodes::address_key))
            .do_update()
            .set(&row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Begins a session. Its tenant must be the scope's.
    ///
    /// # Errors
    /// A storage error.
    pub fn create_session(&mut self, session: &PasscodeSession) -> Result<(), StorageError> {
        let row = (
            passcode_sessions::token_hash.eq(session.token.0.to_vec()),
            passcode_sessions::tenant_id.eq(self.0.tenant.to_string()),
            passcode_sessions::address_key.eq(&session.address),
            passcode_sessions::expires_at.eq(micros(session.expires)),
        );
        let insert = diesel::insert_into(passcode_sessions::table).values(row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }
}

impl crate::OperatorScope<'_, Writing> {
    /// Removes the codes and code sessions of all tenants that ended before `now`.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_expired_passcodes(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let codes = diesel::delete(passcodes::table.filter(passcodes::expires_at.lt(micros(now))));
        on!(self, connection => codes.execute(connection))?;
        let ended = passcode_sessions::expires_at.lt(micros(now));
        let sessions = diesel::delete(passcode_sessions::table.filter(ended));
        on!(self, connection => sessions.execute(connection))?;
        Ok(())
    }
}
