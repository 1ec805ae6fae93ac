//! Administrative roles of people (A01).

use diesel::prelude::*;
use model::{DirectoryRole, UserId};

use crate::connection::on;
use crate::convert::{code, code_of};
use crate::schema::directory::{user_roles, users};
use crate::{Scope, StorageError, Writing};

const ROLES: [DirectoryRole; 3] =
    [DirectoryRole::GlobalAdministrator, DirectoryRole::SharePointAdministrator, DirectoryRole::GuestInviter];

/// The roles of a scope's tenant.
pub struct Roles<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's role assignments.
    pub fn roles(&mut self) -> Roles<'_, M> {
        Roles(self.reborrow())
    }
}

impl<M> Roles<'_, M> {
    /// Lists the roles of a person.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of(&mut self, user: UserId) -> Result<Vec<DirectoryRole>, StorageError> {
        let query = user_roles::table
            .filter(user_roles::tenant_id.eq(self.0.tenant.to_string()))
            .filter(user_roles::user_id.eq(user.to_string()))
            .order(user_roles::role)
            .select(user_roles::role);
        let codes: Vec<i64> = on!(self.0, connection => query.load(connection))?;
        codes.into_iter().map(|role| code("user_roles", "role", &ROLES, role)).collect()
    }
}

impl<M> Roles<'_, M> {
    /// Returns whether somebody besides a person is a Global Administrator who may sign in.
    ///
    /// # Errors
    /// A storage error.
    pub fn has_administrator_besides(&mut self, user: UserId) -> Result<bool, StorageError> {
        let query = user_roles::table
            .inner_join(users::table.on(users::id.eq(user_roles::user_id)))
            .filter(user_roles::tenant_id.eq(self.0.tenant.to_string()))
            .filter(user_roles::role.eq(code_of(&ROLES, &DirectoryRole::GlobalAdministrator)))
            .filter(user_roles::user_id.ne(user.to_string()))
            .filter(users::enabled.eq(true))
            .filter(users::deleted_at.is_null())
            .select(user_roles::user_id);
        let found: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        Ok(found.is_some())
    }
}

impl Roles<'_, Writing> {
    /// Gives a person a role; giving it twice is fine.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, user: UserId, role: DirectoryRole) -> Result<(), StorageError> {
        let row = (
            user_roles::tenant_id.eq(self.0.tenant.to_string()),
            user_roles::user_id.eq(user.to_string()),
            user_roles::role.eq(code_of(&ROLES, &role)),
        );
        let insert = diesel::insert_into(user_roles::table).values(row).on_conflict_do_nothing();
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }
}
