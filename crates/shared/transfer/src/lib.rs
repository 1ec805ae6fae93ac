//! Transfer: what the sync client and the server say to each other to move bytes, and how bytes get their names.
//!
//! Entry points: [`Chunker`] and [`ContentBuilder`] (bytes to names), [`ContentId`] and [`Manifest`] (names of
//! bytes), [`PackReader`] (many small things in one body), [`Operation`] and [`Outcome`] (changes),
//! [`DeltaPage`] (what changed), [`RootInfo`] and [`AccessReport`] (what a sync root is and whether it is open).
//!
//! Invariants: every byte is hashed once (BLAKE3 per chunk); a content id is the BLAKE3 of its manifest; the id of a
//! chunk on the wire and in storage is its hash keyed per tenant, so that equal bytes of two tenants have unequal
//! names. Parsing foreign bytes never panics and never allocates more than the declared limits.
//!
//! Deliberately unknown here: HTTP, files, databases, who may do what.

mod chunker;
mod content_builder;
mod delta;
mod hex_id;
mod ids;
mod manifest;
mod operation;
mod pack;
mod quick_xor;
mod root;
mod upload;

pub use chunker::Chunker;
pub use content_builder::{ContentBuilder, NamedContent};
pub use delta::{DeltaEntry, DeltaPage, ItemKind, ItemRole, RemoteItem, RemovalReason};
pub use ids::{ChunkHash, ChunkId, ChunkKey, ContentId, OperationId};
pub use manifest::{Manifest, ManifestChunk, ManifestError};
pub use operation::{
    ConflictOrigin, ContentSource, Operation, OperationBatch, OperationChange, OperationError, Outcome,
    OutcomeBatch, PutTarget,
};
pub use pack::{
    ChunkFrame, ContentFrame, Frame, MAX_PACK_HEADER, PACK_END, PACK_MEDIA_TYPE, PackError, PackReader,
    frame_prefix,
};
pub use quick_xor::{QuickXor, QuickXorHash};
pub use root::{
    AccessQuestion, AccessReason, AccessReport, AccessState, CLIENT_ID, ResolveRequest, RootInfo,
    tenant_of_link,
};
pub use upload::{ChunkList, ContentRequest, UploadOffer, UploadPlan};
