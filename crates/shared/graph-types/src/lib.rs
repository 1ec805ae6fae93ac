//! Graph types: the JSON shapes of the Microsoft Graph surface we serve and our client reads.
//!
//! Entry point: [`GraphError`], the one error envelope. Shapes are grouped by resource, one file each.
//!
//! Invariants: timestamps are UTC with `Z`, sizes are integers, absent facets are left out (graph-surface.md 1.4).
//! Unknown properties of input are ignored.
//!
//! Deliberately unknown here: HTTP, storage, who may do what.

mod access_review;
mod audit;
mod collection;
mod conditional_access;
mod cross_tenant;
mod drive;
mod drive_item;
mod error;
mod explanation;
mod graph_time;
mod group;
mod identity_set;
mod invitation;
mod item_copy;
mod item_version;
mod named_location;
mod permission;
mod person;
mod recycle_bin;
mod shared_item;
mod sharing_policy;
mod site;
mod upload_session;

pub use access_review::{AccessDecision, AccessReviewItem, SharingNotifications};
pub use audit::{
    AuditApplication, AuditDetail, AuditEntry, AuditFinding, AuditInitiator, AuditSettings, AuditTarget,
    AuditUser, AuditVerification, DirectoryAudit,
};
pub use collection::Collection;
pub use conditional_access::{
    ConditionalAccessApplications, ConditionalAccessConditions, ConditionalAccessGrantControls,
    ConditionalAccessGuests, ConditionalAccessLocations, ConditionalAccessPlatforms, ConditionalAccessPolicy,
    ConditionalAccessTenants, ConditionalAccessUsers,
};
pub use cross_tenant::{
    CrossTenantConfiguration, CrossTenantConsent, CrossTenantSetting, CrossTenantTarget, CrossTenantTargets,
    CrossTenantTrust,
};
pub use drive::{Drive, Inheritance, NewLibrary, Quota};
pub use drive_item::{
    DeletedFacet, DeltaCollection, DriveItem, EmptyFacet, FileFacet, FileSystemInfo, FolderFacet, Hashes,
    ItemChange, ItemReference,
};
pub use error::{GraphError, GraphErrorBody, GraphInnerError};
pub use explanation::{SyncCondition, SyncExplanation, SyncQuestion};
pub use graph_time::GraphTime;
pub use group::{Group, MemberReference};
pub use identity_set::{Identity, IdentitySet};
pub use invitation::{Invitation, InvitedUserMessageInfo};
pub use item_copy::{CopyStatus, ItemCopyRequest};
pub use item_version::DriveItemVersion;
pub use named_location::{IpRange, NamedLocation};
pub use permission::{
    CreateLinkRequest, DriveRecipient, GrantRequest, InheritedFrom, InviteRequest, Permission,
    PermissionUpdate, RecipientError, SharingInvitation, SharingLink,
};
pub use person::User;
pub use recycle_bin::{FootbridgeBinItem, RecycleBinIds, RecycleBinItem, RecycleBinOutcome};
pub use shared_item::SharedDriveItem;
pub use sharing_policy::{
    AuthorizationPolicy, SharepointSettings, SharingLoss, SiteGuest, SiteSharingSettings,
};
pub use site::{FootbridgeSite, NewSite, Site, SiteCollection};
pub use upload_session::{UploadCommit, UploadSession, UploadSessionRequest, UploadableProperties};
