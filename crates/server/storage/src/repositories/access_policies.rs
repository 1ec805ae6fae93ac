//! Conditional access policies. A policy is a row and its parts: each condition and control is one row with the place where
//! it stands and its value, so that every kind of condition is kept the same way.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use diesel::prelude::*;
use model::{
    AccessConditions, AccessControl, AccessPolicy, AccessPolicyId, ApplicationSet, ClientApp, DirectoryRole,
    GrantOperator, GuestKind, GuestSet, InAndOut, LocationSet, Platform, PlatformSet, PolicyState, TenantSet,
    UserSet,
};

use crate::connection::on;
use crate::convert::{code, code_of, id, micros, time};
use crate::schema::conditional_access::{access_policies, access_policy_parts};
use crate::schema::directory::tenants;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "access_policies";
const PARTS: &str = "access_policy_parts";
/// Everything, where a set can be that.
const ALL: &str = "*";
/// Every trusted location.
const TRUSTED: &str = "trusted";
/// How roles are written.
const ROLES: [(DirectoryRole, &str); 3] = [
    (DirectoryRole::GlobalAdministrator, "global-administrator"),
    (DirectoryRole::SharePointAdministrator, "sharepoint-administrator"),
    (DirectoryRole::GuestInviter, "guest-inviter"),
];

/// The conditional access policies of a scope's tenant.
pub struct AccessPolicies<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's conditional access policies.
    pub fn access_policies(&mut self) -> AccessPolicies<'_, M> {
        AccessPolicies(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = access_policies)]
struct Row {
    id: String,
    tenant_id: String,
    display_name: String,
    state: i64,
    operator: i64,
    sign_in_every_s: Option<i64>,
    created_at: i64,
    modified_at: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = access_policy_parts)]
struct PartRow {
    policy_id: String,
    part: String,
    value: String,
    tenant_id: String,
}

/// The parts of one policy: values by the place where they stand.
#[derive(Default)]
struct Parts(BTreeMap<String, BTreeSet<String>>);

impl Parts {
    fn put(&mut self, part: &str, value: impl ToString) {
        self.0.entry(part.to_owned()).or_default().insert(value.to_string());
    }

    fn values(&self, part: &str) -> impl Iterator<Item = &String> {
        self.0.get(part).into_iter().flatten()
    }

    fn has(&self, part: &str, value: &str) -> bool {
        self.0.get(part).is_some_and(|values| values.contains(value))
    }

    fn ids<T: FromStr + Ord>(&self, part: &str) -> Result<BTreeSet<T>, StorageError> {
        self.values(part).map(|value| id(PARTS, "value", value)).collect()
    }

    fn read<T: Ord>(
        &self,
        part: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<BTreeSet<T>, StorageError> {
        let corrupt = StorageError::Corrupt { table: PARTS, column: "value" };
        let found: Option<BTreeSet<T>> = self
            .values(part)
            .filter(|value| *value != ALL && *value != TRUSTED)
            .map(|value| read(value))
            .collect();
        found.ok_or(corrupt)
    }

    fn put_users(&mut self, side: &str, set: &UserSet) {
        if set.all {
            self.put(&format!("{side}.user"), ALL);
        }
        for user in &set.users {
            self.put(&format!("{side}.user"), user);
        }
        for group in &set.groups {
            self.put(&format!("{side}.group"), group);
        }
        for (_, name) in ROLES.iter().filter(|(role, _)| set.roles.contains(role)) {
            self.put(&format!("{side}.role"), name);
        }
        let Some(guests) = &set.guests else { return };
        for kind in &guests.kinds {
            self.put(&format!("{side}.guest"), kind.graph_name());
        }
        match &guests.homes {
            TenantSet::All => self.put(&format!("{side}.home"), ALL),
            TenantSet::These(homes) => homes.iter().for_each(|home| self.put(&format!("{side}.home"), home)),
        }
    }

    fn users(&self, side: &str) -> Result<UserSet, StorageError> {
        let (user, home) = (format!("{side}.user"), format!("{side}.home"));
        let kinds = self.read(&format!("{side}.guest"), GuestKind::from_graph_name)?;
        let homes = match self.has(&home, ALL) {
            true => TenantSet::All,
            false => TenantSet::These(self.ids(&home)?),
        };
        Ok(UserSet {
            all: self.has(&user, ALL),
            users: self.read(&user, |value| value.parse().ok())?,
            groups: self.ids(&format!("{side}.group"))?,
            roles: self.read(&format!("{side}.role"), |value| {
                ROLES.iter().find(|(_, name)| *name == value).map(|(role, _)| *role)
            })?,
            guests: (!kinds.is_empty()).then_some(GuestSet { kinds, homes }),
        })
    }

    fn of(policy: &AccessPolicy) -> Self {
        let mut parts = Self::default();
        let on = &policy.conditions;
        for (side, users, applications) in [
            ("in", &on.users.include, &on.applications.include),
            ("out", &on.users.exclude, &on.applications.exclude),
        ] {
            parts.put_users(side, users);
            if applications.all {
                parts.put(&format!("{side}.application"), ALL);
            }
            applications.ids.iter().for_each(|id| parts.put(&format!("{side}.application"), id));
        }
        if let Some(locations) = &on.locations {
            for (side, set) in [("in", &locations.include), ("out", &locations.exclude)] {
                let part = format!("{side}.location");
                set.all.then(|| parts.put(&part, ALL));
                set.all_trusted.then(|| parts.put(&part, TRUSTED));
                set.named.iter().for_each(|named| parts.put(&part, named));
            }
        }
        if let Some(platforms) = &on.platforms {
            for (side, set) in [("in", &platforms.include), ("out", &platforms.exclude)] {
                let part = format!("{side}.platform");
                set.all.then(|| parts.put(&part, ALL));
                set.platforms.iter().for_each(|platform| parts.put(&part, platform.graph_name()));
            }
        }
        on.client_apps.iter().for_each(|client| parts.put("client", client.graph_name()));
        for control in &policy.controls {
            match control {
                AccessControl::Block => parts.put("control", "block"),
                AccessControl::Mfa => parts.put("control", "mfa"),
                AccessControl::CompliantDevice => parts.put("control", "compliant-device"),
                AccessControl::JoinedDevice => parts.put("control", "joined-device"),
                AccessControl::Terms(terms) => parts.put("terms", terms),
            }
        }
        parts
    }

    fn applications(&self, side: &str) -> ApplicationSet {
        let part = format!("{side}.application");
        let ids = self.values(&part).filter(|value| *value != ALL).cloned().collect();
        ApplicationSet { all: self.has(&part, ALL), ids }
    }

    fn locations(&self, side: &str) -> Result<LocationSet, StorageError> {
        let part = format!("{side}.location");
        let named = self.read(&part, |value| value.parse().ok())?;
        Ok(LocationSet { all: self.has(&part, ALL), all_trusted: self.has(&part, TRUSTED), named })
    }

    fn platforms(&self, side: &str) -> Result<PlatformSet, StorageError> {
        let part = format!("{side}.platform");
        Ok(PlatformSet { all: self.has(&part, ALL), platforms: self.read(&part, Platform::from_graph_name)? })
    }

    fn conditions(&self) -> Result<AccessConditions, StorageError> {
        let named =
            |what: &str| ["in", "out"].iter().any(|side| self.0.contains_key(&format!("{side}.{what}")));
        let locations = match named("location") {
            true => Some(InAndOut { include: self.locations("in")?, exclude: self.locations("out")? }),
            false => None,
        };
        let platforms = match named("platform") {
            true => Some(InAndOut { include: self.platforms("in")?, exclude: self.platforms("out")? }),
            false => None,
        };
        Ok(AccessConditions {
            users: InAndOut { include: self.users("in")?, exclude: self.users("out")? },
            applications: InAndOut { include: self.applications("in"), exclude: self.applications("out") },
            locations,
            platforms,
            client_apps: self.read("client", ClientApp::from_graph_name)?,
        })
    }

    fn controls(&self) -> Result<BTreeSet<AccessControl>, StorageError> {
        let mut controls = self.read("control", |value| match value {
            "block" => Some(AccessControl::Block),
            "mfa" => Some(AccessControl::Mfa),
            "compliant-device" => Some(AccessControl::CompliantDevice),
            "joined-device" => Some(AccessControl::JoinedDevice),
            _ => None,
        })?;
        controls.extend(self.ids("terms")?.into_iter().map(AccessControl::Terms));
        Ok(controls)
    }
}

fn assemble(row: Row, parts: &Parts) -> Result<AccessPolicy, StorageError> {
    Ok(AccessPolicy {
        id: id(TABLE, "id", &row.id)?,
        tenant: id(TABLE, "tenant_id", &row.tenant_id)?,
        display_name: row.display_name,
        state: code(TABLE, "state", &PolicyState::ALL, row.state)?,
        conditions: parts.conditions()?,
        operator: code(TABLE, "operator", &GrantOperator::ALL, row.operator)?,
        controls: parts.controls()?,
        sign_in_every_s: row.sign_in_every_s,
        created: time(TABLE, "created_at", row.created_at)?,
        modified: time(TABLE, "modified_at", row.modified_at)?,
    })
}

impl<M> AccessPolicies<'_, M> {
    /// Returns the number that goes up with every change; 0 when there was never a policy.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when the tenant does not exist.
    pub fn revision(&mut self) -> Result<i64, StorageError> {
        let id = self.0.tenant.to_string();
        let query = tenants::table.find(&id).select(tenants::access_revision);
        let found: Option<i64> = on!(self.0, connection => query.first(connection).optional())?;
        found.ok_or(StorageError::NotFound { table: "tenants", id })
    }

    /// Lists every policy, the oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self) -> Result<Vec<AccessPolicy>, StorageError> {
        let tenant = self.0.tenant.to_string();
        let query = access_policies::table
            .filter(access_policies::tenant_id.eq(&tenant))
            .order((access_policies::created_at, access_policies::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        let query = access_policy_parts::table.filter(access_policy_parts::tenant_id.eq(&tenant));
        let found: Vec<PartRow> =
            on!(self.0, connection => query.select(PartRow::as_select()).load(connection))?;
        let mut parts: BTreeMap<String, Parts> = BTreeMap::new();
        for part in found {
            parts.entry(part.policy_id).or_default().put(&part.part, part.value);
        }
        let none = Parts::default();
        rows.into_iter()
            .map(|row| {
                let parts = parts.get(&row.id).unwrap_or(&none);
                assemble(row, parts)
            })
            .collect()
    }

    /// Finds a policy.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, policy: AccessPolicyId) -> Result<Option<AccessPolicy>, StorageError> {
        Ok(self.list()?.into_iter().find(|found| found.id == policy))
    }
}

impl AccessPolicies<'_, Writing> {
    /// Keeps a policy: a new one, or one in the place of itself. Its tenant must be the scope's.
    ///
    /// # Errors
    /// A storage error.
    pub fn put(&mut self, policy: &AccessPolicy) -> Result<(), StorageError> {
        self.delete(policy.id)?;
        let row = Row {
            id: policy.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            display_name: policy.display_name.clone(),
            state: code_of(&PolicyState::ALL, &policy.state),
            operator: code_of(&GrantOperator::ALL, &policy.operator),
            sign_in_every_s: policy.sign_in_every_s,
            created_at: micros(policy.created),
            modified_at: micros(policy.modified),
        };
        on!(self.0, connection => diesel::insert_into(access_policies::table).values(&row).execute(connection))?;
        let mut rows = Vec::new();
        for (part, values) in Parts::of(policy).0 {
            for value in values {
                let (policy_id, tenant_id) = (row.id.clone(), row.tenant_id.clone());
                rows.push(PartRow { policy_id, part: part.clone(), value, tenant_id });
            }
        }
        on!(self.0, connection => diesel::insert_into(access_policy_parts::table)
            .values(&rows)
            .execute(connection))?;
        Ok(())
    }

    /// Removes a policy; returns whether there was one.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, policy: AccessPolicyId) -> Result<bool, StorageError> {
        let tenant = self.0.tenant.to_string();
        let parts = access_policy_parts::table
            .filter(access_policy_parts::policy_id.eq(policy.to_string()))
            .filter(access_policy_parts::tenant_id.eq(&tenant));
        on!(self.0, connection => diesel::delete(parts).execute(connection))?;
        let row = access_policies::table
            .filter(access_policies::id.eq(policy.to_string()))
            .filter(access_policies::tenant_id.eq(&tenant));
        let gone = on!(self.0, connection => diesel::delete(row).execute(connection))?;
        self.raise_revision()?;
        Ok(gone == 1)
    }

    /// Says that what is kept about who gets in has changed.
    pub(super) fn raise_revision(&mut self) -> Result<(), StorageError> {
        let next = diesel::update(tenants::table.find(self.0.tenant.to_string()))
            .set(tenants::access_revision.eq(tenants::access_revision + 1));
        on!(self.0, connection => next.execute(connection))?;
        Ok(())
    }
}
