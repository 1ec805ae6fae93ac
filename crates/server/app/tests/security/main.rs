//! Security: who may see what, proven over every route (`isolation`), and what malformed and hostile requests get
//! (`bad_input`).
//!
//! Both drive the assembled server, on SQLite and on PostgreSQL, with tokens from its own token endpoint. The one thing
//! to know: `cargo test -p footbridge-app --test security -- --nocapture` prints the whole table, route by caller.

#![expect(clippy::panic, reason = "a test fails by panicking")]

mod bad_input;
mod isolation;
mod world;
