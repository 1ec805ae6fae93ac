//! Sync-core: the three trees of one sync root and the rules by which they become one. Pure: no I/O, no clock, no
//! randomness, no async.
//!
//! Entry points: [`Remote`], [`Local`] and [`Synced`] (what each side said, and what both agreed on), [`name_key`] and
//! its neighbours (names), [`conflict_name`], and [`plan`], which says what to do next.
//!
//! Invariants: a tree holds no orphan, no cycle and no doubled key; a file is bound to at most one item; trouble is a
//! [`Problem`] on a node that exists, never an absence; nothing is removed for being absent.
//!
//! Deliberately unknown here: how to reach a disk or a server, what time it is, who the person is.

mod conflict_name;
mod fingerprint;
mod ids;
mod ignore;
mod local;
mod name;
mod plan;
mod problem;
mod remote;
mod rows;
mod synced;
mod tree;
mod unsettled;

pub use conflict_name::{conflict_name, conflict_name_numbered, is_conflict_name};
pub use fingerprint::Fingerprint;
pub use ids::{InvalidPath, ItemId, LocalId, RelPath, Text};
pub use ignore::{Ignored, ignored};
pub use local::{Local, LocalKind, LocalNode, Motion};
pub use name::{
    CONTROL_FOLDER, MAX_NAME_BYTES, MAX_PATH_CHARS, NameIssue, check_library_name, check_local_name, name_key,
};
pub use plan::{MoveReason, NodeRef, Op, Plan, Policy, Question, Wake, is_swap_name, plan, plan_unsettled};
pub use problem::Problem;
pub use remote::{Gone, Remote, RemoteDelta, RemoteNode};
pub use synced::{Synced, SyncedError, SyncedNode};
pub use tree::{Node, Tree, TreeError};
pub use unsettled::Unsettled;
