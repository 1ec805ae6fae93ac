//! App: the server program — configuration, wiring, subcommands.
//!
//! Entry points: [`config::WrittenConfig`] for settings, `assemble` for the server in one piece (the program serves it
//! on a socket, the simulation calls it without one), [`serve::serve`].
//!
//! Invariants: only here are the environment and files of configuration read; only here do crates meet that do not
//! know each other.
//!
//! Deliberately unknown here: what any route does.

pub mod assemble;
pub mod config;
pub mod content_config;
pub mod logging;
pub mod serve;
