//! Migrations: one text per step for both databases, applied in order, each in its own transaction.
//!
//! `{bytes}` in a text becomes the database's type for bytes; a line that starts with `{sqlite}` or `{postgres}` is
//! for that one alone. Steps are never edited once landed on a release; a change is a new step.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::StorageError;
use crate::connection::{Connection, Intent};

/// Every step, in order.
const STEPS: &[(&str, &str)] = &[
    ("0001_directory", include_str!("../migrations/0001_directory.sql")),
    ("0002_items", include_str!("../migrations/0002_items.sql")),
    ("0003_sites", include_str!("../migrations/0003_sites.sql")),
    ("0004_identity", include_str!("../migrations/0004_identity.sql")),
    ("0005_upload_sessions", include_str!("../migrations/0005_upload_sessions.sql")),
    ("0006_versions_and_bins", include_str!("../migrations/0006_versions_and_bins.sql")),
    ("0007_refresh_lines", include_str!("../migrations/0007_refresh_lines.sql")),
    ("0008_garbage", include_str!("../migrations/0008_garbage.sql")),
    ("0009_drives", include_str!("../migrations/0009_drives.sql")),
    ("0010_applications", include_str!("../migrations/0010_applications.sql")),
    ("0011_links", include_str!("../migrations/0011_links.sql")),
    ("0012_quotas", include_str!("../migrations/0012_quotas.sql")),
    ("0013_sha256", include_str!("../migrations/0013_sha256.sql")),
    ("0014_change_authors", include_str!("../migrations/0014_change_authors.sql")),
    ("0015_sharing_policy", include_str!("../migrations/0015_sharing_policy.sql")),
    ("0016_conditional_access", include_str!("../migrations/0016_conditional_access.sql")),
    ("0017_evidence", include_str!("../migrations/0017_evidence.sql")),
    ("0018_addresses_of_one_person", include_str!("../migrations/0018_addresses_of_one_person.sql")),
    ("0019_factors", include_str!("../migrations/0019_factors.sql")),
    ("0020_federation", include_str!("../migrations/0020_federation.sql")),
    ("0021_provisioning", include_str!("../migrations/0021_provisioning.sql")),
    ("0022_terms", include_str!("../migrations/0022_terms.sql")),
    ("0023_guest_lifecycle", include_str!("../migrations/0023_guest_lifecycle.sql")),
    ("0024_site_gates", include_str!("../migrations/0024_site_gates.sql")),
    ("0025_places", include_str!("../migrations/0025_places.sql")),
    ("0026_sign_in_records", include_str!("../migrations/0026_sign_in_records.sql")),
    ("0027_audit_trail", include_str!("../migrations/0027_audit_trail.sql")),
    ("0028_access_review", include_str!("../migrations/0028_access_review.sql")),
    ("0029_admin_center", include_str!("../migrations/0029_admin_center.sql")),
];

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Applies the steps that are missing.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StorageError> {
    connection.batch(
        "CREATE TABLE IF NOT EXISTS schema_steps (position BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    )?;
    for (position, (name, text)) in STEPS.iter().enumerate().skip(applied(connection)?) {
        connection.begin(Intent::Write)?;
        if let Err(error) = apply(connection, position, name, text) {
            connection.roll_back()?;
            return Err(error);
        }
        connection.commit()?;
    }
    check(connection)
}

/// Checks that exactly the known steps are applied.
pub(crate) fn check(connection: &mut Connection) -> Result<(), StorageError> {
    let found = applied(connection).unwrap_or_default();
    if found == STEPS.len() { Ok(()) } else { Err(StorageError::Schema { found, needed: STEPS.len() }) }
}

fn applied(connection: &mut Connection) -> Result<usize, StorageError> {
    let query = "SELECT COUNT(*) AS count FROM schema_steps";
    let count: Count = match connection {
        Connection::Sqlite(connection) => diesel::sql_query(query).get_result(connection)?,
        Connection::Postgres(connection) => {
            let connection: &mut PgConnection = connection;
            diesel::sql_query(query).get_result(connection)?
        }
    };
    usize::try_from(count.count)
        .map_err(|_| StorageError::Corrupt { table: "schema_steps", column: "position" })
}

fn apply(connection: &mut Connection, position: usize, name: &str, text: &str) -> Result<(), StorageError> {
    let (bytes, ours, theirs) = match connection {
        Connection::Sqlite(_) => ("BLOB", "{sqlite}", "{postgres}"),
        Connection::Postgres(_) => ("BYTEA", "{postgres}", "{sqlite}"),
    };
    let lines = text.lines().filter(|line| !line.starts_with(theirs));
    let lines: Vec<&str> = lines.map(|line| line.strip_prefix(ours).unwrap_or(line)).collect();
    connection.batch(&lines.join("\n").replace("{bytes}", bytes))?;
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    match connection {
        Connection::Sqlite(connection) => diesel::sql_query("INSERT INTO schema_steps VALUES (?, ?)")
            .bind::<BigInt, _>(position)
            .bind::<Text, _>(name)
            .execute(connection)?,
        Connection::Postgres(connection) => {
            let connection: &mut PgConnection = connection;
            diesel::sql_query("INSERT INTO schema_steps VALUES ($1, $2)")
                .bind::<BigInt, _>(position)
                .bind::<Text, _>(name)
                .execute(connection)?
        }
    };
    Ok(())
}
