//! Policy: the pure decisions — may open, may sync, may share, may administer, which sharing level is in effect.
//!
//! Entry points: [`may_open`], [`may_sync`], [`may_share`], [`may_make_link`], [`may_use_link`], [`may_administer`],
//! [`may_invite`], [`effective_level`], and what a policy amounts to at a place ([`link_end`], [`default_link`], …). Each takes facts
//! that somebody else loaded and answers a [`Decision`]: the list of conditions, each passed or failed.
//!
//! Invariants: no clock, no database, no async; the same facts give the same answer. Enforcement and explanation use
//! the same function, so what is explained is what happens. A stricter sharing level never allows more.
//!
//! Deliberately unknown here: where facts come from, how refusals look in HTTP, and any text for people beyond the
//! sentence that belongs to a reason.

mod administer;
mod change;
mod condition;
mod conditional_access;
mod cross_tenant;
mod decision;
mod domains;
mod gate;
mod guest_stay;
mod in_effect;
mod invite;
mod level;
mod link;
mod open;
mod reason;
mod share;
mod sync;
mod terms;

pub use administer::{Administration, Authority, may_administer};
pub use change::{ChangeFacts, Whose, may_change_permission};
pub use conditional_access::{
    AccessDecision, AddressRanges, Asked, Barrier, Considered, Demand, Missed, Outcome, Outsider,
    PreparedLocation, Proven, SignInFacts, Whereabouts, consider, judge_sign_in, may_set_access_policy,
};
pub use cross_tenant::{
    CrossTenantInEffect, Traveller, may_come_in, may_go_out, may_set_cross_tenant, skips_consent,
};
pub use decision::{Check, Decision};
pub use domains::{
    DomainFacts, DomainStanding, Listed, may_set_directory_domains, may_set_domains, may_set_site_domains,
};
pub use gate::{may_change_at, may_download, may_pass, role_in};
pub use guest_stay::{begin_stay, extend_stay, is_over, outlasts_stay};
pub use in_effect::{
    anyone_link_caps, default_link, guest_life, link_end, link_role, may_set_anyone_caps, may_set_guest_life,
    may_set_sharers, sharer_reach,
};
pub use invite::{may_invite, may_redeem};
pub use level::{
    admits_anyone_links, admits_guests, admits_new_guests, effective_level, may_set_site_level,
    personal_level,
};
pub use link::{LinkDraft, LinkFacts, LinkPassword, LinkUser, may_make_link, may_use_link};
pub use open::{OpenFacts, PersonFacts, may_enter, may_open};
pub use reason::Reason;
pub use share::{Recipient, RecipientFacts, Resharers, ShareFacts, ShareTarget, may_share};
pub use sync::{Opened, Shape, SyncFacts, may_sync, may_sync_what};
pub use terms::terms_stand;
