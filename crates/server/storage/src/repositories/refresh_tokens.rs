//! Refresh tokens and their families: one family per client and device, whose tokens die together.

use diesel::prelude::*;
use model::{FamilyId, HomeAccount, Predecessor, RefreshFamily, RefreshToken, SecretHash, Timestamp, UserId};

use crate::connection::on;
use crate::convert::{id, maybe_time, micros, secret_hash, time};
use crate::schema::identity::{refresh_families, refresh_tokens, sign_in_evidence};
use crate::{OperatorScope, Scope, StorageError, Writing};

/// The refresh tokens of a scope's members.
pub struct RefreshTokens<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the refresh tokens of the tenant's members.
    pub fn refresh_tokens(&mut self) -> RefreshTokens<'_, M> {
        RefreshTokens(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_families)]
struct FamilyRow {
    id: String,
    tenant_id: String,
    user_id: String,
    client_id: String,
    scope: String,
    created_at: i64,
    revoked_at: Option<i64>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens)]
struct TokenRow {
    token_hash: Vec<u8>,
    tenant_id: String,
    family_id: String,
    issued_at: i64,
    expires_at: i64,
    replaced_at: Option<i64>,
    predecessor_hash: Option<Vec<u8>>,
    seed: Option<Vec<u8>>,
    superseded_at: Option<i64>,
}

impl FamilyRow {
    fn into_family(self) -> Result<RefreshFamily, StorageError> {
        const TABLE: &str = "refresh_families";
        Ok(RefreshFamily {
            id: id(TABLE, "id", &self.id)?,
            home: HomeAccount {
                tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
                user: id(TABLE, "user_id", &self.user_id)?,
            },
            client: self.client_id,
            scope: self.scope,
            created: time(TABLE, "created_at", self.created_at)?,
            revoked: maybe_time(TABLE, "revoked_at", self.revoked_at)?,
        })
    }
}

impl TokenRow {
    fn into_token(self) -> Result<RefreshToken, StorageError> {
        const TABLE: &str = "refresh_tokens";
        let predecessor = match self.predecessor_hash.zip(self.seed) {
            Some((token, seed)) => Some(Predecessor {
                token: secret_hash(TABLE, "predecessor_hash", &token)?,
                seed: seed.try_into().map_err(|_| StorageError::Corrupt { table: TABLE, column: "seed" })?,
            }),
            None => None,
        };
        Ok(RefreshToken {
            token: secret_hash(TABLE, "token_hash", &self.token_hash)?,
            family: id(TABLE, "family_id", &self.family_id)?,
            issued: time(TABLE, "issued_at", self.issued_at)?,
            expires: time(TABLE, "expires_at", self.expires_at)?,
            replaced: maybe_time(TABLE, "replaced_at", self.replaced_at)?,
            predecessor,
            superseded: maybe_time(TABLE, "superseded_at", self.superseded_at)?,
        })
    }
}

impl<M> RefreshTokens<'_, M> {
    /// Finds a token and its family, also when either ended.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, token: SecretHash) -> Result<Option<(RefreshToken, RefreshFamily)>, StorageError> {
        let query = refresh_tokens::table
            .inner_join(refresh_families::table.on(refresh_families::id.eq(refresh_tokens::family_id)))
            .filter(refresh_tokens::token_hash.eq(token.0.as_slice()))
            .filter(refresh_tokens::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<(TokenRow, FamilyRow)> = on!(self.0, connection =>
            query.select((TokenRow::as_select(), FamilyRow::as_select())).first(connection).optional())?;
        row.map(|(token, family)| Ok((token.into_token()?, family.into_family()?))).transpose()
    }

    /// Finds a family, also one that was revoked.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_family(&mut self, family: FamilyId) -> Result<Option<RefreshFamily>, StorageError> {
        let query = refresh_families::table
            .filter(refresh_families::id.eq(family.to_string()))
            .filter(refresh_families::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<FamilyRow> =
            on!(self.0, connection => query.select(FamilyRow::as_select()).first(connection).optional())?;
        row.map(FamilyRow::into_family).transpose()
    }

    /// Lists a person's families that go on, each with when its newest token was issued.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_families(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<(RefreshFamily, Timestamp)>, StorageError> {
        let query = refresh_tokens::table
            .inner_join(refresh_families::table.on(refresh_families::id.eq(refresh_tokens::family_id)))
            .filter(refresh_families::tenant_id.eq(self.0.tenant.to_string()))
            .filter(refresh_families::user_id.eq(user.to_string()))
            .filter(refresh_families::revoked_at.is_null())
            .filter(refresh_tokens::replaced_at.is_null())
            .filter(refresh_tokens::superseded_at.is_null())
            .filter(refresh_tokens::expires_at.gt(micros(now)))
            .order((refresh_families::created_at, refresh_families::id));
        let rows: Vec<(FamilyRow, i64)> = on!(self.0, connection =>
            query.select((FamilyRow::as_select(), refresh_tokens::issued_at)).load(connection))?;
        let read = |(row, issued): (FamilyRow, i64)| {
            Ok((row.into_family()?, time("refresh_tokens", "issued_at", issued)?))
        };
        rows.into_iter().map(read).collect()
    }

    /// Finds the token that was issued for another and not superseded.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_successor(&mut self, token: SecretHash) -> Result<Option<RefreshToken>, StorageError> {
        let query = refresh_tokens::table
            .filter(refresh_tokens::predecessor_hash.eq(token.0.as_slice()))
            .filter(refresh_tokens::superseded_at.is_null())
            .filter(refresh_tokens::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<TokenRow> =
            on!(self.0, connection => query.select(TokenRow::as_select()).first(connection).optional())?;
        row.map(TokenRow::into_token).transpose()
    }
}

impl RefreshTokens<'_, Writing> {
    /// Starts a family. Its home tenant must be the scope's.
    ///
    /// # Errors
    /// A storage error.
    pub fn create_family(&mut self, family: &RefreshFamily) -> Result<(), StorageError> {
        let row = FamilyRow {
            id: family.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            user_id: family.home.user.to_string(),
            client_id: family.client.clone(),
            scope: family.scope.clone(),
            created_at: micros(family.created),
            revoked_at: None,
        };
        let insert = diesel::insert_into(refresh_families::table).values(&row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Keeps a fresh token.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, token: &RefreshToken) -> Result<(), StorageError> {
        let row = TokenRow {
            token_hash: token.token.0.to_vec(),
            tenant_id: self.0.tenant.to_string(),
            family_id: token.family.to_string(),
            issued_at: micros(token.issued),
            expires_at: micros(token.expires),
            replaced_at: token.replaced.map(micros),
            predecessor_hash: token.predecessor.map(|predecessor| predecessor.token.0.to_vec()),
            seed: token.predecessor.map(|predecessor| predecessor.seed.to_vec()),
            superseded_at: token.superseded.map(micros),
        };
        on!(self.0, connection => diesel::insert_into(refresh_tokens::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Makes other transactions that lock the family wait for this one to end.
    ///
    /// # Errors
    /// A storage error.
    pub fn lock_family(&mut self, family: FamilyId) -> Result<(), StorageError> {
        // An update that changes nothing is the one row lock that both databases understand.
        let update = diesel::update(refresh_families::table)
            .filter(refresh_families::id.eq(family.to_string()))
            .filter(refresh_families::tenant_id.eq(self.0.tenant.to_string()))
            .set(refresh_families::revoked_at.eq(refresh_families::revoked_at));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Notes that a newer token was issued for this one.
    ///
    /// # Errors
    /// A storage error.
    pub fn replace(&mut self, token: SecretHash, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(refresh_tokens::table)
            .filter(refresh_tokens::token_hash.eq(token.0.as_slice()))
            .filter(refresh_tokens::tenant_id.eq(self.0.tenant.to_string()))
            .set(refresh_tokens::replaced_at.eq(micros(at)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Notes that another token takes this one's place.
    ///
    /// # Errors
    /// A storage error.
    pub fn supersede(&mut self, token: SecretHash, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(refresh_tokens::table)
            .filter(refresh_tokens::token_hash.eq(token.0.as_slice()))
            .filter(refresh_tokens::tenant_id.eq(self.0.tenant.to_string()))
            .set(refresh_tokens::superseded_at.eq(micros(at)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Revokes a family: none of its tokens works any more.
    ///
    /// # Errors
    /// A storage error.
    pub fn revoke_family(&mut self, family: FamilyId, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(refresh_families::table)
            .filter(refresh_families::id.eq(family.to_string()))
            .filter(refresh_families::tenant_id.eq(self.0.tenant.to_string()))
            .filter(refresh_families::revoked_at.is_null())
            .set(refresh_families::revoked_at.eq(micros(at)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}

impl OperatorScope<'_, Writing> {
    /// Removes the refresh tokens of all tenants that ended before `now`, and families left without any, with what was proven in
    /// them.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_expired_refresh_tokens(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let delete = diesel::delete(refresh_tokens::table.filter(refresh_tokens::expires_at.lt(micros(now))));
        on!(self, connection => delete.execute(connection))?;
        let alive = refresh_tokens::table.select(refresh_tokens::family_id);
        let delete = diesel::delete(refresh_families::table.filter(refresh_families::id.ne_all(alive)));
        on!(self, connection => delete.execute(connection))?;
        let alive = refresh_families::table.select(refresh_families::id);
        let delete = diesel::delete(sign_in_evidence::table)
            .filter(sign_in_evidence::expires_at.is_null())
            .filter(sign_in_evidence::line.ne_all(alive));
        on!(self, connection => delete.execute(connection))?;
        Ok(())
    }
}
