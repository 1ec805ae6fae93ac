//! Engine: keeps one folder on disk and one folder on a server equal, and never loses a file over it.
//!
//! Entry points: [`Engine`], given the ports [`LocalTree`], [`RemoteTree`] and [`StateStore`] that a program
//! implements, and its [`EngineHandle`] with the [`RootStatus`].
//!
//! Invariants: what is not acknowledged by the server stays readable on this computer at every instant; every
//! destructive step names the version it destroys and is re-checked at the last moment; absence is never a delete; no
//! queue of work is stored, only observations and attempts.
//!
//! Deliberately unknown here: paths outside the root, HTTP, SQL, tokens, and what time it really is.

mod access;
mod brought;
mod cycle;
mod demand;
mod disk_steps;
mod downloads;
mod engine;
mod explain;
mod handle;
mod holds;
mod knowledge;
mod observe;
mod open;
mod ports;
mod reaction;
mod server_steps;
mod settings;
mod stale;
mod status;
mod tell;
mod transfers;
mod trees;

pub use demand::Demand;
pub use engine::{Engine, Ports};
pub use explain::{Explanation, Verdict, VersionLine};
pub use handle::{Answer, EngineHandle};
pub use ports::{
    Applied, Brought, ChunkStream, ContentStream, Control, Durability, FetchedContent, HashedFile, InFlight,
    Intent, IntentId, JournalEntry, JournalKind, LocalChange, LocalEntry, LocalError, LocalHint, LocalRef,
    LocalTree, OpenedStage, Outgoing, ParkedChange, Recovered, RemoteError, RemoteTree, Reset, ResyncKind,
    RootHealth, Scan, StageId, StageRequest, StateChange, StateError, StateStore, StoredState, UploadSession,
    VerifiedAccess,
};
pub use reaction::{ItemReaction, Reaction, item_reaction};
pub use settings::Settings;
pub use status::{
    Activity, ActivityKind, Counts, Direction, HeldDeletion, ProblemLine, RootState, RootStatus, TransferLine,
};
