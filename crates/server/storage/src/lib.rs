//! Storage: the server's only SQL. Repositories on SQLite or PostgreSQL, reached through contexts alone.
//!
//! Entry points: [`Store::open`], then a context — [`Call`] (one tenant, one person), [`Boundary`] (home and resource
//! tenant at once), [`System`] (one tenant, one job), [`Operator`] (the server's own command line). A context's `read`
//! and `write` run a closure on a blocking thread and hand it a [`Scope`] bound to the tenant, whose methods are the
//! repositories: `scope.users().find(id)`.
//!
//! Invariants:
//! - every query of a repository names the scope's tenant;
//! - a write is one transaction; it returns a [`Commit`], which cannot be made without an audit record or a stated
//!   reason for having none ([`Unaudited`]); follow-up jobs are queued in the same transaction;
//! - [`DriveChange`]s are published only after the commit;
//! - one query text serves both databases: the `on!` macro expands it for each connection.
//!
//! To add a repository: DDL in `migrations/` (both databases, `{bytes}` for byte columns), a `table!` in `schema`, a
//! file in `repositories` with a newtype around `Scope`, conversions to and from `model` beside it. Reads go into
//! `impl<M>`, writes into `impl … Writing`.
//!
//! Deliberately unknown here: who may do what, HTTP, JSON of any API.

mod connection;
mod context;
mod convert;
mod error;
mod group_commit;
mod migrate;
mod pool;
mod repositories;
mod schema;
mod scope;
mod store;

pub use context::{Boundary, BoundaryScope, Call, Operator, OperatorScope, System};
pub use error::StorageError;
pub use repositories::{AccessDecisions, OwnerNotices, PageOf};
pub use repositories::{AccessPolicies, GuestLives, GuestStays, ListPlace, ListedDomains, SharingPolicies};
pub use repositories::{
    Applications, Audit, Groups, Held, Inheritance, Invitations, Jobs, NewUser, Permissions, Roles, SignIn,
    SiteAndPerson, Sites, SyncRoots, Tenants, Users,
};
pub use repositories::{AuditPlace, AuditRetention, AuditSearch, SealedRecord, StoredSeal};
pub use repositories::{AuthorizationCodes, Consents, Evidence, Factors, RefreshTokens, Sessions};
pub use repositories::{BinQuery, Copies, ItemVersions, NameSearch, RecycleBin, SearchPlace};
pub use repositories::{
    ChangeStamp, ChildrenAfter, Contents, DriveChanges, DriveOperations, Drives, ItemLog, Items, NewDrive,
    NewItem, PartKind, StoredChunk, StoredContent, StoredOperation, StoredUpload, StoredUploadSession,
    UploadPart, UploadSessions, Uploads,
};
pub use repositories::{
    ChunkUse, ContentHashes, ContentUse, Damage, DamagedChunk, DamagedFile, ForgottenChunk, Garbage, Lease,
    Quotas, ScrubState, Scrubs, TenantQuota, UnhashedContent, UnlistedContent,
};
pub use repositories::{
    CrossTenant, Federations, LinkRecipients, Links, NamedLocations, Passcodes, Provisioning, SignInRecords,
    Terms,
};
pub use repositories::{Exposure, FirstInvitation, GuestCounts, ListPage, OutwardSites};
pub use scope::{Audited, Commit, DriveChange, Reading, Scope, Unaudited, Writing};
pub use store::{ChangeFeed, DatabaseConfig, FeedEvent, Store};
