//! Rows of the local tree.

use rusqlite::{Connection, Row, Transaction, params};
use sync_core::{Fingerprint, LocalId, LocalNode};

use super::remote::text;
use crate::encode::{Code, Coded, ContentKey, Json, LocalKey};

/// Rows touched are all taken out before any is put, so that names may swap within one change.
pub(super) fn put(transaction: &Transaction<'_>, nodes: &[LocalNode]) -> rusqlite::Result<()> {
    let mut detach = transaction.prepare_cached("DELETE FROM local WHERE id = ?1")?;
    for node in nodes {
        detach.execute([LocalKey(node.id)])?;
    }
    let mut attach = transaction.prepare_cached(
        "INSERT INTO local (id, parent, name, kind, content, fingerprint_id, size, mtime_ns, ctime_ns, motion, problem)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for node in nodes {
        let seen = &node.fingerprint;
        attach.execute(params![
            LocalKey(node.id),
            node.parent.map(LocalKey),
            node.name.as_str(),
            node.kind.code(),
            node.content.map(ContentKey),
            LocalKey(seen.id),
            seen.size.cast_signed(),
            seen.mtime_ns,
            seen.ctime_ns,
            node.motion.code(),
            node.problem.as_deref().map(Json),
        ])?;
    }
    Ok(())
}

pub(super) fn remove(transaction: &Transaction<'_>, ids: &[LocalId]) -> rusqlite::Result<()> {
    let mut delete = transaction.prepare_cached("DELETE FROM local WHERE id = ?1")?;
    for id in ids {
        delete.execute([LocalKey(*id)])?;
    }
    Ok(())
}

pub(super) fn load(connection: &Connection) -> rusqlite::Result<Vec<LocalNode>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, parent, name, kind, content, fingerprint_id, size, mtime_ns, ctime_ns, motion, problem
         FROM local WHERE anchor = 0 ORDER BY id",
    )?;
    let rows = statement.query_map([], read)?;
    rows.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<LocalNode> {
    Ok(LocalNode {
        id: row.get::<_, LocalKey>(0)?.0,
        parent: row.get::<_, Option<LocalKey>>(1)?.map(|key| key.0),
        name: text(row, 2)?,
        kind: row.get::<_, Coded<_>>(3)?.0,
        content: row.get::<_, Option<ContentKey>>(4)?.map(|key| key.0),
        fingerprint: fingerprint(row, 5)?,
        motion: row.get::<_, Coded<_>>(9)?.0,
        problem: row.get::<_, Option<Json<_>>>(10)?.map(|json| json.0),
    })
}

/// Reads the four columns of a fingerprint.
pub(super) fn fingerprint(row: &Row<'_>, first: usize) -> rusqlite::Result<Fingerprint> {
    Ok(Fingerprint {
        id: row.get::<_, LocalKey>(first)?.0,
        size: row.get::<_, i64>(first + 1)?.cast_unsigned(),
        mtime_ns: row.get(first + 2)?,
        ctime_ns: row.get(first + 3)?,
    })
}
