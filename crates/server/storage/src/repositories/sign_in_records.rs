//! Sign-in records: the newest first, in pages, and forgotten when they are old.

use std::collections::BTreeMap;

use diesel::prelude::*;
use model::{
    AppliedPolicy, ClientApp, Platform, PolicyResult, PolicyState, Presence, SignInId, SignInRecord,
    Timestamp, UserId,
};

use crate::connection::on;
use crate::convert::{code, code_of, id, micros, time};
use crate::schema::sign_in_records::{sign_in_policies, sign_ins};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "sign_ins";
const POLICIES: &str = "sign_in_policies";

/// The sign-in records of a scope's tenant.
pub struct SignInRecords<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's sign-in records.
    pub fn sign_in_records(&mut self) -> SignInRecords<'_, M> {
        SignInRecords(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_ins)]
struct Row {
    id: String,
    tenant_id: String,
    user_id: String,
    at: i64,
    address: Option<String>,
    platform: Option<String>,
    client_app: String,
    refused: Option<i64>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_in_policies)]
struct PolicyRow {
    sign_in_id: String,
    policy_id: String,
    display_name: String,
    state: i64,
    result: i64,
}

fn assemble(row: Row, policies: Vec<PolicyRow>) -> Result<SignInRecord, StorageError> {
    let corrupt = |column| StorageError::Corrupt { table: TABLE, column };
    let address = row.address.map(|text| text.parse().map_err(|_| corrupt("address"))).transpose()?;
    let platform = row.platform.map(|name| Platform::from_graph_name(&name).ok_or(corrupt("platform")));
    let policies = policies.into_iter().map(|row| {
        Ok(AppliedPolicy {
            policy: id(POLICIES, "policy_id", &row.policy_id)?,
            display_name: row.display_name,
            state: code(POLICIES, "state", &PolicyState::ALL, row.state)?,
            result: code(POLICIES, "result", &PolicyResult::ALL, row.result)?,
        })
    });
    Ok(SignInRecord {
        id: id(TABLE, "id", &row.id)?,
        user: id(TABLE, "user_id", &row.user_id)?,
        at: time(TABLE, "at", row.at)?,
        presence: Presence { address, platform: platform.transpose()? },
        client_app: ClientApp::from_graph_name(&row.client_app).ok_or(corrupt("client_app"))?,
        refused: row
            .refused
            .map(|number| u32::try_from(number).map_err(|_| corrupt("refused")))
            .transpose()?,
        policies: policies.collect::<Result<_, StorageError>>()?,
    })
}

impl<M> SignInRecords<'_, M> {
    /// Lists records older than one of them, the newest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self, before: Option<SignInId>, most: i64) -> Result<Vec<SignInRecord>, StorageError> {
        let tenant = self.0.tenant.to_string();
        // Without a place to go on from everything is earlier.
        let (at, place) = match before {
            None => (i64::MAX, String::new()),
            Some(before) => {
                let place = before.to_string();
                let known = sign_ins::table
                    .filter(sign_ins::tenant_id.eq(&tenant))
                    .filter(sign_ins::id.eq(&place))
                    .select(sign_ins::at);
                let at: Option<i64> = on!(self.0, connection => known.first(connection).optional())?;
                (at.ok_or_else(|| StorageError::NotFound { table: TABLE, id: place.clone() })?, place)
            }
        };
        let earlier = sign_ins::at.lt(at).or(sign_ins::at.eq(at).and(sign_ins::id.lt(&place)));
        let query = sign_ins::table
            .filter(sign_ins::tenant_id.eq(&tenant))
            .filter(earlier)
            .order((sign_ins::at.desc(), sign_ins::id.desc()))
            .limit(most);
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        self.with_policies(rows)
    }

    /// Finds somebody's newest record, without what policies said.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_last_of(&mut self, user: UserId) -> Result<Option<SignInRecord>, StorageError> {
        let query = sign_ins::table
            .filter(sign_ins::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sign_ins::user_id.eq(user.to_string()))
            .order(sign_ins::at.desc());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(|row| assemble(row, Vec::new())).transpose()
    }

    fn with_policies(&mut self, rows: Vec<Row>) -> Result<Vec<SignInRecord>, StorageError> {
        let ids: Vec<&String> = rows.iter().map(|row| &row.id).collect();
        let query = sign_in_policies::table
            .filter(sign_in_policies::sign_in_id.eq_any(ids))
            .order((sign_in_policies::sign_in_id, sign_in_policies::policy_id));
        let found: Vec<PolicyRow> =
            on!(self.0, connection => query.select(PolicyRow::as_select()).load(connection))?;
        let mut policies: BTreeMap<String, Vec<PolicyRow>> = BTreeMap::new();
        for row in found {
            policies.entry(row.sign_in_id.clone()).or_default().push(row);
        }
        rows.into_iter()
            .map(|row| {
                let policies = policies.remove(&row.id).unwrap_or_default();
                assemble(row, policies)
            })
            .collect()
    }
}

impl SignInRecords<'_, Writing> {
    /// Keeps a record.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, record: &SignInRecord) -> Result<(), StorageError> {
        let row = Row {
            id: record.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            user_id: record.user.to_string(),
            at: micros(record.at),
            address: record.presence.address.map(|address| address.to_string()),
            platform: record.presence.platform.map(|platform| platform.graph_name().to_owned()),
            client_app: record.client_app.graph_name().to_owned(),
            refused: record.refused.map(i64::from),
        };
        on!(self.0, connection => diesel::insert_into(sign_ins::table).values(&row).execute(connection))?;
        let policies = record.policies.iter().map(|applied| PolicyRow {
            sign_in_id: row.id.clone(),
            policy_id: applied.policy.to_string(),
            display_name: applied.display_name.clone(),
            state: code_of(&PolicyState::ALL, &applied.state),
            result: code_of(&PolicyResult::ALL, &applied.result),
        });
        let policies: Vec<PolicyRow> = policies.collect();
        on!(self.0, connection => diesel::insert_into(sign_in_policies::table)
            .values(&policies)
            .execute(connection))?;
        Ok(())
    }

    /// Forgets what is older.
    ///
    /// # Errors
    /// A storage error.
    pub fn forget_before(&mut self, time: Timestamp) -> Result<(), StorageError> {
        let old = sign_ins::table
            .filter(sign_ins::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sign_ins::at.lt(micros(time)));
        on!(self.0, connection => diesel::delete(old).execute(connection))?;
        Ok(())
    }
}
