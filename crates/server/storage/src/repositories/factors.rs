//! Second factors of a tenant's people, their recovery codes, and the count of wrong codes.

use diesel::prelude::*;
use model::{Factor, FactorId, SecretHash, Timestamp, UserId, WrongCodes};

use crate::connection::on;
use crate::convert::{id, micros, time};
use crate::schema::factors::{factor_attempts, factors, recovery_codes};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "factors";

/// The second factors of a scope's people.
pub struct Factors<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the second factors of the tenant's people.
    pub fn factors(&mut self) -> Factors<'_, M> {
        Factors(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = factors)]
struct Row {
    id: String,
    tenant_id: String,
    user_id: String,
    display_name: String,
    sealed: Vec<u8>,
    last_step: i64,
    created_at: i64,
}

impl Row {
    fn into_factor(self) -> Result<Factor, StorageError> {
        Ok(Factor {
            id: id(TABLE, "id", &self.id)?,
            user: id(TABLE, "user_id", &self.user_id)?,
            display_name: self.display_name,
            sealed: self.sealed,
            last_step: self.last_step,
            created: time(TABLE, "created_at", self.created_at)?,
        })
    }
}

impl<M> Factors<'_, M> {
    /// Lists a person's factors, the oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of(&mut self, user: UserId) -> Result<Vec<Factor>, StorageError> {
        let query = factors::table
            .filter(factors::tenant_id.eq(self.0.tenant.to_string()))
            .filter(factors::user_id.eq(user.to_string()))
            .order((factors::created_at, factors::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_factor).collect()
    }

    /// Returns whether a person has a factor.
    ///
    /// # Errors
    /// A storage error.
    pub fn has_any(&mut self, user: UserId) -> Result<bool, StorageError> {
        let query = factors::table
            .filter(factors::tenant_id.eq(self.0.tenant.to_string()))
            .filter(factors::user_id.eq(user.to_string()))
            .select(factors::id);
        let found: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        Ok(found.is_some())
    }

    /// Counts a person's recovery codes that were not used.
    ///
    /// # Errors
    /// A storage error.
    pub fn count_recovery_codes(&mut self, user: UserId) -> Result<i64, StorageError> {
        let query = recovery_codes::table
            .filter(recovery_codes::tenant_id.eq(self.0.tenant.to_string()))
            .filter(recovery_codes::user_id.eq(user.to_string()))
            .count();
        Ok(on!(self.0, connection => query.get_result(connection))?)
    }
}

impl Factors<'_, Writing> {
    /// Keeps a factor.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, factor: &Factor) -> Result<(), StorageError> {
        let row = Row {
            id: factor.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            user_id: factor.user.to_string(),
            display_name: factor.display_name.clone(),
            sealed: factor.sealed.clone(),
            last_step: factor.last_step,
            created_at: micros(factor.created),
        };
        on!(self.0, connection => diesel::insert_into(factors::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Uses up a time step and all before it; returns whether it was not used yet.
    ///
    /// # Errors
    /// A storage error.
    pub fn use_step(&mut self, factor: FactorId, step: i64) -> Result<bool, StorageError> {
        let update = diesel::update(factors::table)
            .filter(factors::id.eq(factor.to_string()))
            .filter(factors::tenant_id.eq(self.0.tenant.to_string()))
            .filter(factors::last_step.lt(step))
            .set(factors::last_step.eq(step));
        Ok(on!(self.0, connection => update.execute(connection))? == 1)
    }

    /// Removes a person's factor; returns whether it was there.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, user: UserId, factor: FactorId) -> Result<bool, StorageError> {
        let delete = diesel::delete(factors::table)
            .filter(factors::id.eq(factor.to_string()))
            .filter(factors::tenant_id.eq(self.0.tenant.to_string()))
            .filter(factors::user_id.eq(user.to_string()));
        Ok(on!(self.0, connection => delete.execute(connection))? == 1)
    }

    /// Gives a person these recovery codes in place of all they had.
    ///
    /// # Errors
    /// A storage error.
    pub fn replace_recovery_codes(&mut self, user: UserId, codes: &[SecretHash]) -> Result<(), StorageError> {
        let delete = diesel::delete(recovery_codes::table)
            .filter(recovery_codes::tenant_id.eq(self.0.tenant.to_string()))
            .filter(recovery_codes::user_id.eq(user.to_string()));
        on!(self.0, connection => delete.execute(connection))?;
        for code in codes {
            let row = (
                recovery_codes::tenant_id.eq(self.0.tenant.to_string()),
                recovery_codes::user_id.eq(user.to_string()),
                recovery_codes::code_hash.eq(code.0.to_vec()),
            );
            let insert = diesel::insert_into(recovery_codes::table).values(row);
            on!(self.0, connection => insert.execute(connection))?;
        }
        Ok(())
    }

    /// Spends a recovery code; returns whether it was one that was not used yet.
    ///
    /// # Errors
    /// A storage error.
    pub fn spend_recovery_code(&mut self, user: UserId, code: SecretHash) -> Result<bool, StorageError> {
        let delete = diesel::delete(recovery_codes::table)
            .filter(recovery_codes::tenant_id.eq(self.0.tenant.to_string()))
            .filter(recovery_codes::user_id.eq(user.to_string()))
            .filter(recovery_codes::code_hash.eq(code.0.as_slice()));
        Ok(on!(self.0, connection => delete.execute(connection))? == 1)
    }

    /// Returns the wrong codes somebody gave since their last right one, and makes others who ask wait until this
    /// transaction ends, so that guesses come one after another.
    ///
    /// # Errors
    /// A storage error.
    pub fn lock_wrong_codes(&mut self, user: UserId, now: Timestamp) -> Result<WrongCodes, StorageError> {
        let row = (
            factor_attempts::tenant_id.eq(self.0.tenant.to_string()),
            factor_attempts::user_id.eq(user.to_string()),
            factor_attempts::wrong.eq(0),
            factor_attempts::last_at.eq(micros(now)),
        );
        let insert = diesel::insert_into(factor_attempts::table).values(row).on_conflict_do_nothing();
        on!(self.0, connection => insert.execute(connection))?;
        let lock = diesel::update(factor_attempts::table)
            .filter(factor_attempts::tenant_id.eq(self.0.tenant.to_string()))
            .filter(factor_attempts::user_id.eq(user.to_string()))
            .set(factor_attempts::wrong.eq(factor_attempts::wrong));
        on!(self.0, connection => lock.execute(connection))?;
        let query = factor_attempts::table
            .filter(factor_attempts::tenant_id.eq(self.0.tenant.to_string()))
            .filter(factor_attempts::user_id.eq(user.to_string()))
            .select((factor_attempts::wrong, factor_attempts::last_at));
        let (count, last): (i64, i64) = on!(self.0, connection => query.first(connection))?;
        Ok(WrongCodes { count, last: time("factor_attempts", "last_at", last)? })
    }

    /// Keeps how many wrong codes somebody gave.
    ///
    /// # Errors
    /// A storage error.
    pub fn set_wrong_codes(&mut self, user: UserId, wrong: WrongCodes) -> Result<(), StorageError> {
        let update = diesel::update(factor_attempts::table)
            .filter(factor_attempts::tenant_id.eq(self.0.tenant.to_string()))
            .filter(factor_attempts::user_id.eq(user.to_string()))
            .set((factor_attempts::wrong.eq(wrong.count), factor_attempts::last_at.eq(micros(wrong.last))));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}
