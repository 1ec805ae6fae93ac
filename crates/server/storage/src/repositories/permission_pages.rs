//! Permissions in pages, for reviews: of everybody, or of what reaches outside, in one site or in all (B09).

use diesel::prelude::*;
use diesel::sql_types::Bool;
use model::{Permission, PermissionId, SiteId, UserId};

use super::permissions::{GROUP, GUEST, Permissions, Row, USER};
use crate::StorageError;
use crate::connection::on;
use crate::convert::{id, maybe_time};
use crate::schema::directory::{group_members, users};
use crate::schema::governance::guest_stays;
use crate::schema::sites::permissions;

/// Whose permissions a page holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageOf {
    /// Everybody's.
    Everybody,
    /// Those of guests by name or by a link they opened.
    Guests,
    /// Those of groups with a guest in them.
    GroupsWithGuests,
}

impl<M> Permissions<'_, M> {
    /// Lists permissions that stand, by id, behind one.
    ///
    /// # Errors
    /// A storage error.
    pub fn page(
        &mut self,
        of: PageOf,
        site: Option<SiteId>,
        after: Option<PermissionId>,
        most: i64,
    ) -> Result<Vec<Permission>, StorageError> {
        let tenant = self.0.tenant.to_string();
        let (anywhere, site) = (site.is_none(), site.map(|site| site.to_string()).unwrap_or_default());
        let after = after.map(|after| after.to_string()).unwrap_or_default();
        let guests = users::table
            .filter(users::tenant_id.eq(tenant.clone()))
            .filter(users::kind.eq(GUEST).and(users::deleted_at.is_null()))
            .filter(users::id.eq(permissions::principal_id))
            .select(users::id);
        let groups = group_members::table
            .inner_join(users::table.on(users::id.eq(group_members::user_id)))
            .filter(group_members::tenant_id.eq(tenant.clone()))
            .filter(users::kind.eq(GUEST).and(users::deleted_at.is_null()))
            .filter(group_members::group_id.eq(permissions::principal_id))
            .select(group_members::group_id);
        let (everybody, of_guests) = (of == PageOf::Everybody, of == PageOf::Guests);
        let by_guest = permissions::principal_kind.eq(USER).and(diesel::dsl::exists(guests));
        let by_group = permissions::principal_kind.eq(GROUP).and(diesel::dsl::exists(groups));
        let query = permissions::table
            .filter(permissions::tenant_id.eq(tenant))
            .filter(permissions::revoked_at.is_null())
            .filter(permissions::id.gt(after))
            .filter(permissions::site_id.eq(site).or(anywhere.into_sql::<Bool>()))
            .filter(
                everybody
                    .into_sql::<Bool>()
                    .or(of_guests.into_sql::<Bool>().and(by_guest))
                    .or((!everybody && !of_guests).into_sql::<Bool>().and(by_group)),
            )
            .order(permissions::id)
            .limit(most);
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_permission).collect()
    }

    /// Lists the stays that end in a span of time: site, guest and end, by site.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_ending_stays(
        &mut self,
        from: model::Timestamp,
        until: model::Timestamp,
    ) -> Result<Vec<(SiteId, UserId, model::Timestamp)>, StorageError> {
        let (from, until) = (crate::convert::micros(from), crate::convert::micros(until));
        let query = guest_stays::table
            .filter(guest_stays::tenant_id.eq(self.0.tenant.to_string()))
            .filter(guest_stays::ends_at.ge(from).and(guest_stays::ends_at.lt(until)))
            .order((guest_stays::site_id, guest_stays::ends_at, guest_stays::user_id))
            .select((guest_stays::site_id, guest_stays::user_id, guest_stays::ends_at));
        let rows: Vec<(String, String, Option<i64>)> = on!(self.0, connection => query.load(connection))?;
        let mut found = Vec::with_capacity(rows.len());
        for (site, user, end) in rows {
            if let Some(end) = maybe_time("guest_stays", "ends_at", end)? {
                found.push((id("guest_stays", "site_id", &site)?, id("guest_stays", "user_id", &user)?, end));
            }
        }
        Ok(found)
    }
}
