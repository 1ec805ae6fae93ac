//! Model: the words of the server's domain as types — tenants, people, guests, sites, items, permissions, events.
//!
//! Entry points: the id types in [`ids`], [`Tenant`], [`User`], [`SharingLevel`], [`AuditEvent`].
//!
//! Invariants: model types are not serialisable; every edge (JSON, SQL) converts. Every id is its own type.
//!
//! Deliberately unknown here: how anything is stored, sent or decided.

mod address;
mod audit;
mod group;
pub mod ids;
mod invitation;
mod job;
mod permission;
mod person;
mod sharing_level;
mod site;
mod tenant;

pub use address::{Address, InvalidAddress};
pub use audit::{Actor, AuditEvent, AuditOperation};
pub use group::{Group, GroupKind};
pub use ids::{
    DriveId, GroupId, InvalidId, InvitationId, ItemId, JobId, PermissionId, SiteId, TenantId, UserId,
};
pub use invitation::Invitation;
pub use jiff::Timestamp;
pub use job::{Job, JobKind};
pub use permission::{Permission, PermissionScope, Principal, Role};
pub use person::{Caller, DirectoryRole, GuestState, HomeAccount, User, UserKind};
pub use sharing_level::SharingLevel;
pub use site::Site;
pub use tenant::{Domain, Tenant};
