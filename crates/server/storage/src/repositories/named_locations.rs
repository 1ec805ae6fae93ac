//! Named locations. A location is a row and its values: ranges of addresses, or countries. Every change raises the
//! revision of the organization's access rules.

use std::collections::BTreeMap;

use diesel::prelude::*;
use model::{Country, LocationKind, NamedLocation, NamedLocationId};

use crate::connection::on;
use crate::convert::{id, micros, time};
use crate::schema::conditional_access::{named_location_values, named_locations};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "named_locations";
const VALUES: &str = "named_location_values";
const ADDRESSES: i64 = 0;
const COUNTRIES: i64 = 1;
/// Most rows of one insert.
const BATCH: usize = 500;

/// The named locations of a scope's tenant.
pub struct NamedLocations<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's named locations.
    pub fn named_locations(&mut self) -> NamedLocations<'_, M> {
        NamedLocations(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = named_locations)]
struct Row {
    id: String,
    tenant_id: String,
    display_name: String,
    kind: i64,
    flag: i64,
    created_at: i64,
    modified_at: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = named_location_values)]
struct ValueRow {
    location_id: String,
    value: String,
    tenant_id: String,
}

fn assemble(row: Row, values: &[String]) -> Result<NamedLocation, StorageError> {
    const WRONG: StorageError = StorageError::Corrupt { table: VALUES, column: "value" };
    let flag = row.flag == 1;
    let kind = match row.kind {
        ADDRESSES => {
            let ranges =
                values.iter().map(|value| value.parse().map_err(|_| WRONG)).collect::<Result<_, _>>()?;
            LocationKind::Addresses { ranges, trusted: flag }
        }
        COUNTRIES => {
            let countries =
                values.iter().map(|value| Country::parse(value).ok_or(WRONG)).collect::<Result<_, _>>()?;
            LocationKind::Countries { countries, unknown: flag }
        }
        _ => return Err(StorageError::Corrupt { table: TABLE, column: "kind" }),
    };
    Ok(NamedLocation {
        id: id(TABLE, "id", &row.id)?,
        tenant: id(TABLE, "tenant_id", &row.tenant_id)?,
        display_name: row.display_name,
        kind,
        created: time(TABLE, "created_at", row.created_at)?,
        modified: time(TABLE, "modified_at", row.modified_at)?,
    })
}

impl<M> NamedLocations<'_, M> {
    /// Lists every location, the oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self) -> Result<Vec<NamedLocation>, StorageError> {
        let tenant = self.0.tenant.to_string();
        let query = named_locations::table
            .filter(named_locations::tenant_id.eq(&tenant))
            .order((named_locations::created_at, named_locations::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        let query = named_location_values::table
            .filter(named_location_values::tenant_id.eq(&tenant))
            .order((named_location_values::location_id, named_location_values::value));
        let found: Vec<ValueRow> =
            on!(self.0, connection => query.select(ValueRow::as_select()).load(connection))?;
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in found {
            values.entry(row.location_id).or_default().push(row.value);
        }
        rows.into_iter()
            .map(|row| {
                let values = values.remove(&row.id).unwrap_or_default();
                assemble(row, &values)
            })
            .collect()
    }
}

impl NamedLocations<'_, Writing> {
    /// Keeps a location: a new one, or one in the place of itself. Its tenant must be the scope's.
    ///
    /// # Errors
    /// A storage error.
    pub fn put(&mut self, location: &NamedLocation) -> Result<(), StorageError> {
        self.delete(location.id)?;
        let (kind, flag, values): (i64, bool, Vec<String>) = match &location.kind {
            LocationKind::Addresses { ranges, trusted } => {
                (ADDRESSES, *trusted, ranges.iter().map(ToString::to_string).collect())
            }
            LocationKind::Countries { countries, unknown } => {
                (COUNTRIES, *unknown, countries.iter().map(ToString::to_string).collect())
            }
        };
        let row = Row {
            id: location.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            display_name: location.display_name.clone(),
            kind,
            flag: i64::from(flag),
            created_at: micros(location.created),
            modified_at: micros(location.modified),
        };
        on!(self.0, connection => diesel::insert_into(named_locations::table).values(&row).execute(connection))?;
        let mut rows = Vec::new();
        for value in values {
            rows.push(ValueRow { location_id: row.id.clone(), value, tenant_id: row.tenant_id.clone() });
        }
        for rows in rows.chunks(BATCH) {
            on!(self.0, connection => diesel::insert_into(named_location_values::table)
                .values(rows)
                .execute(connection))?;
        }
        Ok(())
    }

    /// Removes a location; returns whether there was one.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, location: NamedLocationId) -> Result<bool, StorageError> {
        let (tenant, location) = (self.0.tenant.to_string(), location.to_string());
        let values = named_location_values::table
            .filter(named_location_values::location_id.eq(&location))
            .filter(named_location_values::tenant_id.eq(&tenant));
        on!(self.0, connection => diesel::delete(values).execute(connection))?;
        let row = named_locations::table
            .filter(named_locations::id.eq(&location))
            .filter(named_locations::tenant_id.eq(&tenant));
        let gone = on!(self.0, connection => diesel::delete(row).execute(connection))?;
        self.0.access_policies().raise_revision()?;
        Ok(gone == 1)
    }
}
