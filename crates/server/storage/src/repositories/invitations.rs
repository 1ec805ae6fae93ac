//! Invitations of guests. Only the hash of a ticket is ever stored.

use diesel::prelude::*;
use model::{Invitation, InvitationId, SecretHash, Timestamp, UserId};

use crate::connection::on;
use crate::convert::{id, maybe_id, maybe_time, micros, time};
use crate::schema::sites::invitations;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "invitations";

/// The invitations of a scope's tenant.
pub struct Invitations<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's invitations.
    pub fn invitations(&mut self) -> Invitations<'_, M> {
        Invitations(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invitations)]
struct Row {
    id: String,
    tenant_id: String,
    guest_id: String,
    email: String,
    ticket_hash: Vec<u8>,
    redirect_url: String,
    message: Option<String>,
    created_by: Option<String>,
    created_at: i64,
    redeemed_at: Option<i64>,
}

impl Row {
    fn into_invitation(self) -> Result<Invitation, StorageError> {
        Ok(Invitation {
            id: id(TABLE, "id", &self.id)?,
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            guest: id(TABLE, "guest_id", &self.guest_id)?,
            email: self.email,
            ticket_hash: self
                .ticket_hash
                .try_into()
                .map(SecretHash)
                .map_err(|_| StorageError::Corrupt { table: TABLE, column: "ticket_hash" })?,
            redirect_url: self.redirect_url,
            message: self.message,
            created_by: maybe_id(TABLE, "created_by", self.created_by)?,
            created: time(TABLE, "created_at", self.created_at)?,
            redeemed: maybe_time(TABLE, "redeemed_at", self.redeemed_at)?,
        })
    }
}

impl<M> Invitations<'_, M> {
    /// Finds the invitation a ticket belongs to, redeemed or not.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_by_ticket_hash(&mut self, hash: SecretHash) -> Result<Option<Invitation>, StorageError> {
        let query = invitations::table
            .filter(invitations::tenant_id.eq(self.0.tenant.to_string()))
            .filter(invitations::ticket_hash.eq(hash.0.to_vec()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_invitation).transpose()
    }

    /// Lists a guest's invitations, oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_guest(&mut self, guest: UserId) -> Result<Vec<Invitation>, StorageError> {
        let query = invitations::table
            .filter(invitations::tenant_id.eq(self.0.tenant.to_string()))
            .filter(invitations::guest_id.eq(guest.to_string()))
            .order((invitations::created_at, invitations::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_invitation).collect()
    }
}

impl Invitations<'_, Writing> {
    /// Makes an invitation.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, invitation: &Invitation) -> Result<(), StorageError> {
        let row = Row {
            id: invitation.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            guest_id: invitation.guest.to_string(),
            email: invitation.email.clone(),
            ticket_hash: invitation.ticket_hash.0.to_vec(),
            redirect_url: invitation.redirect_url.clone(),
            message: invitation.message.clone(),
            created_by: invitation.created_by.map(|user| user.to_string()),
            created_at: micros(invitation.created),
            redeemed_at: invitation.redeemed.map(micros),
        };
        on!(self.0, connection => diesel::insert_into(invitations::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Marks an invitation as accepted.
    ///
    /// # Errors
    /// A storage error.
    pub fn redeem(&mut self, invitation: InvitationId, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(invitations::table.filter(invitations::id.eq(invitation.to_string())))
            .filter(invitations::tenant_id.eq(self.0.tenant.to_string()))
            .filter(invitations::redeemed_at.is_null())
            .set(invitations::redeemed_at.eq(micros(at)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}
