//! Whom a link names: people of the directory, and addresses that stand for nobody there.

use diesel::prelude::*;
use model::{LinkId, LinkRecipient, Timestamp};

use crate::connection::on;
use crate::convert::{id, micros};
use crate::schema::links::link_recipients;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "link_recipients";
const PERSON: i64 = 0;
const ADDRESS: i64 = 1;

/// The recipients of the links of a scope's tenant.
pub struct LinkRecipients<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns whom the tenant's links name.
    pub fn link_recipients(&mut self) -> LinkRecipients<'_, M> {
        LinkRecipients(self.reborrow())
    }
}

fn columns(recipient: &LinkRecipient) -> (i64, String) {
    match recipient {
        LinkRecipient::Person(user) => (PERSON, user.to_string()),
        LinkRecipient::Address(key) => (ADDRESS, key.clone()),
    }
}

impl<M> LinkRecipients<'_, M> {
    /// Lists whom a link names, in the order in which they were added.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self, link: LinkId) -> Result<Vec<LinkRecipient>, StorageError> {
        let query = link_recipients::table
            .filter(link_recipients::link_id.eq(link.to_string()))
            .filter(link_recipients::tenant_id.eq(self.0.tenant.to_string()))
            .order((link_recipients::added_at, link_recipients::recipient))
            .select((link_recipients::recipient_kind, link_recipients::recipient));
        let rows: Vec<(i64, String)> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter()
            .map(|(kind, recipient)| match kind {
                PERSON => Ok(LinkRecipient::Person(id(TABLE, "recipient", &recipient)?)),
                ADDRESS => Ok(LinkRecipient::Address(recipient)),
                _ => Err(StorageError::Corrupt { table: TABLE, column: "recipient_kind" }),
            })
            .collect()
    }

    /// Returns whether a link names somebody.
    ///
    /// # Errors
    /// A storage error.
    pub fn names(&mut self, link: LinkId, recipient: &LinkRecipient) -> Result<bool, StorageError> {
        let (kind, text) = columns(recipient);
        let query = link_recipients::table
            .find((link.to_string(), kind, text))
            .filter(link_recipients::tenant_id.eq(self.0.tenant.to_string()))
            .select(link_recipients::link_id);
        let found: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        Ok(found.is_some())
    }
}

impl LinkRecipients<'_, Writing> {
    /// Adds somebody to those a link names; returns whether they are new.
    ///
    /// # Errors
    /// A storage error.
    pub fn add(
        &mut self,
        link: LinkId,
        recipient: &LinkRecipient,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let (kind, text) = columns(recipient);
        let row = (
            link_recipients::tenant_id.eq(self.0.tenant.to_string()),
            link_recipients::link_id.eq(link.to_string()),
            link_recipients::recipient_kind.eq(kind),
            link_recipients::recipient.eq(text),
            link_recipients::added_at.eq(micros(at)),
        );
        let insert = diesel::insert_into(link_recipients::table).values(row).on_conflict_do_nothing();
        let added = on!(self.0, connection => insert.execute(connection))?;
        Ok(added > 0)
    }
}
