//! Rows of the synced tree, each a binding of an item to a file.

use rusqlite::{Connection, Row, Transaction, params};
use sync_core::{ItemId, RemoteNode, SyncedNode, Text};

use super::local::fingerprint;
use super::remote::{item, text};
use crate::encode::{Code, Coded, ContentKey, LocalKey, timestamp};

/// Rows touched are all taken out before any is put, so that bindings may swap within one change.
pub(super) fn put(transaction: &Transaction<'_>, nodes: &[SyncedNode]) -> rusqlite::Result<()> {
    let mut detach = transaction.prepare_cached("DELETE FROM synced WHERE id = ?1")?;
    for node in nodes {
        detach.execute([node.item.as_str()])?;
    }
    let mut attach = transaction.prepare_cached(
        "INSERT INTO synced (id, local, parent, remote_name, local_name, kind, content, size, e_tag, c_tag,
             modified_s, modified_ns, fingerprint_id, fingerprint_size, mtime_ns, ctime_ns, role)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    for node in nodes {
        let seen = node.fingerprint.as_ref();
        attach.execute(params![
            node.item.as_str(),
            LocalKey(node.local),
            node.parent.as_ref().map(ItemId::as_str),
            node.remote_name.as_str(),
            node.local_name.as_str(),
            node.kind.code(),
            node.content.map(ContentKey),
            node.size.cast_signed(),
            node.e_tag.as_str(),
            node.c_tag.as_str(),
            node.modified.as_second(),
            node.modified.subsec_nanosecond(),
            seen.map(|seen| LocalKey(seen.id)),
            seen.map(|seen| seen.size.cast_signed()),
            seen.map(|seen| seen.mtime_ns),
            seen.map(|seen| seen.ctime_ns),
            node.role.code(),
        ])?;
    }
    Ok(())
}

pub(super) fn remove(transaction: &Transaction<'_>, ids: &[ItemId]) -> rusqlite::Result<()> {
    let mut delete = transaction.prepare_cached("DELETE FROM synced WHERE id = ?1")?;
    for id in ids {
        delete.execute([id.as_str()])?;
    }
    Ok(())
}

/// Reads the rows. They take the texts they have in common with the remote rows, which are in the order of their ids,
/// from there.
pub(super) fn load(connection: &Connection, remote: &[RemoteNode]) -> rusqlite::Result<Vec<SyncedNode>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, local, parent, remote_name, local_name, kind, content, size, e_tag, c_tag, modified_s,
             modified_ns, fingerprint_id, fingerprint_size, mtime_ns, ctime_ns, role
         FROM synced WHERE anchor = 0 ORDER BY id",
    )?;
    let rows = statement.query_map([], |row| {
        let id = row.get_ref(0)?.as_str()?;
        let there = remote.binary_search_by(|there| there.id.as_str().cmp(id)).ok();
        read(row, there.and_then(|at| remote.get(at)))
    })?;
    rows.collect()
}

fn read(row: &Row<'_>, there: Option<&RemoteNode>) -> rusqlite::Result<SyncedNode> {
    let seen = row.get::<_, Option<LocalKey>>(12)?;
    let remote_name = like(row, 3, there.map(|there| &there.name))?;
    let parent = row.get_ref(2)?.as_str_or_null()?.map(|parent| {
        let above = there.and_then(|there| there.parent.as_ref());
        above.filter(|above| above.as_str() == parent).cloned().unwrap_or_else(|| ItemId::new(parent))
    });
    Ok(SyncedNode {
        item: match there {
            Some(there) => there.id.clone(),
            None => item(row, 0)?,
        },
        local: row.get::<_, LocalKey>(1)?.0,
        parent,
        local_name: like(row, 4, Some(&remote_name))?,
        remote_name,
        kind: row.get::<_, Coded<_>>(5)?.0,
        content: row.get::<_, Option<ContentKey>>(6)?.map(|key| key.0),
        size: row.get::<_, i64>(7)?.cast_unsigned(),
        e_tag: like(row, 8, there.map(|there| &there.e_tag))?,
        c_tag: like(row, 9, there.map(|there| &there.c_tag))?,
        modified: timestamp(row.get(10)?, row.get(11)?)?,
        fingerprint: seen.map(|_| fingerprint(row, 12)).transpose()?,
        role: row.get::<_, Coded<_>>(16)?.0,
    })
}

/// Reads a text, as the copy of one that is probably the same.
fn like(row: &Row<'_>, column: usize, other: Option<&Text>) -> rusqlite::Result<Text> {
    match other {
        Some(other) if *other == row.get_ref(column)?.as_str()? => Ok(other.clone()),
        _ => text(row, column),
    }
}
