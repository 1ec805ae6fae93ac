//! Sites, and the facts about a person and a site that every authorization starts from.

use diesel::prelude::*;
use model::{
    DomainMode, Drive, DriveId, GuestStay, SharingLevel, Site, SiteGate, SiteId, Timestamp, User, UserId,
};

use super::drives::DriveRow;
use super::guest_stays::stay;
use super::sharing_policies::gate;
use super::users::Row as UserRow;
use crate::connection::on;
use crate::convert::{code, code_of, id, maybe_id, maybe_time, micros, time};
use crate::schema::directory::{tenants, users};
use crate::schema::governance::guest_stays;
use crate::schema::items::drives;
use crate::schema::sites::sites;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "sites";

/// The sites of a scope's tenant.
pub struct Sites<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's sites.
    pub fn sites(&mut self) -> Sites<'_, M> {
        Sites(self.reborrow())
    }
}

/// What authorization must know about a person at a site: read in one query, deleted rows included.
#[derive(Debug, Clone)]
pub struct SiteAndPerson {
    /// The site.
    pub site: Site,
    /// The person, as the tenant's directory knows them now.
    pub person: User,
    /// The organization's level for sites (B05).
    pub organization_sharing: SharingLevel,
    /// The organization's level for personal drives (B05).
    pub organization_personal: SharingLevel,
    /// What the organization's list of domains means (B07).
    pub organization_domains: DomainMode,
    /// What the site's own list of domains means (B07).
    pub site_domains: DomainMode,
    /// What the site as a whole lets happen (2.11).
    pub gate: SiteGate,
    /// The person's time in the site, for a guest who was given something there.
    pub stay: Option<GuestStay>,
}

/// What an organization and a site set that every authorization needs: both levels, what both lists of domains mean, and
/// the site's lock, devices and downloads.
type Settings = (i64, i64, i64, i64, i64, i64, i64);
/// The two times of a stay.
type Stay = (i64, Option<i64>);

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sites)]
pub(super) struct Row {
    id: String,
    tenant_id: String,
    name: String,
    name_key: String,
    display_name: String,
    sharing: i64,
    created_by: Option<String>,
    created_at: i64,
    deleted_at: Option<i64>,
    personal_of: Option<String>,
}

impl Row {
    fn from_site(site: &Site) -> Self {
        Self {
            id: site.id.to_string(),
            tenant_id: site.tenant.to_string(),
            name: site.name.clone(),
            name_key: site.name.to_lowercase(),
            display_name: site.display_name.clone(),
            sharing: code_of(&SharingLevel::ALL, &site.sharing),
            created_by: site.created_by.map(|user| user.to_string()),
            created_at: micros(site.created),
            deleted_at: site.deleted.map(micros),
            personal_of: site.personal_of.map(|user| user.to_string()),
        }
    }

    pub(super) fn into_site(self) -> Result<Site, StorageError> {
        Ok(Site {
            id: id(TABLE, "id", &self.id)?,
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            name: self.name,
            display_name: self.display_name,
            sharing: code(TABLE, "sharing", &SharingLevel::ALL, self.sharing)?,
            created_by: maybe_id(TABLE, "created_by", self.created_by)?,
            created: time(TABLE, "created_at", self.created_at)?,
            deleted: maybe_time(TABLE, "deleted_at", self.deleted_at)?,
            personal_of: maybe_id(TABLE, "personal_of", self.personal_of)?,
        })
    }
}

impl SiteAndPerson {
    fn from_rows(
        (site, person, settings, times): (Row, UserRow, Settings, Option<Stay>),
    ) -> Result<Self, StorageError> {
        let level = |column, level| code("tenants", column, &SharingLevel::ALL, level);
        let mode = |table, mode| code(table, "sharing_domains", &DomainMode::ALL, mode);
        Ok(Self {
            site: site.into_site()?,
            person: person.into_user()?,
            organization_sharing: level("site_sharing", settings.0)?,
            organization_personal: level("personal_sharing", settings.1)?,
            organization_domains: mode("tenants", settings.2)?,
            site_domains: mode(TABLE, settings.3)?,
            gate: gate(settings.4, settings.5, settings.6)?,
            stay: times.map(stay).transpose()?,
        })
    }
}

impl<M> Sites<'_, M> {
    /// Finds a site that is not deleted.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, site: SiteId) -> Result<Option<Site>, StorageError> {
        let query = sites::table
            .filter(sites::id.eq(site.to_string()))
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sites::deleted_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_site).transpose()
    }

    /// Finds a site by its name in addresses, whatever its case.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_by_name(&mut self, name: &str) -> Result<Option<Site>, StorageError> {
        let query = sites::table
            .filter(sites::name_key.eq(name.to_lowercase()))
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sites::deleted_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_site).transpose()
    }

    /// Finds the site of a person's own drive.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_personal(&mut self, person: UserId) -> Result<Option<Site>, StorageError> {
        let query = sites::table
            .filter(sites::personal_of.eq(person.to_string()))
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sites::deleted_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_site).transpose()
    }

    /// Lists every site of the tenant by name. Who may see which is not decided here.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self) -> Result<Vec<Site>, StorageError> {
        let query = sites::table
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sites::deleted_at.is_null())
            .order((sites::name_key, sites::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_site).collect()
    }

    /// Finds a site and a person together, deleted or not; none when either never was.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_with_person(
        &mut self,
        site: SiteId,
        person: UserId,
    ) -> Result<Option<SiteAndPerson>, StorageError> {
        let query = sites::table
            .inner_join(tenants::table.on(tenants::id.eq(sites::tenant_id)))
            .inner_join(users::table.on(users::tenant_id.eq(sites::tenant_id)))
            .left_join(
                guest_stays::table
                    .on(guest_stays::site_id.eq(sites::id).and(guest_stays::user_id.eq(users::id))),
            )
            .filter(sites::id.eq(site.to_string()))
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::id.eq(person.to_string()));
        let found: Option<(Row, UserRow, Settings, Option<Stay>)> = on!(self.0, connection => query
            .select((
                Row::as_select(),
                UserRow::as_select(),
                (
                    tenants::site_sharing,
                    tenants::personal_sharing,
                    tenants::sharing_domains,
                    sites::sharing_domains,
                    sites::lock_state,
                    sites::device_access,
                    sites::downloads,
                ),
                (guest_stays::joined_at, guest_stays::ends_at).nullable(),
            ))
            .first(connection)
            .optional())?;
        found.map(SiteAndPerson::from_rows).transpose()
    }

    /// Finds a library with its site and a person together, deleted or not; none when one of them never was.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_drive_with_person(
        &mut self,
        drive: DriveId,
        person: UserId,
    ) -> Result<Option<(Drive, SiteAndPerson)>, StorageError> {
        let query = sites::table
            .inner_join(drives::table.on(drives::site_id.eq(sites::id)))
            .inner_join(tenants::table.on(tenants::id.eq(sites::tenant_id)))
            .inner_join(users::table.on(users::tenant_id.eq(sites::tenant_id)))
            .left_join(
                guest_stays::table
                    .on(guest_stays::site_id.eq(sites::id).and(guest_stays::user_id.eq(users::id))),
            )
            .filter(drives::id.eq(drive.to_string()))
            .filter(drives::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::id.eq(person.to_string()));
        let found: Option<(DriveRow, Row, UserRow, Settings, Option<Stay>)> = on!(self.0, connection => query
            .select((
                DriveRow::as_select(),
                Row::as_select(),
                UserRow::as_select(),
                (
                    tenants::site_sharing,
                    tenants::personal_sharing,
                    tenants::sharing_domains,
                    sites::sharing_domains,
                    sites::lock_state,
                    sites::device_access,
                    sites::downloads,
                ),
                (guest_stays::joined_at, guest_stays::ends_at).nullable(),
            ))
            .first(connection)
            .optional())?;
        let Some((drive, site, person, settings, stay)) = found else { return Ok(None) };
        Ok(Some((drive.into_drive()?, SiteAndPerson::from_rows((site, person, settings, stay))?)))
    }
}

impl Sites<'_, Writing> {
    /// Makes a site.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when its name is taken.
    pub fn create(&mut self, site: &Site) -> Result<(), StorageError> {
        let row = Row::from_site(site);
        on!(self.0, connection => diesel::insert_into(sites::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Sets a site's own sharing level (B06).
    ///
    /// # Errors
    /// A storage error.
    pub fn update_sharing(&mut self, site: SiteId, level: SharingLevel) -> Result<(), StorageError> {
        let update = diesel::update(sites::table.filter(sites::id.eq(site.to_string())))
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .set(sites::sharing.eq(code_of(&SharingLevel::ALL, &level)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Deletes a site softly; its name is free again.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, site: SiteId, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(sites::table.filter(sites::id.eq(site.to_string())))
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sites::deleted_at.is_null())
            .set(sites::deleted_at.eq(micros(at)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}
