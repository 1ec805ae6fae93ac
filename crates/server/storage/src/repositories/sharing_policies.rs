//! Sharing policies: what the organization and its sites set beside their levels. Kept as set; nothing here says what is
//! in effect.

use diesel::prelude::*;
use model::{
    AnyoneLinkCaps, CollaborationPolicy, DefaultLink, DeviceAccess, DomainMode, Downloads, InvitesFrom,
    Lifetime, LinkKind, LockState, OrganizationLinks, OwnerChoice, Resharing, Role, SharerGroup, SharerReach,
    Sharers, SharingPolicy, SiteGate, SiteId, SitePolicy, UserId,
};

use crate::connection::on;
use crate::convert::{code, code_of, id};
use crate::schema::directory::{group_members, tenants};
use crate::schema::governance::sharer_groups;
use crate::schema::sites::sites;
use crate::{Scope, StorageError, Writing};

/// The sharing policies of a scope's tenant and its sites.
pub struct SharingPolicies<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's sharing policies.
    pub fn sharing_policies(&mut self) -> SharingPolicies<'_, M> {
        SharingPolicies(self.reborrow())
    }
}

#[derive(Queryable, Selectable, AsChangeset)]
#[diesel(table_name = tenants)]
struct Row {
    sharing_domains: i64,
    sharers: i64,
    resharing: i64,
    personal_resharing: i64,
    personal_requests: i64,
    guest_days: i64,
    anyone_days: i64,
    anyone_file_role: i64,
    anyone_folder_role: i64,
    default_link_kind: i64,
    default_link_role: i64,
}

#[derive(Queryable, Selectable, AsChangeset)]
#[diesel(table_name = sites, treat_none_as_null = true)]
struct SiteRow {
    sharing_domains: i64,
    guest_days: Option<i64>,
    anyone_days: Option<i64>,
    default_link_kind: Option<i64>,
    default_link_role: Option<i64>,
    lock_state: i64,
    device_access: i64,
    downloads: i64,
    organization_links: i64,
}

fn lifetime(table: &'static str, column: &'static str, days: i64) -> Result<Lifetime, StorageError> {
    let days = u16::try_from(days).map_err(|_| StorageError::Corrupt { table, column })?;
    Ok(Lifetime::from_days(days))
}

fn default_link(table: &'static str, kind: i64, role: i64) -> Result<DefaultLink, StorageError> {
    Ok(DefaultLink {
        kind: code(table, "default_link_kind", &LinkKind::ALL, kind)?,
        role: code(table, "default_link_role", &Role::ALL, role)?,
    })
}

fn choice(column: &'static str, choice: i64) -> Result<OwnerChoice, StorageError> {
    code("tenants", column, &OwnerChoice::ALL, choice)
}

/// Reads what a site as a whole lets happen: its lock, devices and downloads.
pub(super) fn gate(lock: i64, devices: i64, downloads: i64) -> Result<SiteGate, StorageError> {
    const TABLE: &str = "sites";
    Ok(SiteGate {
        lock: code(TABLE, "lock_state", &LockState::ALL, lock)?,
        devices: code(TABLE, "device_access", &DeviceAccess::ALL, devices)?,
        downloads: code(TABLE, "downloads", &Downloads::ALL, downloads)?,
    })
}

impl Row {
    fn from_policy(policy: &SharingPolicy) -> Self {
        Self {
            sharing_domains: code_of(&DomainMode::ALL, &policy.domains),
            sharers: code_of(&Sharers::ALL, &policy.sharers),
            resharing: code_of(&Resharing::ALL, &policy.resharing),
            personal_resharing: code_of(&OwnerChoice::ALL, &policy.personal_resharing),
            personal_requests: code_of(&OwnerChoice::ALL, &policy.personal_requests),
            guest_days: policy.guest_life.days().into(),
            anyone_days: policy.anyone_links.life.days().into(),
            anyone_file_role: code_of(&Role::ALL, &policy.anyone_links.file_role),
            anyone_folder_role: code_of(&Role::ALL, &policy.anyone_links.folder_role),
            default_link_kind: code_of(&LinkKind::ALL, &policy.default_link.kind),
            default_link_role: code_of(&Role::ALL, &policy.default_link.role),
        }
    }

    fn into_policy(self) -> Result<SharingPolicy, StorageError> {
        const TABLE: &str = "tenants";
        Ok(SharingPolicy {
            domains: code(TABLE, "sharing_domains", &DomainMode::ALL, self.sharing_domains)?,
            sharers: code(TABLE, "sharers", &Sharers::ALL, self.sharers)?,
            resharing: code(TABLE, "resharing", &Resharing::ALL, self.resharing)?,
            personal_resharing: choice("personal_resharing", self.personal_resharing)?,
            personal_requests: choice("personal_requests", self.personal_requests)?,
            guest_life: lifetime(TABLE, "guest_days", self.guest_days)?,
            anyone_links: AnyoneLinkCaps {
                life: lifetime(TABLE, "anyone_days", self.anyone_days)?,
                file_role: code(TABLE, "anyone_file_role", &Role::ALL, self.anyone_file_role)?,
                folder_role: code(TABLE, "anyone_folder_role", &Role::ALL, self.anyone_folder_role)?,
            },
            default_link: default_link(TABLE, self.default_link_kind, self.default_link_role)?,
        })
    }
}

impl SiteRow {
    fn from_policy(policy: &SitePolicy) -> Self {
        Self {
            sharing_domains: code_of(&DomainMode::ALL, &policy.domains),
            guest_days: policy.guest_life.map(|life| life.days().into()),
            anyone_days: policy.anyone_life.map(|life| life.days().into()),
            default_link_kind: policy.default_link.map(|link| code_of(&LinkKind::ALL, &link.kind)),
            default_link_role: policy.default_link.map(|link| code_of(&Role::ALL, &link.role)),
            lock_state: code_of(&LockState::ALL, &policy.gate.lock),
            device_access: code_of(&DeviceAccess::ALL, &policy.gate.devices),
            downloads: code_of(&Downloads::ALL, &policy.gate.downloads),
            organization_links: code_of(&OrganizationLinks::ALL, &policy.organization_links),
        }
    }

    fn into_policy(self) -> Result<SitePolicy, StorageError> {
        const TABLE: &str = "sites";
        let link = self.default_link_kind.zip(self.default_link_role);
        Ok(SitePolicy {
            domains: code(TABLE, "sharing_domains", &DomainMode::ALL, self.sharing_domains)?,
            guest_life: self.guest_days.map(|days| lifetime(TABLE, "guest_days", days)).transpose()?,
            anyone_life: self.anyone_days.map(|days| lifetime(TABLE, "anyone_days", days)).transpose()?,
            default_link: link.map(|(kind, role)| default_link(TABLE, kind, role)).transpose()?,
            gate: gate(self.lock_state, self.device_access, self.downloads)?,
            organization_links: code(
                TABLE,
                "organization_links",
                &OrganizationLinks::ALL,
                self.organization_links,
            )?,
        })
    }
}

impl<M> SharingPolicies<'_, M> {
    /// Loads what the organization set.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when the tenant does not exist.
    pub fn load(&mut self) -> Result<SharingPolicy, StorageError> {
        let id = self.0.tenant.to_string();
        let query = tenants::table.find(&id);
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.ok_or(StorageError::NotFound { table: "tenants", id })?.into_policy()
    }

    /// Loads what a site set apart.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when the site does not exist here.
    pub fn load_of_site(&mut self, site: SiteId) -> Result<SitePolicy, StorageError> {
        let id = site.to_string();
        let query =
            sites::table.filter(sites::id.eq(&id)).filter(sites::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<SiteRow> =
            on!(self.0, connection => query.select(SiteRow::as_select()).first(connection).optional())?;
        row.ok_or(StorageError::NotFound { table: "sites", id })?.into_policy()
    }

    /// Loads what the organization set about new guests.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when the tenant does not exist.
    pub fn load_collaboration(&mut self) -> Result<CollaborationPolicy, StorageError> {
        let id = self.0.tenant.to_string();
        let query = tenants::table.find(&id).select((tenants::invites_from, tenants::directory_domains));
        let row: Option<(i64, i64)> = on!(self.0, connection => query.first(connection).optional())?;
        let (from, domains) = row.ok_or(StorageError::NotFound { table: "tenants", id })?;
        Ok(CollaborationPolicy {
            invites_from: code("tenants", "invites_from", &InvitesFrom::ALL, from)?,
            domains: code("tenants", "directory_domains", &DomainMode::ALL, domains)?,
        })
    }

    /// Lists the groups that share with people outside.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_sharer_groups(&mut self) -> Result<Vec<SharerGroup>, StorageError> {
        let query = sharer_groups::table
            .filter(sharer_groups::tenant_id.eq(self.0.tenant.to_string()))
            .order(sharer_groups::group_id)
            .select((sharer_groups::group_id, sharer_groups::reach));
        let rows: Vec<(String, i64)> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter().map(sharer_group).collect()
    }

    /// Lists those of these groups that a person is in.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_sharer_groups_of(&mut self, person: UserId) -> Result<Vec<SharerGroup>, StorageError> {
        let query = sharer_groups::table
            .inner_join(group_members::table.on(group_members::group_id.eq(sharer_groups::group_id)))
            .filter(sharer_groups::tenant_id.eq(self.0.tenant.to_string()))
            .filter(group_members::tenant_id.eq(self.0.tenant.to_string()))
            .filter(group_members::user_id.eq(person.to_string()))
            .select((sharer_groups::group_id, sharer_groups::reach));
        let rows: Vec<(String, i64)> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter().map(sharer_group).collect()
    }
}

fn sharer_group((group, reach): (String, i64)) -> Result<SharerGroup, StorageError> {
    const TABLE: &str = "sharer_groups";
    Ok(SharerGroup {
        group: id(TABLE, "group_id", &group)?,
        reach: code(TABLE, "reach", &SharerReach::ALL, reach)?,
    })
}

impl SharingPolicies<'_, Writing> {
    /// Sets what the organization has.
    ///
    /// # Errors
    /// A storage error.
    pub fn update(&mut self, policy: &SharingPolicy) -> Result<(), StorageError> {
        let update =
            diesel::update(tenants::table.find(self.0.tenant.to_string())).set(Row::from_policy(policy));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Sets what a site has apart.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_of_site(&mut self, site: SiteId, policy: &SitePolicy) -> Result<(), StorageError> {
        let update = diesel::update(sites::table.filter(sites::id.eq(site.to_string())))
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .set(SiteRow::from_policy(policy));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Sets what the organization has about new guests.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_collaboration(&mut self, policy: &CollaborationPolicy) -> Result<(), StorageError> {
        let update = diesel::update(tenants::table.find(self.0.tenant.to_string())).set((
            tenants::invites_from.eq(code_of(&InvitesFrom::ALL, &policy.invites_from)),
            tenants::directory_domains.eq(code_of(&DomainMode::ALL, &policy.domains)),
        ));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Replaces the groups that share with people outside.
    ///
    /// # Errors
    /// A storage error.
    pub fn replace_sharer_groups(&mut self, groups: &[SharerGroup]) -> Result<(), StorageError> {
        let tenant = self.0.tenant.to_string();
        let old = sharer_groups::table.filter(sharer_groups::tenant_id.eq(&tenant));
        on!(self.0, connection => diesel::delete(old).execute(connection))?;
        for group in groups {
            let row = (
                sharer_groups::tenant_id.eq(&tenant),
                sharer_groups::group_id.eq(group.group.to_string()),
                sharer_groups::reach.eq(code_of(&SharerReach::ALL, &group.reach)),
            );
            on!(self.0, connection => diesel::insert_into(sharer_groups::table).values(row).execute(connection))?;
        }
        Ok(())
    }
}
