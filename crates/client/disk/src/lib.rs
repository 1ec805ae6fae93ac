//! Disk: the engine's local tree on a real Linux file system.
//!
//! Entry point: [`DiskTree`], which implements [`LocalTree`](engine::LocalTree); [`DiskTree::link`] makes a folder a
//! root.
//!
//! Invariants: everything happens beneath one handle of the root, resolved by the kernel without links or mounts; a
//! folder without the right marker is never touched and never looks empty; nothing a person wrote is unlinked or
//! overwritten, only renamed, and what is renamed away lies in the trash under a sidecar written before; bytes are on
//! the platter before a name leads to them.
//!
//! Deliberately unknown here: the server, what is in sync with what, and which step to take next.

mod batch;
mod beneath;
mod control;
mod failure;
mod listing;
mod options;
mod raw_name;
mod read;
mod recover;
mod rename;
mod root;
mod scan;
mod stage;
mod stat;
mod steps;
mod stop_point;
#[cfg(test)]
mod tests;
mod trash;
mod tree;
mod watch;

pub use options::{DiskOptions, RootIdentity};
pub use tree::DiskTree;
