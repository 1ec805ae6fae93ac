//! Applications: the programs registered in a tenant.

use diesel::prelude::*;
use model::{Application, ApplicationId, ApplicationPermission};

use crate::connection::on;
use crate::convert::{id, micros, secret_hash, time};
use crate::schema::identity::applications;
use crate::{Scope, StorageError, Writing};

/// The applications of a scope's tenant.
pub struct Applications<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's applications.
    pub fn applications(&mut self) -> Applications<'_, M> {
        Applications(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = applications)]
struct Row {
    id: String,
    tenant_id: String,
    display_name: String,
    permissions: String,
    secret_hash: Vec<u8>,
    secret_expires_at: i64,
    created_at: i64,
}

impl Row {
    fn into_application(self) -> Result<Application, StorageError> {
        const TABLE: &str = "applications";
        let permissions: Result<Vec<ApplicationPermission>, _> =
            self.permissions.split_whitespace().map(str::parse).collect();
        Ok(Application {
            id: id(TABLE, "id", &self.id)?,
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            display_name: self.display_name,
            permissions: permissions
                .map_err(|_| StorageError::Corrupt { table: TABLE, column: "permissions" })?,
            secret: secret_hash(TABLE, "secret_hash", &self.secret_hash)?,
            secret_expires: time(TABLE, "secret_expires_at", self.secret_expires_at)?,
            created: time(TABLE, "created_at", self.created_at)?,
        })
    }
}

impl<M> Applications<'_, M> {
    /// Finds an application.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, application: ApplicationId) -> Result<Option<Application>, StorageError> {
        let query = applications::table
            .filter(applications::id.eq(application.to_string()))
            .filter(applications::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_application).transpose()
    }
}

impl Applications<'_, Writing> {
    /// Registers an application. Its tenant must be the scope's.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, application: &Application) -> Result<(), StorageError> {
        let names: Vec<&str> = application.permissions.iter().map(|permission| permission.name()).collect();
        let row = Row {
            id: application.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            display_name: application.display_name.clone(),
            permissions: names.join(" "),
            secret_hash: application.secret.0.to_vec(),
            secret_expires_at: micros(application.secret_expires),
            created_at: micros(application.created),
        };
        on!(self.0, connection => diesel::insert_into(applications::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Removes an application; its tokens open nothing from then on. Returns whether there was one.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, application: ApplicationId) -> Result<bool, StorageError> {
        let delete = diesel::delete(applications::table.filter(applications::id.eq(application.to_string())))
            .filter(applications::tenant_id.eq(self.0.tenant.to_string()));
        Ok(on!(self.0, connection => delete.execute(connection))? == 1)
    }
}
