//! Rows: how each table is written and read. The order of the steps of a change is decided here.

mod attempts;
mod control;
mod journal;
mod local;
mod remote;
mod synced;

use engine::{StateChange, StoredState};
use rusqlite::{Connection, Transaction};

pub(crate) use journal::newest;

/// Applies a change: removals, anchors of the roots, puts. Foreign keys are checked by the commit that follows.
pub(crate) fn apply(transaction: &Transaction<'_>, change: &StateChange) -> rusqlite::Result<()> {
    if let Some(control) = &change.control {
        control::put(transaction, control)?;
    }
    if change.remote_reset.is_some() {
        remote::reset(transaction)?;
    }
    remote::remove(transaction, &change.remote_gone, &change.gone_forget)?;
    local::remove(transaction, &change.local_remove)?;
    synced::remove(transaction, &change.synced_remove)?;
    attempts::remove(transaction, change)?;
    if control::anchors_may_lack(change) {
        control::anchor(transaction)?;
    }
    remote::put(transaction, &change.remote_put)?;
    local::put(transaction, &change.local_put)?;
    synced::put(transaction, &change.synced_put)?;
    attempts::put(transaction, change)?;
    journal::append(transaction, &change.journal)
}

/// Reads everything.
pub(crate) fn load_all(connection: &Connection) -> rusqlite::Result<StoredState> {
    let remote = remote::load(connection)?;
    Ok(StoredState {
        control: control::load(connection)?,
        synced: synced::load(connection, &remote)?,
        remote,
        gone: remote::load_gone(connection)?,
        local: local::load(connection)?,
        intents: attempts::load_intents(connection)?,
        in_flight: attempts::load_in_flight(connection)?,
        uploads: attempts::load_uploads(connection)?,
    })
}
