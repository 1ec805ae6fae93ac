//! Model: the words of the server's domain as types — tenants, people, guests, sites, items, permissions, events.
//!
//! Entry points: the id types in [`ids`], [`Tenant`], [`User`], [`SharingLevel`], [`AuditEvent`].
//!
//! Invariants: model types are not serialisable; every edge (JSON, SQL) converts. Every id is its own type.
//!
//! Deliberately unknown here: how anything is stored, sent or decided.

mod access_decision;
mod address;
mod application;
mod audit;
mod collaboration;
mod conditional_access;
mod copy;
mod cross_tenant;
mod domain_list;
mod drive;
mod factor;
mod federation;
mod group;
pub mod ids;
mod invitation;
mod item;
mod item_name;
mod job;
mod link;
mod notifications;
mod permission;
mod person;
mod presence;
mod provisioning;
mod recycle_bin;
mod sharing_level;
mod sharing_policy;
mod sign_in;
mod sign_in_record;
mod site;
mod site_gate;
mod tenant;
mod terms;

pub use access_decision::{ReviewDecision, ReviewSubject, Reviewed};
pub use address::{Address, InvalidAddress};
pub use application::{Application, ApplicationPermission, UnknownPermission};
pub use audit::{Actor, AuditEvent, AuditOperation, AuditRecord, Client, RecordedActor};
pub use collaboration::{CollaborationPolicy, InvitesFrom};
pub use conditional_access::{
    AccessConditions, AccessControl, AccessPolicy, ApplicationSet, ClientApp, Country, GrantOperator,
    GuestKind, GuestSet, InAndOut, InboundTrust, LocationKind, LocationSet, NamedLocation, Platform,
    PlatformSet, PolicyState, TenantSet, UserSet,
};
pub use copy::{CopyFolder, CopyState, ItemCopy};
pub use cross_tenant::{
    AccessType, Consent, CrossTenantSettings, Crossing, CrossingApplications, CrossingUsers, Partner,
};
pub use domain_list::{DomainList, DomainMode, DomainName, InvalidDomain};
pub use drive::Drive;
pub use factor::{Factor, WrongCodes};
pub use federation::{
    AddressTrust, ClientAuthentication, FederatedSubject, Federation, FederationState, Newcomers,
    SharedSecret,
};
pub use group::{Group, GroupKind};
pub use ids::{
    AccessPolicyId, ApplicationId, AuditRecordId, CopyId, DriveId, FactorId, FamilyId, GroupId, InvalidId,
    InvitationId, ItemId, JobId, LinkId, NamedLocationId, PermissionId, ProvisioningTokenId, SignInId,
    SiteId, TenantId, TermsId, UploadId, UserId,
};
pub use invitation::Invitation;
pub use item::{
    Item, ItemChange, ItemChangeKind, ItemContent, ItemDeletion, ItemKind, ItemStamp, ItemVersion,
};
pub use item_name::{InvalidName, ItemName, ItemPlace};
pub use jiff::Timestamp;
pub use job::{Job, JobKind};
pub use link::{GuestIntegration, Link, LinkKind, LinkRecipient, Passcode, PasscodeSession, WrongPasswords};
pub use notifications::{OwnerNotifications, Telling};
pub use permission::{Permission, PermissionScope, Principal, Role};
pub use person::{Caller, DirectoryRole, GuestState, HomeAccount, User, UserKind};
pub use presence::Presence;
pub use provisioning::{GroupRecord, PersonRecord, ProvisioningToken};
pub use recycle_bin::{BinEntry, BinKey, BinStage};
pub use sharing_level::SharingLevel;
pub use sharing_policy::{
    AnyoneLinkCaps, DefaultLink, GuestStay, Lifetime, OwnerChoice, Resharing, SharerGroup, SharerReach,
    Sharers, SharingPolicy, SitePolicy,
};
pub use sign_in::{
    AuthorizationCode, DeviceCode, DeviceCodeState, Predecessor, Proofs, RefreshFamily, RefreshToken,
    SecretHash, Session, SignInLine, SigningKey,
};
pub use sign_in_record::{AppliedPolicy, PolicyResult, SignInRecord};
pub use site::Site;
pub use site_gate::{DeviceAccess, Downloads, LockState, OrganizationLinks, Road, SiteGate};
pub use tenant::{Domain, Tenant};
pub use terms::{Agreement, TermsAnswer, TermsExpiry, TermsText, TermsVersion};
