//! What becomes of a guest's object after it was made: another address, another home account, one object out of two, and
//! the end of a deleted one (sharing-and-guests.md 4.7, 4.8).

use diesel::prelude::*;
use model::{Address, GuestState, GuestStay, SiteId, TenantId, Timestamp, UserId};

use super::users::STATES;
use crate::connection::on;

use crate::convert::{code_of, id, maybe_time, micros, time};
use crate::schema::directory::{group_members, user_addresses, user_roles, users};
use crate::schema::governance::guest_stays;
use crate::schema::links::link_recipients;
use crate::schema::sites::{invitations, permissions};
use crate::{OperatorScope, Scope, StorageError, Writing};

/// `link_recipients.recipient_kind` and `permissions.principal_kind` of a person.
const PERSON: i64 = 0;
/// `users.kind` of a guest.
const GUEST: i64 = 1;

/// The lives of the guests of a scope's tenant.
pub struct GuestLives<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns what can become of the tenant's guests.
    pub fn guest_lives(&mut self) -> GuestLives<'_, M> {
        GuestLives(self.reborrow())
    }
}

impl<M> GuestLives<'_, M> {
    /// Lists the sites in which a guest has a stay.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_stays(&mut self, guest: UserId) -> Result<Vec<(SiteId, GuestStay)>, StorageError> {
        const TABLE: &str = "guest_stays";
        let query = guest_stays::table
            .filter(guest_stays::user_id.eq(guest.to_string()))
            .filter(guest_stays::tenant_id.eq(self.0.tenant.to_string()))
            .order(guest_stays::site_id)
            .select((guest_stays::site_id, guest_stays::joined_at, guest_stays::ends_at));
        let rows: Vec<(String, i64, Option<i64>)> = on!(self.0, connection => query.load(connection))?;
        let stay = |joined, ends| {
            Ok::<_, StorageError>(GuestStay {
                joined: time(TABLE, "joined_at", joined)?,
                ends: maybe_time(TABLE, "ends_at", ends)?,
            })
        };
        rows.into_iter()
            .map(|(site, joined, ends)| Ok((id(TABLE, "site_id", &site)?, stay(joined, ends)?)))
            .collect()
    }
}

impl GuestLives<'_, Writing> {
    /// Makes an address the one by which a guest is called. They must be known by it.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_mail(&mut self, guest: UserId, mail: &Address) -> Result<(), StorageError> {
        let update = diesel::update(users::table.filter(users::id.eq(guest.to_string())))
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::deleted_at.is_null())
            .set(users::mail.eq(mail.to_string()));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Unbinds a guest from their home account; they are known by one address alone until they accept again. Tokens of
    /// before are void.
    ///
    /// # Errors
    /// A storage error.
    pub fn reset(&mut self, guest: UserId, mail: &Address, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(users::table.filter(users::id.eq(guest.to_string())))
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::deleted_at.is_null())
            .set((
                users::guest_state.eq(code_of(&STATES, &GuestState::PendingAcceptance)),
                users::guest_state_at.eq(micros(at)),
                users::home_tenant_id.eq(None::<String>),
                users::home_user_id.eq(None::<String>),
                users::mail.eq(mail.to_string()),
                users::tokens_valid_from.eq(micros(at)),
            ));
        on!(self.0, connection => update.execute(connection))?;
        let forgotten =
            diesel::delete(user_addresses::table.filter(user_addresses::user_id.eq(guest.to_string())))
                .filter(user_addresses::tenant_id.eq(self.0.tenant.to_string()))
                .filter(user_addresses::address_key.ne(mail.key()));
        on!(self.0, connection => forgotten.execute(connection))?;
        Ok(())
    }

    /// Gives one person's addresses, invitations and places in links to another.
    ///
    /// # Errors
    /// A storage error.
    pub fn hand_over(&mut self, from: UserId, to: UserId) -> Result<(), StorageError> {
        let (tenant, from, to) = (self.0.tenant.to_string(), from.to_string(), to.to_string());
        let addresses = diesel::update(user_addresses::table.filter(user_addresses::user_id.eq(&from)))
            .filter(user_addresses::tenant_id.eq(&tenant))
            .set(user_addresses::user_id.eq(&to));
        on!(self.0, connection => addresses.execute(connection))?;
        let offers = diesel::update(invitations::table.filter(invitations::guest_id.eq(&from)))
            .filter(invitations::tenant_id.eq(&tenant))
            .set(invitations::guest_id.eq(&to));
        on!(self.0, connection => offers.execute(connection))?;
        let named = link_recipients::table
            .filter(link_recipients::tenant_id.eq(&tenant))
            .filter(link_recipients::recipient_kind.eq(PERSON))
            .filter(link_recipients::recipient.eq(&from))
            .order(link_recipients::link_id)
            .select((link_recipients::link_id, link_recipients::added_at));
        let named: Vec<(String, i64)> = on!(self.0, connection => named.load(connection))?;
        for (link, added) in &named {
            let row = (
                link_recipients::tenant_id.eq(&tenant),
                link_recipients::link_id.eq(link),
                link_recipients::recipient_kind.eq(PERSON),
                link_recipients::recipient.eq(&to),
                link_recipients::added_at.eq(*added),
            );
            on!(self.0, connection => diesel::insert_into(link_recipients::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(connection))?;
        }
        self.unname(&from)
    }

    /// Removes a person from every link that names them.
    fn unname(&mut self, person: &str) -> Result<(), StorageError> {
        let delete = diesel::delete(link_recipients::table.filter(link_recipients::recipient.eq(person)))
            .filter(link_recipients::tenant_id.eq(self.0.tenant.to_string()))
            .filter(link_recipients::recipient_kind.eq(PERSON));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }

    /// Ends a deleted guest for good: groups, permissions, stays, invitations, name and addresses are gone. The ids stay, so
    /// that audit records mean somebody, and that the reason why a synced folder closed can still be told.
    ///
    /// # Errors
    /// A storage error.
    pub fn purge(&mut self, guest: UserId, at: Timestamp) -> Result<(), StorageError> {
        let (tenant, person) = (self.0.tenant.to_string(), guest.to_string());
        let update = diesel::update(users::table.filter(users::id.eq(&person)))
            .filter(users::tenant_id.eq(&tenant))
            .filter(users::deleted_at.is_not_null())
            .filter(users::purged_at.is_null())
            .set((
                users::purged_at.eq(micros(at)),
                users::display_name.eq(""),
                users::principal_name.eq(&person),
                users::principal_key.eq(&person),
                users::mail.eq(None::<String>),
                users::password_hash.eq(None::<String>),
            ));
        if on!(self.0, connection => update.execute(connection))? == 0 {
            return Ok(());
        }
        let held = diesel::update(permissions::table.filter(permissions::principal_id.eq(&person)))
            .filter(permissions::tenant_id.eq(&tenant))
            .filter(permissions::principal_kind.eq(PERSON))
            .filter(permissions::revoked_at.is_null())
            .set(permissions::revoked_at.eq(micros(at)));
        on!(self.0, connection => held.execute(connection))?;
        let groups = diesel::delete(group_members::table.filter(group_members::user_id.eq(&person)))
            .filter(group_members::tenant_id.eq(&tenant));
        on!(self.0, connection => groups.execute(connection))?;
        let roles = diesel::delete(user_roles::table.filter(user_roles::user_id.eq(&person)))
            .filter(user_roles::tenant_id.eq(&tenant));
        on!(self.0, connection => roles.execute(connection))?;
        let stays = diesel::delete(guest_stays::table.filter(guest_stays::user_id.eq(&person)))
            .filter(guest_stays::tenant_id.eq(&tenant));
        on!(self.0, connection => stays.execute(connection))?;
        let offers = diesel::delete(invitations::table.filter(invitations::guest_id.eq(&person)))
            .filter(invitations::tenant_id.eq(&tenant));
        on!(self.0, connection => offers.execute(connection))?;
        self.unname(&person)
    }
}

impl<M> OperatorScope<'_, M> {
    /// Lists guests of every organization who were deleted before a moment and are not gone for good yet, oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_guests_deleted_before(
        &mut self,
        before: Timestamp,
        most: i64,
    ) -> Result<Vec<(TenantId, UserId)>, StorageError> {
        let query = users::table
            .filter(users::deleted_at.lt(micros(before)))
            .filter(users::purged_at.is_null())
            .filter(users::kind.eq(GUEST))
            .order((users::deleted_at, users::id))
            .limit(most)
            .select((users::tenant_id, users::id));
        let rows: Vec<(String, String)> = on!(self, connection => query.load(connection))?;
        rows.iter()
            .map(|(tenant, user)| Ok((id("users", "tenant_id", tenant)?, id("users", "id", user)?)))
            .collect()
    }
}
