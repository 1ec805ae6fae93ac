//! Attempts: steps on disk, operations and uploads under way. They tell what to look for after a crash.

use engine::{InFlight, Intent, StateChange, UploadSession};
use rusqlite::{Connection, Transaction, params};
use serde::de::DeserializeOwned;

use crate::encode::{Json, LocalKey};

pub(super) fn remove(transaction: &Transaction<'_>, change: &StateChange) -> rusqlite::Result<()> {
    let mut intent = transaction.prepare_cached("DELETE FROM intents WHERE id = ?1")?;
    for id in &change.intents_remove {
        intent.execute([id.0.cast_signed()])?;
    }
    let mut operation = transaction.prepare_cached("DELETE FROM in_flight WHERE operation = ?1")?;
    for id in &change.in_flight_remove {
        operation.execute([&id.0])?;
    }
    let mut upload = transaction.prepare_cached("DELETE FROM uploads WHERE local = ?1")?;
    for id in &change.uploads_remove {
        upload.execute([LocalKey(*id)])?;
    }
    Ok(())
}

pub(super) fn put(transaction: &Transaction<'_>, change: &StateChange) -> rusqlite::Result<()> {
    // A number used twice is refused: it would hide a step whose end nobody knows.
    let mut intent = transaction.prepare_cached("INSERT INTO intents (id, record) VALUES (?1, ?2)")?;
    for row in &change.intents_add {
        intent.execute(params![row.id.0.cast_signed(), Json(row)])?;
    }
    let mut operation =
        transaction.prepare_cached("INSERT INTO in_flight (operation, record) VALUES (?1, ?2)")?;
    for row in &change.in_flight_add {
        operation.execute(params![row.operation.op.0, Json(row)])?;
    }
    let mut upload =
        transaction.prepare_cached("INSERT OR REPLACE INTO uploads (local, record) VALUES (?1, ?2)")?;
    for row in &change.uploads_put {
        upload.execute(params![LocalKey(row.local), Json(row)])?;
    }
    Ok(())
}

pub(super) fn load_intents(connection: &Connection) -> rusqlite::Result<Vec<Intent>> {
    records(connection, "SELECT record FROM intents ORDER BY id")
}

pub(super) fn load_in_flight(connection: &Connection) -> rusqlite::Result<Vec<InFlight>> {
    records(connection, "SELECT record FROM in_flight ORDER BY seq")
}

pub(super) fn load_uploads(connection: &Connection) -> rusqlite::Result<Vec<UploadSession>> {
    records(connection, "SELECT record FROM uploads ORDER BY local")
}

fn records<T: DeserializeOwned>(connection: &Connection, query: &str) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(query)?;
    let rows = statement.query_map([], |row| row.get(0).map(|Json(record)| record))?;
    rows.collect()
}
