//! Cross-tenant access settings. Every setting is a row with the place where it stands; one without any row is inherited.
//! Every change raises the revision of the organization's access rules.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use model::{
    AccessType, Consent, CrossTenantSettings, Crossing, CrossingApplications, CrossingUsers, InboundTrust,
    Partner,
};

use crate::connection::on;
use crate::convert::id;
use crate::schema::conditional_access::cross_tenant_parts;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "cross_tenant_parts";
const DEFAULT: &str = "default";
/// Everything, where a list can be that.
const ALL: &str = "*";
/// Stands for settings that say nothing, so that they are there.
const PRESENT: &str = "present";

/// The cross-tenant access settings of a scope's tenant.
pub struct CrossTenant<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's cross-tenant access settings.
    pub fn cross_tenant(&mut self) -> CrossTenant<'_, M> {
        CrossTenant(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = cross_tenant_parts)]
struct Row {
    tenant_id: String,
    partner: String,
    part: String,
    value: String,
}

fn stored(partner: Partner) -> String {
    match partner {
        Partner::Default => DEFAULT.to_owned(),
        Partner::Tenant(tenant) => tenant.to_string(),
    }
}

/// The parts of one partner's settings: values by the place where they stand.
#[derive(Default)]
struct Parts(BTreeMap<String, BTreeSet<String>>);

impl Parts {
    fn put(&mut self, part: impl Into<String>, value: impl ToString) {
        self.0.entry(part.into()).or_default().insert(value.to_string());
    }

    fn values(&self, part: &str) -> impl Iterator<Item = &String> {
        self.0.get(part).into_iter().flatten()
    }

    fn has(&self, part: &str, value: &str) -> bool {
        self.0.get(part).is_some_and(|values| values.contains(value))
    }

    fn put_crossing(&mut self, side: &str, crossing: &Crossing) {
        let (who, what) = (&crossing.users, &crossing.applications);
        self.put(format!("{side}.users"), who.access.graph_name());
        self.put(format!("{side}.applications"), what.access.graph_name());
        who.all.then(|| self.put(format!("{side}.user"), ALL));
        who.users.iter().for_each(|user| self.put(format!("{side}.user"), user));
        who.groups.iter().for_each(|group| self.put(format!("{side}.group"), group));
        what.all.then(|| self.put(format!("{side}.application"), ALL));
        what.ids.iter().for_each(|application| self.put(format!("{side}.application"), application));
    }

    fn crossing(&self, side: &str) -> Result<Option<Crossing>, StorageError> {
        let access = |part: &str| {
            self.values(&format!("{side}.{part}")).next().and_then(|name| AccessType::from_graph_name(name))
        };
        let Some((users, applications)) = access("users").zip(access("applications")) else {
            return Ok(None);
        };
        let (user, application) = (format!("{side}.user"), format!("{side}.application"));
        let named =
            |part: &str| -> Vec<&String> { self.values(part).filter(|value| *value != ALL).collect() };
        Ok(Some(Crossing {
            users: CrossingUsers {
                access: users,
                all: self.has(&user, ALL),
                users: named(&user)
                    .into_iter()
                    .map(|value| id(TABLE, "value", value))
                    .collect::<Result<_, _>>()?,
                groups: self
                    .values(&format!("{side}.group"))
                    .map(|value| id(TABLE, "value", value))
                    .collect::<Result<_, _>>()?,
            },
            applications: CrossingApplications {
                access: applications,
                all: self.has(&application, ALL),
                ids: named(&application).into_iter().cloned().collect(),
            },
        }))
    }

    fn of(settings: &CrossTenantSettings) -> Self {
        let mut parts = Self::default();
        parts.put(PRESENT, PRESENT);
        for (side, crossing) in [("in", &settings.inbound), ("out", &settings.outbound)] {
            if let Some(crossing) = crossing {
                parts.put_crossing(side, crossing);
            }
        }
        if let Some(trust) = settings.trust {
            parts.put("trust", PRESENT);
            trust.mfa.then(|| parts.put("trust", "mfa"));
            trust.compliant_device.then(|| parts.put("trust", "compliant-device"));
            trust.joined_device.then(|| parts.put("trust", "joined-device"));
        }
        for (part, consent) in
            [("in.consent", settings.consent_inbound), ("out.consent", settings.consent_outbound)]
        {
            match consent {
                Some(Consent::Asked) => parts.put(part, "asked"),
                Some(Consent::Automatic) => parts.put(part, "automatic"),
                None => {}
            }
        }
        parts
    }

    fn settings(&self) -> Result<CrossTenantSettings, StorageError> {
        let consent = |part: &str| match self.values(part).next().map(String::as_str) {
            Some("automatic") => Some(Consent::Automatic),
            Some(_) => Some(Consent::Asked),
            None => None,
        };
        Ok(CrossTenantSettings {
            inbound: self.crossing("in")?,
            outbound: self.crossing("out")?,
            trust: self.has("trust", PRESENT).then(|| InboundTrust {
                mfa: self.has("trust", "mfa"),
                compliant_device: self.has("trust", "compliant-device"),
                joined_device: self.has("trust", "joined-device"),
            }),
            consent_inbound: consent("in.consent"),
            consent_outbound: consent("out.consent"),
        })
    }
}

impl<M> CrossTenant<'_, M> {
    /// Lists all settings, by whom they are about.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self) -> Result<BTreeMap<Partner, CrossTenantSettings>, StorageError> {
        let query =
            cross_tenant_parts::table.filter(cross_tenant_parts::tenant_id.eq(self.0.tenant.to_string()));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        let mut parts: BTreeMap<String, Parts> = BTreeMap::new();
        for row in rows {
            parts.entry(row.partner).or_default().put(row.part, row.value);
        }
        parts
            .into_iter()
            .map(|(partner, parts)| {
                let partner = match partner.as_str() {
                    DEFAULT => Partner::Default,
                    tenant => Partner::Tenant(id(TABLE, "partner", tenant)?),
                };
                Ok((partner, parts.settings()?))
            })
            .collect()
    }
}

impl CrossTenant<'_, Writing> {
    /// Keeps settings in the place of those there were.
    ///
    /// # Errors
    /// A storage error.
    pub fn put(&mut self, partner: Partner, settings: &CrossTenantSettings) -> Result<(), StorageError> {
        self.delete(partner)?;
        let (tenant_id, partner) = (self.0.tenant.to_string(), stored(partner));
        let mut rows = Vec::new();
        for (part, values) in Parts::of(settings).0 {
            for value in values {
                let (tenant_id, partner) = (tenant_id.clone(), partner.clone());
                rows.push(Row { tenant_id, partner, part: part.clone(), value });
            }
        }
        on!(self.0, connection => diesel::insert_into(cross_tenant_parts::table).values(&rows).execute(connection))?;
        Ok(())
    }

    /// Removes settings; returns whether there were some.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, partner: Partner) -> Result<bool, StorageError> {
        let rows = cross_tenant_parts::table
            .filter(cross_tenant_parts::tenant_id.eq(self.0.tenant.to_string()))
            .filter(cross_tenant_parts::partner.eq(stored(partner)));
        let gone = on!(self.0, connection => diesel::delete(rows).execute(connection))?;
        self.0.access_policies().raise_revision()?;
        Ok(gone > 0)
    }
}
