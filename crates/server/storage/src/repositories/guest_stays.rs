//! Guests' time in sites (sharing-and-guests.md 2.7): when each joined, and when what they were given themselves ends.

use diesel::prelude::*;
use diesel::upsert::excluded;
use model::{GuestStay, SiteId, UserId};

use crate::connection::on;
use crate::convert::{id, maybe_time, micros, time};
use crate::schema::governance::guest_stays;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "guest_stays";

/// The guests' stays of a scope's tenant.
pub struct GuestStays<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's guests' stays.
    pub fn guest_stays(&mut self) -> GuestStays<'_, M> {
        GuestStays(self.reborrow())
    }
}

/// Reads a stay from its two columns.
pub(super) fn stay((joined, ends): (i64, Option<i64>)) -> Result<GuestStay, StorageError> {
    Ok(GuestStay { joined: time(TABLE, "joined_at", joined)?, ends: maybe_time(TABLE, "ends_at", ends)? })
}

impl<M> GuestStays<'_, M> {
    /// Finds a guest's stay in a site.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, site: SiteId, guest: UserId) -> Result<Option<GuestStay>, StorageError> {
        let query = guest_stays::table
            .find((site.to_string(), guest.to_string()))
            .filter(guest_stays::tenant_id.eq(self.0.tenant.to_string()))
            .select((guest_stays::joined_at, guest_stays::ends_at));
        let found: Option<(i64, Option<i64>)> =
            on!(self.0, connection => query.first(connection).optional())?;
        found.map(stay).transpose()
    }

    /// Lists the stays in a site, the oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_site(&mut self, site: SiteId) -> Result<Vec<(UserId, GuestStay)>, StorageError> {
        let query = guest_stays::table
            .filter(guest_stays::site_id.eq(site.to_string()))
            .filter(guest_stays::tenant_id.eq(self.0.tenant.to_string()))
            .order((guest_stays::joined_at, guest_stays::user_id))
            .select((guest_stays::user_id, (guest_stays::joined_at, guest_stays::ends_at)));
        let rows: Vec<(String, (i64, Option<i64>))> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter().map(|(user, times)| Ok((id(TABLE, "user_id", &user)?, stay(times)?))).collect()
    }
}

impl GuestStays<'_, Writing> {
    /// Sets a guest's stay in a site.
    ///
    /// # Errors
    /// A storage error.
    pub fn put(&mut self, site: SiteId, guest: UserId, stay: GuestStay) -> Result<(), StorageError> {
        let row = (
            guest_stays::site_id.eq(site.to_string()),
            guest_stays::user_id.eq(guest.to_string()),
            guest_stays::tenant_id.eq(self.0.tenant.to_string()),
            guest_stays::joined_at.eq(micros(stay.joined)),
            guest_stays::ends_at.eq(stay.ends.map(micros)),
        );
        on!(self.0, connection => diesel::insert_into(guest_stays::table)
            .values(row)
            .on_conflict((guest_stays::site_id, guest_stays::user_id))
            .do_update()
            .set((
                guest_stays::joined_at.eq(excluded(guest_stays::joined_at)),
                guest_stays::ends_at.eq(excluded(guest_stays::ends_at)),
            ))
            .execute(connection))?;
        Ok(())
    }
}
