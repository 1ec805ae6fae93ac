//! Authorization codes, kept after use so that a second use is recognised.

use diesel::prelude::*;
use model::{AuthorizationCode, FamilyId, HomeAccount, SecretHash, Timestamp};

use crate::connection::on;
use crate::convert::{id, maybe_id, maybe_time, micros, secret_hash, time};
use crate::schema::identity::authorization_codes;
use crate::{OperatorScope, Scope, StorageError, Writing};

/// The codes issued to a scope's members.
pub struct AuthorizationCodes<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the codes issued to the tenant's members.
    pub fn authorization_codes(&mut self) -> AuthorizationCodes<'_, M> {
        AuthorizationCodes(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = authorization_codes)]
struct Row {
    code_hash: Vec<u8>,
    tenant_id: String,
    user_id: String,
    resource_tenant_id: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    nonce: Option<String>,
    challenge: Option<String>,
    expires_at: i64,
    spent_at: Option<i64>,
    family_id: Option<String>,
}

impl Row {
    fn into_code(self) -> Result<AuthorizationCode, StorageError> {
        const TABLE: &str = "authorization_codes";
        Ok(AuthorizationCode {
            code: secret_hash(TABLE, "code_hash", &self.code_hash)?,
            home: HomeAccount {
                tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
                user: id(TABLE, "user_id", &self.user_id)?,
            },
            resource: id(TABLE, "resource_tenant_id", &self.resource_tenant_id)?,
            client: self.client_id,
            redirect_uri: self.redirect_uri,
            scope: self.scope,
            nonce: self.nonce,
            challenge: self.challenge,
            expires: time(TABLE, "expires_at", self.expires_at)?,
            spent: maybe_time(TABLE, "spent_at", self.spent_at)?,
            family: maybe_id(TABLE, "family_id", self.family_id)?,
        })
    }
}

impl<M> AuthorizationCodes<'_, M> {
    /// Finds a code, also one that ended or was spent.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, code: SecretHash) -> Result<Option<AuthorizationCode>, StorageError> {
        let query = authorization_codes::table
            .filter(authorization_codes::code_hash.eq(code.0.as_slice()))
            .filter(authorization_codes::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_code).transpose()
    }
}

impl AuthorizationCodes<'_, Writing> {
    /// Keeps a fresh code. Its home tenant must be the scope's.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, code: &AuthorizationCode) -> Result<(), StorageError> {
        let row = Row {
            code_hash: code.code.0.to_vec(),
            tenant_id: self.0.tenant.to_string(),
            user_id: code.home.user.to_string(),
            resource_tenant_id: code.resource.to_string(),
            client_id: code.client.clone(),
            redirect_uri: code.redirect_uri.clone(),
            scope: code.scope.clone(),
            nonce: code.nonce.clone(),
            challenge: code.challenge.clone(),
            expires_at: micros(code.expires),
            spent_at: code.spent.map(micros),
            family_id: code.family.map(|family| family.to_string()),
        };
        let insert = diesel::insert_into(authorization_codes::table).values(&row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Spends a code; returns whether this call was the one that spent it.
    ///
    /// # Errors
    /// A storage error.
    pub fn spend(
        &mut self,
        code: SecretHash,
        at: Timestamp,
        family: Option<FamilyId>,
    ) -> Result<bool, StorageError> {
        let update = diesel::update(authorization_codes::table)
            .filter(authorization_codes::code_hash.eq(code.0.as_slice()))
            .filter(authorization_codes::tenant_id.eq(self.0.tenant.to_string()))
            .filter(authorization_codes::spent_at.is_null())
            .set((
                authorization_codes::spent_at.eq(micros(at)),
                authorization_codes::family_id.eq(family.map(|family| family.to_string())),
            ));
        Ok(on!(self.0, connection => update.execute(connection))? == 1)
    }
}

impl OperatorScope<'_, Writing> {
    /// Removes the codes of all tenants that ended before `now`.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_expired_authorization_codes(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let delete = diesel::delete(
            authorization_codes::table.filter(authorization_codes::expires_at.lt(micros(now))),
        );
        on!(self, connection => delete.execute(connection))?;
        Ok(())
    }
}
