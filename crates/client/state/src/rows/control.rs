//! The control record, and the anchors: rows for roots the engine did not store itself, so that what hangs below them
//! has a parent for the foreign key.

use engine::{Control, StateChange};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::encode::{Json, LocalKey};

pub(super) fn put(transaction: &Transaction<'_>, control: &Control) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO control (only, record) VALUES (1, ?1)")?
        .execute(params![Json(control)])?;
    Ok(())
}

pub(super) fn load(connection: &Connection) -> rusqlite::Result<Option<Control>> {
    connection
        .query_row("SELECT record FROM control", [], |row| row.get(0).map(|Json(control)| control))
        .optional()
}

/// Tells whether a change can have taken an anchor away or asks for another one.
pub(super) fn anchors_may_lack(change: &StateChange) -> bool {
    change.control.is_some()
        || change.remote_reset.is_some()
        || !(change.remote_gone.is_empty()
            && change.local_remove.is_empty()
            && change.synced_remove.is_empty())
}

/// Makes the roots named by the control record exist, and drops anchors of former roots.
pub(super) fn anchor(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let Some(control) = load(transaction)? else { return Ok(()) };
    let item = control.item.as_str();
    for table in ["remote", "synced"] {
        transaction
            .prepare_cached(&format!("DELETE FROM {table} WHERE anchor = 1 AND parent IS NULL AND id <> ?1"))?
            .execute([item])?;
    }
    transaction
        .prepare_cached(
            "INSERT INTO remote (id, name, name_key, kind, size, e_tag, c_tag, modified_s, modified_ns, role, anchor)
             VALUES (?1, '', '', 1, 0, '', '', 0, 0, 0, 1) ON CONFLICT (id) DO NOTHING",
        )?
        .execute([item])?;
    let Some(root) = control.root.map(LocalKey) else { return Ok(()) };
    transaction
        .prepare_cached("DELETE FROM local WHERE anchor = 1 AND parent IS NULL AND id <> ?1")?
        .execute([root])?;
    transaction
        .prepare_cached(
            "INSERT INTO local (id, name, kind, fingerprint_id, size, mtime_ns, ctime_ns, motion, anchor)
             VALUES (?1, '', 1, ?1, 0, 0, 0, 0, 1) ON CONFLICT (id) DO NOTHING",
        )?
        .execute([root])?;
    transaction
        .prepare_cached(
            "INSERT INTO synced (id, local, remote_name, local_name, kind, size, e_tag, c_tag, modified_s,
                 modified_ns, role, anchor)
             VALUES (?1, ?2, '', '', 1, 0, '', '', 0, 0, 0, 1)
             ON CONFLICT (id) DO UPDATE SET local = excluded.local WHERE anchor = 1",
        )?
        .execute(params![item, root])?;
    Ok(())
}
