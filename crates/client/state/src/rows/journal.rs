//! The journal: append-only lines for people. Old ones go by age, but the newest stay whatever the clock says.

use engine::JournalEntry;
use rusqlite::{Connection, Transaction, params};

use crate::encode::Json;

/// Lines older than this may go.
const KEEP_SECONDS: i64 = 90 * 24 * 60 * 60;
/// This many lines stay in any case, so that a clock set wrong cannot empty the journal.
const KEEP_LINES: i64 = 10_000;

pub(super) fn append(transaction: &Transaction<'_>, lines: &[JournalEntry]) -> rusqlite::Result<()> {
    let Some(newest) = lines.iter().map(|line| line.at.as_second()).max() else { return Ok(()) };
    let mut insert = transaction.prepare_cached("INSERT INTO journal (at_s, record) VALUES (?1, ?2)")?;
    for line in lines {
        insert.execute(params![line.at.as_second(), Json(line)])?;
    }
    transaction
        .prepare_cached("DELETE FROM journal WHERE at_s < ?1 AND seq <= (SELECT max(seq) FROM journal) - ?2")?
        .execute([newest.saturating_sub(KEEP_SECONDS), KEEP_LINES])?;
    Ok(())
}

/// Returns the newest lines, newest first.
pub(crate) fn newest(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<JournalEntry>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached("SELECT record FROM journal ORDER BY seq DESC LIMIT ?1")?;
    let rows = statement.query_map([limit], |row| row.get(0).map(|Json(line)| line))?;
    rows.collect()
}
