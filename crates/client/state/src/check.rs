//! Check: whether what a database holds can be trusted as a whole. Run once, when it is opened.

use std::collections::BTreeMap;

use engine::{StateError, StoredState};
use rusqlite::Connection;

use crate::failure::state_error;

/// Lets SQLite check its own pages and the foreign keys.
///
/// # Errors
/// [`StateError::Damaged`].
pub(crate) fn check_pages(connection: &Connection) -> Result<(), StateError> {
    let verdict: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(state_error)?;
    if verdict != "ok" {
        return Err(StateError::Damaged(verdict));
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check").map_err(state_error)?;
    if statement.exists([]).map_err(state_error)? {
        return Err(StateError::Damaged("a row hangs below no folder".to_owned()));
    }
    Ok(())
}

/// Refuses rows that lead in a circle, which foreign keys cannot see, and rows of an unnamed root.
///
/// # Errors
/// [`StateError::Damaged`].
pub(crate) fn check_trees(state: &StoredState) -> Result<(), StateError> {
    check_rooted(state.remote.iter().map(|node| (&node.id, node.parent.as_ref())))?;
    check_rooted(state.local.iter().map(|node| (&node.id, node.parent.as_ref())))?;
    check_rooted(state.synced.iter().map(|node| (&node.item, node.parent.as_ref())))?;
    let rows = state.remote.len() + state.local.len() + state.synced.len() + state.intents.len();
    if state.control.is_none() && rows + state.in_flight.len() > 0 {
        return Err(StateError::Damaged("the control record is gone".to_owned()));
    }
    Ok(())
}

fn check_rooted<'a, Id: Ord + 'a>(
    rows: impl Iterator<Item = (&'a Id, Option<&'a Id>)>,
) -> Result<(), StateError> {
    let parents: BTreeMap<&Id, Option<&Id>> = rows.collect();
    let mut rooted: std::collections::BTreeSet<&Id> = std::collections::BTreeSet::new();
    for start in parents.keys() {
        let (mut path, mut at) = (Vec::new(), *start);
        while !rooted.contains(at) {
            if path.len() > parents.len() {
                return Err(StateError::Damaged("folders lead in a circle".to_owned()));
            }
            path.push(at);
            // The root itself need not be stored, so an unknown parent is an end.
            match parents.get(at) {
                Some(Some(parent)) => at = parent,
                _ => break,
            }
        }
        rooted.extend(path);
    }
    Ok(())
}
