//! What an organization set about telling owners, and when they were warned last (7.5, E-5).

use diesel::prelude::*;
use model::{OwnerNotifications, Telling, Timestamp};

use crate::connection::on;
use crate::convert::{micros, time};
use crate::schema::directory::tenants;
use crate::{Scope, StorageError, Writing};

/// The settings of a scope's tenant.
pub struct OwnerNotices<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns what the tenant set about telling owners.
    pub fn owner_notifications(&mut self) -> OwnerNotices<'_, M> {
        OwnerNotices(self.reborrow())
    }
}

impl<M> OwnerNotices<'_, M> {
    /// Loads the settings.
    ///
    /// # Errors
    /// A storage error.
    pub fn load(&mut self) -> Result<OwnerNotifications, StorageError> {
        let query = tenants::table.find(self.0.tenant.to_string()).select((
            tenants::tell_reshared,
            tenants::tell_accepted,
            tenants::tell_anyone_links,
            tenants::tell_mailboxes,
        ));
        let (reshared, accepted, anyone, mailboxes): (i64, i64, i64, String) =
            on!(self.0, connection => query.first(connection))?;
        let corrupt = |_| StorageError::Corrupt { table: "tenants", column: "tell_mailboxes" };
        Ok(OwnerNotifications {
            reshared: Telling::of(reshared != 0),
            accepted: Telling::of(accepted != 0),
            anyone_links: Telling::of(anyone != 0),
            mailboxes: mailboxes.lines().map(str::parse).collect::<Result<_, _>>().map_err(corrupt)?,
        })
    }

    /// Tells when owners were warned last of guests whose time ends.
    ///
    /// # Errors
    /// A storage error.
    pub fn warned(&mut self) -> Result<Timestamp, StorageError> {
        let query = tenants::table.find(self.0.tenant.to_string()).select(tenants::stays_warned_at);
        let at: i64 = on!(self.0, connection => query.first(connection))?;
        time("tenants", "stays_warned_at", at)
    }
}

impl OwnerNotices<'_, Writing> {
    /// Keeps the settings.
    ///
    /// # Errors
    /// A storage error.
    pub fn update(&mut self, settings: &OwnerNotifications) -> Result<(), StorageError> {
        let mailboxes: Vec<String> = settings.mailboxes.iter().map(ToString::to_string).collect();
        let update = diesel::update(tenants::table.find(self.0.tenant.to_string())).set((
            tenants::tell_reshared.eq(i64::from(settings.reshared.is_on())),
            tenants::tell_accepted.eq(i64::from(settings.accepted.is_on())),
            tenants::tell_anyone_links.eq(i64::from(settings.anyone_links.is_on())),
            tenants::tell_mailboxes.eq(mailboxes.join("\n")),
        ));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Notes that owners were warned, unless another process did since `before`. Returns whether this one did.
    ///
    /// # Errors
    /// A storage error.
    pub fn set_warned(&mut self, before: Timestamp, now: Timestamp) -> Result<bool, StorageError> {
        let update = diesel::update(
            tenants::table
                .find(self.0.tenant.to_string())
                .filter(tenants::stays_warned_at.eq(micros(before))),
        )
        .set(tenants::stays_warned_at.eq(micros(now)));
        Ok(on!(self.0, connection => update.execute(connection))? == 1)
    }
}
