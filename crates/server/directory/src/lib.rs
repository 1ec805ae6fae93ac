//! Directory: organizations, domains, members, guests, groups, roles and the organization's sharing settings.
//!
//! Entry points, one file each: [`create_organization`], [`add_member`], [`add_alias`], [`assign_role`],
//! [`register_application`], [`set_federation`] and [`admit_identified`], [`create_group`] and [`change_membership`],
//! [`invite_guest`] (and [`invite_in`], for a change that makes a guest on the way), [`accept_invitation`],
//! [`reset_redemption`], [`change_address`], [`merge_guests`], [`leave_organization`], [`delete_person`],
//! [`restore_person`], [`purge_deleted_guests`], [`set_sign_in`],
//! [`change_sharing`], [`change_collaboration`], [`read`], [`site_access`].
//!
//! Invariants:
//! - one address means one person of a tenant; a guest is bound to a home account by its ids, never by an address (A02,
//!   A11);
//! - a change, its audit record and its mail are one commit;
//! - the ticket of an invitation is stored as a hash only. The queued mail necessarily carries the link; the queue
//!   forgets the mail when it is sent.
//!
//! Deliberately unknown here: how a password becomes a hash, sites and items, HTTP, how mail is sent.

mod accept_invitation;
mod access_changes;
mod access_policies;
mod access_rules;
mod alias;
mod applications;
mod audit;
mod authority;
mod change_address;
mod collaboration;
mod countries;
mod cross_tenant;
mod delete_person;
mod deleted_people;
mod domain_standing;
mod error;
mod federated_person;
mod federation;
mod group_sight;
mod groups;
mod invite_guest;
mod join_group;
mod leave;
pub mod mail;
mod member;
mod merge_guests;
mod named_locations;
mod office;
mod organization;
mod organization_sharing;
mod owner_notices;
mod provisioned_groups;
mod provisioning;
mod purge_guests;
pub mod read;
mod reset_redemption;
mod roles;
mod sign_in;
mod site_access;
mod stays;
mod terms;
mod ticket;
mod what_if;

pub use accept_invitation::{Accepted, Offer, accept_invitation};
pub use access_changes::{log_access_changes, log_site_change};
pub use access_policies::{delete_access_policy, list_access_policies, put_access_policy};
pub use access_rules::{APPLICATIONS, AccessRules, Arrival, SignInEvidence, consider_person, judge_person};
pub use alias::add_alias;
pub use applications::{NewApplication, register_application, remove_application};
pub use audit::{acting_person, event, record};
pub use authority::authority_of;
pub use change_address::change_address;
pub use collaboration::{Collaboration, CollaborationChange, change_collaboration, collaboration};
pub use countries::{Countries, NoCountries};
pub use cross_tenant::{delete_cross_tenant, list_cross_tenant, put_cross_tenant};
pub use delete_person::delete_person;
pub use deleted_people::{find_deleted_person, list_deleted_people, restore_person};
pub use domain_standing::{SharingLists, directory_standing, domain_of, person_standing, sharing_standing};
pub use error::DirectoryError;
pub use federated_person::{Identification, admit_identified};
pub use federation::{AuthenticationChange, NewFederation, federation, remove_federation, set_federation};
pub use groups::{MembershipChange, change_membership, create_group};
pub use invite_guest::{
    GuestInvitation, Invited, Known, Notify, invite_guest, invite_in, invite_into_group, renew_link,
    require_inviter,
};
pub use join_group::join_group;
pub use leave::leave_organization;
pub use member::{NewMember, add_member};
pub use merge_guests::merge_guests;
pub use named_locations::{delete_named_location, list_named_locations, put_named_location};
pub use office::{Office, Reach, office};
pub use organization::{Founded, NewOrganization, create_organization};
pub use organization_sharing::{
    SharingChange, SharingSettings, change_sharing, organization_sharing, proposed_sharing,
    set_guest_integration, set_organization_sharing,
};
pub use owner_notices::{
    OwnerNotice, owner_notifications, set_owner_notifications, site_owners, tell_owners, warn_of_ending_stays,
};
pub use provisioned_groups::{
    ProvisionedGroup, WantedGroup, change_provisioned_group, deprovision_group, find_provisioned_group,
    list_provisioned_groups, provision_group,
};
pub use provisioning::{
    PersonKey, ProvisionedPerson, WantedPerson, change_provisioned, create_provisioning_token,
    deprovision_person, find_provisioned, list_provisioned, list_provisioning_tokens, provision_person,
    revoke_provisioning_token,
};
pub use purge_guests::purge_deleted_guests;
pub use reset_redemption::reset_redemption;
pub use roles::assign_role;
pub use sign_in::set_sign_in;
pub use site_access::{
    Grants, SiteAccess, closed_by_gate, level_of, open_facts, open_site, person_facts, site_access,
    widest_level,
};
pub use stays::{Joined, note_stay};
pub use terms::{
    Terms, TermsDraft, answer_terms, delete_terms, find_terms, keep_terms, list_terms, list_terms_answers,
};
pub use ticket::Ticket;
pub use what_if::{Stopped, WhatIf, list_sign_ins, preview_access_policy, what_if};
