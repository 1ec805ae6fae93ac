//! Consents: what a person allowed in a tenant, such as an invitation's terms (C-1) or a foreign client.

use diesel::prelude::*;
use model::{Timestamp, UserId};

use crate::connection::on;
use crate::convert::{maybe_time, micros};
use crate::schema::identity::consents;
use crate::{Scope, StorageError, Writing};

/// The consents given in a scope's tenant.
pub struct Consents<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the consents given in the tenant.
    pub fn consents(&mut self) -> Consents<'_, M> {
        Consents(self.reborrow())
    }
}

impl<M> Consents<'_, M> {
    /// Finds when a person consented to a subject.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, user: UserId, subject: &str) -> Result<Option<Timestamp>, StorageError> {
        let query = consents::table
            .filter(consents::tenant_id.eq(self.0.tenant.to_string()))
            .filter(consents::user_id.eq(user.to_string()))
            .filter(consents::subject.eq(subject))
            .select(consents::given_at);
        let given: Option<i64> = on!(self.0, connection => query.first(connection).optional())?;
        maybe_time("consents", "given_at", given)
    }
}

impl Consents<'_, Writing> {
    /// Records a consent; the first time stays when it is given again.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, user: UserId, subject: &str, at: Timestamp) -> Result<(), StorageError> {
        let row = (
            consents::tenant_id.eq(self.0.tenant.to_string()),
            consents::user_id.eq(user.to_string()),
            consents::subject.eq(subject),
            consents::given_at.eq(micros(at)),
        );
        let insert = diesel::insert_into(consents::table).values(row).on_conflict_do_nothing();
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }
}
