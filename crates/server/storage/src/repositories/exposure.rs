//! Exposure: what of an organization is open to the outside, as its administrators list it — sites, guests, links — in
//! pages, with search. Who may see the lists is decided elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::count_star;
use diesel::prelude::*;
use model::{GuestState, LinkKind, Site, SiteId, Timestamp, User, UserId};

use super::sites::Row as SiteRow;
use super::text_search::{lower, pattern};
use super::users::{Row as UserRow, STATES};
use crate::connection::on;
use crate::convert::{code, code_of, id, maybe_id, micros, time};
use crate::schema::directory::{group_members, users};
use crate::schema::links::{link_recipients, links};
use crate::schema::sites::{invitations, permissions, sites};
use crate::{Scope, StorageError};

const USER: i64 = 0;
const GROUP: i64 = 1;
/// `users.kind` of a guest.
const GUEST: i64 = 1;

/// A page of a list that can be searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListPage {
    /// What a name or address holds; empty for everything.
    pub search: String,
    /// The key after which the page starts: a site's name, or a guest's sign-in name.
    pub after: Option<String>,
    /// Most entries.
    pub most: i64,
}

/// Sites where something is open to people outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutwardSites {
    /// A guest holds something there, or a link names somebody outside.
    pub named: BTreeSet<SiteId>,
    /// A link that needs no sign-in stands there.
    pub anyone: BTreeSet<SiteId>,
}

/// How many guests there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GuestCounts {
    /// Who accepted and may sign in.
    pub accepted: u64,
    /// Who was invited and has not accepted.
    pub pending: u64,
    /// Who is blocked, accepted or not.
    pub blocked: u64,
}

/// How a guest came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstInvitation {
    /// Who invited; none when it was no person of the organization.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// What of a scope's tenant is open to the outside.
pub struct Exposure<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns what of the tenant is open to the outside.
    pub fn exposure(&mut self) -> Exposure<'_, M> {
        Exposure(self.reborrow())
    }
}

impl<M> Exposure<'_, M> {
    /// Lists sites by their name in addresses, personal drives included.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_sites(&mut self, page: &ListPage) -> Result<Vec<Site>, StorageError> {
        let (low, typed) = (pattern(&page.search.to_lowercase()), pattern(&page.search));
        let query = sites::table
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sites::deleted_at.is_null())
            .filter(sites::name_key.gt(page.after.clone().unwrap_or_default()))
            .filter(
                (sites::name_key.like(low.clone()).escape('\\'))
                    .or(lower(sites::display_name).like(low).escape('\\'))
                    .or(sites::display_name.like(typed).escape('\\')),
            )
            .order(sites::name_key)
            .limit(page.most);
        let rows: Vec<SiteRow> =
            on!(self.0, connection => query.select(SiteRow::as_select()).load(connection))?;
        rows.into_iter().map(SiteRow::into_site).collect()
    }

    /// Counts the sites, personal drives included.
    ///
    /// # Errors
    /// A storage error.
    pub fn count_sites(&mut self) -> Result<u64, StorageError> {
        let query = sites::table
            .filter(sites::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sites::deleted_at.is_null())
            .select(count_star());
        let count: i64 = on!(self.0, connection => query.first(connection))?;
        Ok(count.unsigned_abs())
    }

    /// Lists the sites where something stands open to people outside. What a level masks is listed as well.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_outward_sites(&mut self, now: Timestamp) -> Result<OutwardSites, StorageError> {
        let tenant = self.0.tenant.to_string();
        let standing = || {
            permissions::table
                .filter(permissions::tenant_id.eq(tenant.clone()))
                .filter(permissions::revoked_at.is_null())
        };
        let direct = standing()
            .inner_join(users::table.on(users::id.eq(permissions::principal_id)))
            .filter(permissions::principal_kind.eq(USER))
            .filter(users::kind.eq(GUEST).and(users::deleted_at.is_null()))
            .select(permissions::site_id)
            .distinct();
        let mut found: Vec<String> = on!(self.0, connection => direct.load(connection))?;
        let by_group = standing()
            .inner_join(group_members::table.on(group_members::group_id.eq(permissions::principal_id)))
            .inner_join(users::table.on(users::id.eq(group_members::user_id)))
            .filter(permissions::principal_kind.eq(GROUP))
            .filter(users::kind.eq(GUEST).and(users::deleted_at.is_null()))
            .select(permissions::site_id)
            .distinct();
        found.extend(on!(self.0, connection => by_group.load::<String>(connection))?);
        let people: i64 = 0;
        let links_standing = || {
            links::table
                .filter(links::tenant_id.eq(tenant.clone()))
                .filter(links::revoked_at.is_null())
                .filter(links::expires_at.is_null().or(links::expires_at.gt(micros(now))))
        };
        let by_link = links_standing()
            .inner_join(link_recipients::table.on(link_recipients::link_id.eq(links::id)))
            .left_join(users::table.on(users::id.eq(link_recipients::recipient)))
            .filter(
                link_recipients::recipient_kind
                    .ne(people)
                    .or(users::kind.eq(GUEST).and(users::deleted_at.is_null()).assume_not_null()),
            )
            .select(links::site_id)
            .distinct();
        found.extend(on!(self.0, connection => by_link.load::<String>(connection))?);
        let anyone = links_standing()
            .filter(links::kind.eq(code_of(&LinkKind::ALL, &LinkKind::Anyone)))
            .select(links::site_id)
            .distinct();
        let anyone: Vec<String> = on!(self.0, connection => anyone.load(connection))?;
        let read = |found: Vec<String>| -> Result<BTreeSet<SiteId>, StorageError> {
            found.iter().map(|site| id("sites", "id", site)).collect()
        };
        Ok(OutwardSites { named: read(found)?, anyone: read(anyone)? })
    }

    /// Counts the links that need no sign-in and stand at a moment, by site.
    ///
    /// # Errors
    /// A storage error.
    pub fn count_anyone_links(&mut self, now: Timestamp) -> Result<BTreeMap<SiteId, u64>, StorageError> {
        let query = links::table
            .filter(links::tenant_id.eq(self.0.tenant.to_string()))
            .filter(links::kind.eq(code_of(&LinkKind::ALL, &LinkKind::Anyone)))
            .filter(links::revoked_at.is_null())
            .filter(links::expires_at.is_null().or(links::expires_at.gt(micros(now))))
            .group_by(links::site_id)
            .select((links::site_id, count_star()));
        let rows: Vec<(String, i64)> = on!(self.0, connection => query.load(connection))?;
        let read = |(site, count): (String, i64)| Ok((id("links", "site_id", &site)?, count.unsigned_abs()));
        rows.into_iter().map(read).collect()
    }

    /// Lists guests by sign-in name, blocked ones included.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_guests(&mut self, page: &ListPage) -> Result<Vec<User>, StorageError> {
        let (low, typed) = (pattern(&page.search.to_lowercase()), pattern(&page.search));
        let query = users::table
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::kind.eq(GUEST))
            .filter(users::deleted_at.is_null())
            .filter(users::principal_key.gt(page.after.clone().unwrap_or_default()))
            .filter(
                (lower(users::mail.assume_not_null()).like(low.clone()).escape('\\'))
                    .or(lower(users::display_name).like(low.clone()).escape('\\'))
                    .or(users::principal_key.like(low).escape('\\'))
                    .or(users::display_name.like(typed).escape('\\')),
            )
            .order(users::principal_key)
            .limit(page.most);
        let rows: Vec<UserRow> =
            on!(self.0, connection => query.select(UserRow::as_select()).load(connection))?;
        rows.into_iter().map(UserRow::into_user).collect()
    }

    /// Lists guests who were deleted, the last ones first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_deleted_guests(&mut self, most: i64) -> Result<Vec<User>, StorageError> {
        let query = users::table
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::kind.eq(GUEST))
            .filter(users::deleted_at.is_not_null())
            .order((users::deleted_at.desc(), users::id))
            .limit(most);
        let rows: Vec<UserRow> =
            on!(self.0, connection => query.select(UserRow::as_select()).load(connection))?;
        rows.into_iter().map(UserRow::into_user).collect()
    }

    /// Counts the guests by how they stand.
    ///
    /// # Errors
    /// A storage error.
    pub fn count_guests(&mut self) -> Result<GuestCounts, StorageError> {
        let query = users::table
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::kind.eq(GUEST))
            .filter(users::deleted_at.is_null())
            .group_by((users::enabled, users::guest_state))
            .select((users::enabled, users::guest_state, count_star()));
        let rows: Vec<(bool, Option<i64>, i64)> = on!(self.0, connection => query.load(connection))?;
        let mut counts = GuestCounts::default();
        for (enabled, state, count) in rows {
            let state = state.map(|state| code("users", "guest_state", &STATES, state)).transpose()?;
            let slot = match (enabled, state) {
                (false, _) => &mut counts.blocked,
                (true, Some(GuestState::PendingAcceptance)) => &mut counts.pending,
                (true, Some(GuestState::Accepted) | None) => &mut counts.accepted,
            };
            *slot += count.unsigned_abs();
        }
        Ok(counts)
    }

    /// Lists the sites where each of some people holds anything at a moment, by themselves or through a group.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_sites_of(
        &mut self,
        people: &[UserId],
        now: Timestamp,
    ) -> Result<BTreeMap<UserId, Vec<Site>>, StorageError> {
        let tenant = self.0.tenant.to_string();
        let people: Vec<String> = people.iter().map(ToString::to_string).collect();
        let standing = || {
            permissions::table
                .inner_join(sites::table.on(sites::id.eq(permissions::site_id)))
                .filter(permissions::tenant_id.eq(tenant.clone()))
                .filter(permissions::revoked_at.is_null().and(sites::deleted_at.is_null()))
                .filter(permissions::expires_at.is_null().or(permissions::expires_at.gt(micros(now))))
        };
        let direct = standing()
            .filter(permissions::principal_kind.eq(USER))
            .filter(permissions::principal_id.eq_any(people.clone()));
        let mut rows: Vec<(String, SiteRow)> = on!(self.0, connection => direct
            .select((permissions::principal_id, SiteRow::as_select()))
            .load(connection))?;
        let by_group = standing()
            .inner_join(group_members::table.on(group_members::group_id.eq(permissions::principal_id)))
            .filter(permissions::principal_kind.eq(GROUP))
            .filter(group_members::user_id.eq_any(people));
        rows.extend(on!(self.0, connection => by_group
            .select((group_members::user_id, SiteRow::as_select()))
            .load::<(String, SiteRow)>(connection))?);
        let mut found: BTreeMap<UserId, BTreeMap<SiteId, Site>> = BTreeMap::new();
        for (person, site) in rows {
            let site = site.into_site()?;
            found.entry(id("permissions", "principal_id", &person)?).or_default().insert(site.id, site);
        }
        let by_name = |sites: BTreeMap<SiteId, Site>| {
            let mut sites: Vec<Site> = sites.into_values().collect();
            sites.sort_by_key(|site| site.display_name.to_lowercase());
            sites
        };
        Ok(found.into_iter().map(|(person, sites)| (person, by_name(sites))).collect())
    }

    /// Lists how each of some guests came; who was made without an invitation is missing.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_first_invitations(
        &mut self,
        guests: &[UserId],
    ) -> Result<BTreeMap<UserId, FirstInvitation>, StorageError> {
        let guests: Vec<String> = guests.iter().map(ToString::to_string).collect();
        let query = invitations::table
            .filter(invitations::tenant_id.eq(self.0.tenant.to_string()))
            .filter(invitations::guest_id.eq_any(guests))
            .order((invitations::created_at.desc(), invitations::id))
            .select((invitations::guest_id, invitations::created_by, invitations::created_at));
        let rows: Vec<(String, Option<String>, i64)> = on!(self.0, connection => query.load(connection))?;
        let read = |(guest, by, at): (String, Option<String>, i64)| {
            let by = maybe_id("invitations", "created_by", by)?;
            let first = FirstInvitation { by, at: time("invitations", "created_at", at)? };
            // The oldest comes last and stays.
            Ok((id("invitations", "guest_id", &guest)?, first))
        };
        rows.into_iter().map(read).collect()
    }
}
