//! Rows of the remote tree, and the tombstones.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row, Transaction, params};
use sync_core::{Gone, ItemId, RemoteNode, Text, name_key};

use crate::encode::{Code, Coded, ContentKey, timestamp};

/// Rows touched are all taken out before any is put, so that names may swap within one change.
pub(super) fn put(transaction: &Transaction<'_>, nodes: &[RemoteNode]) -> rusqlite::Result<()> {
    let mut detach = transaction.prepare_cached("DELETE FROM remote WHERE id = ?1")?;
    for node in nodes {
        detach.execute([node.id.as_str()])?;
    }
    let mut attach = transaction.prepare_cached(
        "INSERT INTO remote (id, parent, name, name_key, kind, size, content, e_tag, c_tag, modified_s, modified_ns,
             role)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    let mut revive = transaction.prepare_cached("DELETE FROM gone WHERE id = ?1")?;
    for node in nodes {
        attach.execute(params![
            node.id.as_str(),
            node.parent.as_ref().map(ItemId::as_str),
            node.name.as_str(),
            name_key(&node.name),
            node.kind.code(),
            node.size.cast_signed(),
            node.content.map(ContentKey),
            node.e_tag.as_str(),
            node.c_tag.as_str(),
            node.modified.as_second(),
            node.modified.subsec_nanosecond(),
            node.role.code(),
        ])?;
        revive.execute([node.id.as_str()])?;
    }
    Ok(())
}

pub(super) fn reset(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.prepare_cached("DELETE FROM remote")?.execute([])?;
    transaction.prepare_cached("DELETE FROM gone")?.execute([])?;
    Ok(())
}

pub(super) fn remove(
    transaction: &Transaction<'_>,
    gone: &[(ItemId, Gone)],
    forget: &[ItemId],
) -> rusqlite::Result<()> {
    let mut delete = transaction.prepare_cached("DELETE FROM remote WHERE id = ?1")?;
    let mut bury = transaction.prepare_cached("INSERT OR REPLACE INTO gone (id, reason) VALUES (?1, ?2)")?;
    for (id, reason) in gone {
        delete.execute([id.as_str()])?;
        bury.execute(params![id.as_str(), reason.code()])?;
    }
    let mut drop = transaction.prepare_cached("DELETE FROM gone WHERE id = ?1")?;
    for id in forget {
        drop.execute([id.as_str()])?;
    }
    Ok(())
}

pub(super) fn load(connection: &Connection) -> rusqlite::Result<Vec<RemoteNode>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, parent, name, kind, size, content, e_tag, c_tag, modified_s, modified_ns, role
         FROM remote WHERE anchor = 0 ORDER BY id",
    )?;
    let mut folders = BTreeSet::new();
    let rows = statement.query_map([], |row| read(row, &mut folders))?;
    rows.collect()
}

/// Reads a row. Folders are named by many rows; those share one copy of the name.
fn read(row: &Row<'_>, folders: &mut BTreeSet<ItemId>) -> rusqlite::Result<RemoteNode> {
    let id = row.get_ref(0)?.as_str()?;
    let id = folders.get(id).cloned().unwrap_or_else(|| ItemId::new(id));
    let parent = row.get_ref(1)?.as_str_or_null()?.map(|parent| {
        folders.get(parent).cloned().unwrap_or_else(|| {
            let folder = ItemId::new(parent);
            folders.insert(folder.clone());
            folder
        })
    });
    Ok(RemoteNode {
        id,
        parent,
        name: text(row, 2)?,
        kind: row.get::<_, Coded<_>>(3)?.0,
        size: row.get::<_, i64>(4)?.cast_unsigned(),
        content: row.get::<_, Option<ContentKey>>(5)?.map(|key| key.0),
        e_tag: text(row, 6)?,
        c_tag: text(row, 7)?,
        modified: timestamp(row.get(8)?, row.get(9)?)?,
        role: row.get::<_, Coded<_>>(10)?.0,
    })
}

pub(super) fn load_gone(connection: &Connection) -> rusqlite::Result<BTreeMap<ItemId, Gone>> {
    let mut statement = connection.prepare_cached("SELECT id, reason FROM gone")?;
    let rows = statement.query_map([], |row| Ok((item(row, 0)?, row.get::<_, Coded<_>>(1)?.0)))?;
    rows.collect()
}

pub(super) fn item(row: &Row<'_>, column: usize) -> rusqlite::Result<ItemId> {
    Ok(ItemId::new(row.get_ref(column)?.as_str()?))
}

pub(super) fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<Text> {
    Ok(row.get_ref(column)?.as_str()?.into())
}
