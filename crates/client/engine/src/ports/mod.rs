//! Ports: what the engine needs from a disk, a server and a store. Their comments are contracts.
//!
//! Real implementations are the crates `disk`, `remote` and `state`; the simulation has faulty ones. Every future may
//! be dropped at any wait (that is what a crash looks like); an implementation must then leave only states from which
//! the next engine can start.

mod local_tree;
mod remote_tree;
mod state_store;

pub use local_tree::{
    Applied, HashedFile, LocalChange, LocalEntry, LocalError, LocalHint, LocalRef, LocalTree, OpenedStage,
    ParkedChange, Recovered, RootHealth, Scan, StageId, StageRequest,
};
pub use remote_tree::{
    ChunkStream, ContentStream, FetchedContent, Outgoing, RemoteError, RemoteTree, ResyncKind, VerifiedAccess,
};
pub use state_store::{
    Brought, Control, Durability, InFlight, Intent, IntentId, JournalEntry, JournalKind, Reset, StateChange,
    StateError, StateStore, StoredState, UploadSession,
};
