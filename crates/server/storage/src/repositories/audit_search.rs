//! Asking the audit trail: by time, operation, person, site and item, newest first, in pages that new records do not shift.

use diesel::prelude::*;
use model::{AuditRecord, AuditRecordId, ItemId, RecordedActor, SiteId, Timestamp, UserId};

use super::audit::Audit;
use crate::StorageError;
use crate::connection::on;
use crate::convert::{id, maybe_id, micros, time};
use crate::schema::directory::audit_events;

const TABLE: &str = "audit_events";

/// Which records are asked for; what is none asks for every.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditSearch {
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
    /// One of these operations; every operation when empty.
    pub operations: Vec<String>,
    /// Done by this person, or to them.
    pub person: Option<UserId>,
    /// In one of these sites; everywhere when none.
    pub sites: Option<Vec<SiteId>>,
    /// Done to this item.
    pub item: Option<ItemId>,
    /// Behind this record of an earlier page.
    pub after: Option<AuditPlace>,
}

/// A record's place in the order of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditPlace {
    /// When it happened, in microseconds since 1970.
    pub at: i64,
    /// Its name.
    pub id: AuditRecordId,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) tenant_id: String,
    pub(super) at: i64,
    pub(super) actor_kind: i64,
    pub(super) actor: Option<String>,
    pub(super) operation: String,
    pub(super) target_id: Option<String>,
    pub(super) site_id: Option<String>,
    pub(super) item_id: Option<String>,
    pub(super) details: String,
    pub(super) client_address: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) seal: Option<i64>,
}

impl<M> Audit<'_, M> {
    /// Lists records, newest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn search(&mut self, asked: &AuditSearch, most: i64) -> Result<Vec<AuditRecord>, StorageError> {
        let scope = &mut self.0;
        let tenant = scope.tenant.to_string();
        // A boxed query belongs to one database, so that it is put together where the database is known.
        let rows: Vec<Row> = on!(scope, connection => {
            let mut query = audit_events::table.filter(audit_events::tenant_id.eq(tenant)).into_boxed();
            if let Some(from) = asked.from {
                query = query.filter(audit_events::at.ge(micros(from)));
            }
            if let Some(until) = asked.until {
                query = query.filter(audit_events::at.lt(micros(until)));
            }
            if !asked.operations.is_empty() {
                query = query.filter(audit_events::operation.eq_any(&asked.operations));
            }
            if let Some(person) = asked.person.map(|person| person.to_string()) {
                let to_them = audit_events::target_id.eq(person.clone());
                query = query.filter(audit_events::actor.eq(person).or(to_them));
            }
            if let Some(sites) = &asked.sites {
                let sites: Vec<String> = sites.iter().map(ToString::to_string).collect();
                query = query.filter(audit_events::site_id.eq_any(sites));
            }
            if let Some(item) = asked.item {
                query = query.filter(audit_events::item_id.eq(item.to_string()));
            }
            if let Some(after) = asked.after {
                let same_time = audit_events::at.eq(after.at).and(audit_events::id.gt(after.id.to_string()));
                query = query.filter(audit_events::at.lt(after.at).or(same_time));
            }
            query
                .order((audit_events::at.desc(), audit_events::id))
                .limit(most)
                .select(Row::as_select())
                .load(connection)
        })?;
        rows.into_iter().map(Row::into_record).collect()
    }

    /// Finds when each of some people last did something in a site.
    ///
    /// # Errors
    /// A storage error.
    pub fn last_acts_in_site(
        &mut self,
        site: SiteId,
        people: &[UserId],
    ) -> Result<std::collections::BTreeMap<UserId, Timestamp>, StorageError> {
        let mut found = std::collections::BTreeMap::new();
        for people in people.chunks(500) {
            let people: Vec<String> = people.iter().map(ToString::to_string).collect();
            let query = audit_events::table
                .filter(audit_events::tenant_id.eq(self.0.tenant.to_string()))
                .filter(audit_events::site_id.eq(site.to_string()))
                .filter(audit_events::actor.eq_any(people))
                .group_by(audit_events::actor)
                .select((audit_events::actor, diesel::dsl::max(audit_events::at)));
            let rows: Vec<(Option<String>, Option<i64>)> = on!(self.0, connection => query.load(connection))?;
            for (actor, at) in rows {
                if let Some((actor, at)) = actor.zip(at) {
                    found.insert(id(TABLE, "actor", &actor)?, time(TABLE, "at", at)?);
                }
            }
        }
        Ok(found)
    }
}

impl Row {
    fn into_record(self) -> Result<AuditRecord, StorageError> {
        let corrupt = |column| StorageError::Corrupt { table: TABLE, column };
        let actor = match (self.actor_kind, self.actor) {
            (0, Some(user)) => RecordedActor::Person(id(TABLE, "actor", &user)?),
            (1, _) => RecordedActor::Operator,
            (2, Some(job)) => RecordedActor::System(job),
            (3, Some(application)) => RecordedActor::Application(id(TABLE, "actor", &application)?),
            _ => return Err(corrupt("actor_kind")),
        };
        Ok(AuditRecord {
            id: id(TABLE, "id", &self.id)?,
            at: time(TABLE, "at", self.at)?,
            actor,
            operation: self.operation,
            target: maybe_id(TABLE, "target_id", self.target_id)?,
            site: maybe_id(TABLE, "site_id", self.site_id)?,
            item: maybe_id(TABLE, "item_id", self.item_id)?,
            details: serde_json::from_str(&self.details).map_err(|_| corrupt("details"))?,
            client_address: self.client_address,
            user_agent: self.user_agent,
            seal: self.seal,
        })
    }
}
