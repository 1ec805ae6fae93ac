//! The audit trail: append only.

use diesel::prelude::*;
use model::{Actor, AuditEvent, AuditRecordId, Client};

use crate::connection::on;
use crate::convert::micros;
use crate::schema::directory::audit_events;
use crate::{Audited, Scope, StorageError, Writing};

/// The audit trail of a scope's tenant.
pub struct Audit<'s, M>(pub(super) Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's audit trail.
    pub fn audit(&mut self) -> Audit<'_, M> {
        Audit(self.reborrow())
    }
}

#[derive(Insertable)]
#[diesel(table_name = audit_events)]
struct NewRow {
    id: String,
    tenant_id: String,
    at: i64,
    actor_kind: i64,
    actor: Option<String>,
    operation: String,
    target_id: Option<String>,
    site_id: Option<String>,
    item_id: Option<String>,
    details: String,
    client_address: Option<String>,
    user_agent: Option<String>,
}

impl<M> Audit<'_, M> {
    /// Lists the names of the newest operations, newest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_operations(&mut self, most: i64) -> Result<Vec<String>, StorageError> {
        let query = audit_events::table
            .filter(audit_events::tenant_id.eq(self.0.tenant.to_string()))
            .order((audit_events::at.desc(), audit_events::id))
            .limit(most)
            .select(audit_events::operation);
        Ok(on!(self.0, connection => query.load(connection))?)
    }
}

impl Audit<'_, Writing> {
    /// Appends one record under a fresh id.
    ///
    /// # Errors
    /// A storage error.
    pub fn record(&mut self, id: [u8; 16], event: &AuditEvent) -> Result<Audited, StorageError> {
        self.record_all(vec![(id, event)])
    }

    /// Appends many records in one statement.
    ///
    /// # Errors
    /// A storage error.
    pub fn record_all(&mut self, events: Vec<([u8; 16], &AuditEvent)>) -> Result<Audited, StorageError> {
        let (tenant, client) = (self.0.tenant, self.0.mode.client.clone());
        let rows: Vec<NewRow> =
            events.into_iter().map(|(id, event)| NewRow::from_event(id, tenant, event, &client)).collect();
        // PostgreSQL takes at most 65,535 parameters in a statement.
        for rows in rows.chunks(1_000) {
            on!(self.0, connection => diesel::insert_into(audit_events::table).values(rows).execute(connection))?;
        }
        Ok(Audited(()))
    }
}

impl NewRow {
    fn from_event(id: [u8; 16], tenant: model::TenantId, event: &AuditEvent, client: &Client) -> Self {
        let (actor_kind, actor) = match event.actor {
            Actor::Person(user) => (0, Some(user.to_string())),
            Actor::Operator => (1, None),
            Actor::System(job) => (2, Some(job.to_owned())),
            Actor::Application(application) => (3, Some(application.to_string())),
        };
        let details: serde_json::Map<String, serde_json::Value> =
            event.details.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
        Self {
            id: AuditRecordId::from_random(id).to_string(),
            tenant_id: tenant.to_string(),
            at: micros(event.at),
            actor_kind,
            actor,
            operation: event.operation.0.to_owned(),
            target_id: event.target.map(|user| user.to_string()),
            site_id: event.site.map(|site| site.to_string()),
            item_id: event.item.map(|item| item.to_string()),
            details: serde_json::Value::Object(details).to_string(),
            client_address: client.address.map(|address| address.to_string()),
            user_agent: client.user_agent.clone(),
        }
    }
}
