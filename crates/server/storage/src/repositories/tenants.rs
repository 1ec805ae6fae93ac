//! Tenants and their domains. Finding a tenant by a domain or id is the one question asked before a tenant is known.

use diesel::prelude::*;
use model::{GuestIntegration, HomeAccount, SharingLevel, Tenant, TenantId};

use crate::connection::on;
use crate::context::OperatorScope;
use crate::convert::{code, code_of, id, micros, time};
use crate::schema::directory::{domains, tenants, users};
use crate::{Scope, StorageError, Writing};

/// The scope's own tenant.
pub struct Tenants<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the repository of the scope's own tenant.
    pub fn tenants(&mut self) -> Tenants<'_, M> {
        Tenants(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tenants)]
struct Row {
    id: String,
    display_name: String,
    initial_domain: String,
    chunk_key: Vec<u8>,
    site_sharing: i64,
    personal_sharing: i64,
    created_at: i64,
}

impl Row {
    fn from_tenant(tenant: &Tenant) -> Self {
        Self {
            id: tenant.id.to_string(),
            display_name: tenant.display_name.clone(),
            initial_domain: tenant.initial_domain.clone(),
            chunk_key: tenant.chunk_key.to_vec(),
            site_sharing: code_of(&SharingLevel::ALL, &tenant.site_sharing),
            personal_sharing: code_of(&SharingLevel::ALL, &tenant.personal_sharing),
            created_at: micros(tenant.created),
        }
    }

    fn into_tenant(self) -> Result<Tenant, StorageError> {
        const TABLE: &str = "tenants";
        Ok(Tenant {
            id: id(TABLE, "id", &self.id)?,
            display_name: self.display_name,
            initial_domain: self.initial_domain,
            chunk_key: self
                .chunk_key
                .try_into()
                .map_err(|_| StorageError::Corrupt { table: TABLE, column: "chunk_key" })?,
            site_sharing: code(TABLE, "site_sharing", &SharingLevel::ALL, self.site_sharing)?,
            personal_sharing: code(TABLE, "personal_sharing", &SharingLevel::ALL, self.personal_sharing)?,
            created: time(TABLE, "created_at", self.created_at)?,
        })
    }
}

impl<M> Tenants<'_, M> {
    /// Loads the scope's tenant.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when it does not exist.
    pub fn load(&mut self) -> Result<Tenant, StorageError> {
        let id = self.0.tenant.to_string();
        let query = tenants::table.find(&id);
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.ok_or(StorageError::NotFound { table: "tenants", id })?.into_tenant()
    }

    /// Lists the tenant's verified domains, the initial one among them.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_domains(&mut self) -> Result<Vec<String>, StorageError> {
        let query = domains::table
            .filter(domains::tenant_id.eq(self.0.tenant.to_string()))
            .order(domains::name)
            .select(domains::name);
        Ok(on!(self.0, connection => query.load(connection))?)
    }
}

impl<M> Tenants<'_, M> {
    /// Returns whether sharing with people outside makes guests (A05).
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when the tenant does not exist.
    pub fn guest_integration(&mut self) -> Result<GuestIntegration, StorageError> {
        let id = self.0.tenant.to_string();
        let query = tenants::table.find(&id).select(tenants::guest_integration);
        let stored: Option<i64> = on!(self.0, connection => query.first(connection).optional())?;
        let stored = stored.ok_or(StorageError::NotFound { table: "tenants", id })?;
        code("tenants", "guest_integration", &GuestIntegration::ALL, stored)
    }

    /// Returns whether an organization of this cloud proved a domain. It is home realm discovery, asked when somebody
    /// is shared with: nothing else about the organization is told.
    ///
    /// # Errors
    /// A storage error.
    pub fn is_on_this_cloud(&mut self, domain: &str) -> Result<bool, StorageError> {
        let query = domains::table.find(domain.to_lowercase()).select(domains::tenant_id);
        let found: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        Ok(found.is_some())
    }

    /// Returns the organization of this cloud that proved a domain: home realm discovery, as above, for settings about
    /// that organization.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_owner_of_domain(&mut self, domain: &str) -> Result<Option<TenantId>, StorageError> {
        let query = domains::table.find(domain.to_lowercase()).select(domains::tenant_id);
        let found: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        found.map(|text| id("domains", "tenant_id", &text)).transpose()
    }
}

impl Tenants<'_, Writing> {
    /// Sets whether sharing with people outside makes guests (A05).
    ///
    /// # Errors
    /// A storage error.
    pub fn update_guest_integration(&mut self, integration: GuestIntegration) -> Result<(), StorageError> {
        let stored = code_of(&GuestIntegration::ALL, &integration);
        let update = diesel::update(tenants::table.find(self.0.tenant.to_string()))
            .set(tenants::guest_integration.eq(stored));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Makes the scope's tenant with its initial domain.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the domain belongs to another tenant.
    pub fn create(&mut self, tenant: &Tenant) -> Result<(), StorageError> {
        let row = Row::from_tenant(tenant);
        on!(self.0, connection => diesel::insert_into(tenants::table).values(&row).execute(connection))?;
        self.add_domain(&tenant.initial_domain)
    }

    /// Adds a verified domain.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when it belongs to another tenant.
    pub fn add_domain(&mut self, name: &str) -> Result<(), StorageError> {
        let row = (domains::name.eq(name.to_lowercase()), domains::tenant_id.eq(self.0.tenant.to_string()));
        on!(self.0, connection => diesel::insert_into(domains::table).values(row).execute(connection))?;
        Ok(())
    }

    /// Sets the organization's sharing levels (B05). Site values are kept; the effective level is computed on read.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_sharing(
        &mut self,
        sites: SharingLevel,
        personal: SharingLevel,
    ) -> Result<(), StorageError> {
        let update = diesel::update(tenants::table.find(self.0.tenant.to_string())).set((
            tenants::site_sharing.eq(code_of(&SharingLevel::ALL, &sites)),
            tenants::personal_sharing.eq(code_of(&SharingLevel::ALL, &personal)),
        ));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}

impl<M> OperatorScope<'_, M> {
    /// Finds the tenant that proved a domain.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_tenant_by_domain(&mut self, domain: &str) -> Result<Option<TenantId>, StorageError> {
        let query = domains::table.find(domain.to_lowercase()).select(domains::tenant_id);
        let found: Option<String> = on!(self, connection => query.first(connection).optional())?;
        found.map(|text| id("domains", "tenant_id", &text)).transpose()
    }

    /// Finds a tenant.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_tenant(&mut self, tenant: TenantId) -> Result<Option<Tenant>, StorageError> {
        let query = tenants::table.find(tenant.to_string());
        let row: Option<Row> =
            on!(self, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_tenant).transpose()
    }

    /// Lists the tenants of somebody: their home, and those where they are an accepted guest who may sign in.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_tenants_of(&mut self, home: HomeAccount) -> Result<Vec<Tenant>, StorageError> {
        let as_guest = users::table
            .filter(users::home_tenant_id.eq(home.tenant.to_string()))
            .filter(users::home_user_id.eq(home.user.to_string()))
            .filter(users::enabled.eq(true))
            .filter(users::deleted_at.is_null())
            .select(users::tenant_id);
        let mut ids: Vec<String> = on!(self, connection => as_guest.load(connection))?;
        ids.push(home.tenant.to_string());
        let query =
            tenants::table.filter(tenants::id.eq_any(ids)).order((tenants::display_name, tenants::id));
        let rows: Vec<Row> = on!(self, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_tenant).collect()
    }

    /// Lists every tenant of the cloud by name.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_tenants(&mut self) -> Result<Vec<Tenant>, StorageError> {
        let query = tenants::table.order((tenants::display_name, tenants::id));
        let rows: Vec<Row> = on!(self, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_tenant).collect()
    }
}
