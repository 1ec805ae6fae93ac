//! State: what must survive a crash of the client, in one SQLite database per sync root. The client's only SQL.
//!
//! Entry point: [`SqliteState::open`], which also tells what it found ([`Found`]); the rest is the engine's
//! [`StateStore`](engine::StateStore) port.
//!
//! Invariants: one change is one transaction; the schema cannot hold an orphan, a child of a file, two children of
//! one remote folder under one key, or a file bound to two items; a database that cannot be read back is moved aside
//! and told, never silently replaced by an empty one; one process at a time holds it.
//!
//! Deliberately unknown here: what the rows mean, when to commit, and the disk the rows speak of.

mod check;
mod encode;
mod failure;
mod open;
mod rows;
mod schema;
mod store;
#[cfg(test)]
mod tests;

pub use open::{Found, Opened};
pub use store::SqliteState;
