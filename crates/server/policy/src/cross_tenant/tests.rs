//! Cross-tenant access: defaults, inheritance, lists of both kinds, contradictions, and that tightening never grants.

use std::collections::BTreeSet;

use model::{
    AccessType, Consent, CrossTenantSettings, Crossing, CrossingApplications, CrossingUsers, GroupId,
    InboundTrust, UserId,
};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{CrossTenantInEffect, Traveller, may_come_in, may_go_out, may_set_cross_tenant, skips_consent};

const OFFICE: &str = "Office365";

fn user(seed: u8) -> UserId {
    UserId::from_random([seed; 16])
}

fn group(seed: u8) -> GroupId {
    GroupId::from_random([seed; 16])
}

fn crossing(access: AccessType, all: bool, users: &[u8], groups: &[u8]) -> Crossing {
    let users = users.iter().copied().map(user).collect();
    let groups = groups.iter().copied().map(group).collect();
    Crossing { users: CrossingUsers { access, all, users, groups }, ..Crossing::open() }
}

fn blocked() -> Crossing {
    let (access, all) = (AccessType::Blocked, true);
    let applications = CrossingApplications { access, all, ids: BTreeSet::new() };
    Crossing { applications, ..crossing(access, all, &[], &[]) }
}

fn passes(crossing: &Crossing, who: u8, groups: &[u8]) -> bool {
    let groups = groups.iter().copied().map(group).collect();
    let traveller = Traveller { user: user(who), groups: &groups, applications: &[OFFICE] };
    let out = may_go_out(crossing, &traveller).refusal().is_none();
    assert_eq!(out, may_come_in(crossing, Some(&traveller)).refusal().is_none(), "both ways alike");
    out
}

#[test]
fn x_01_by_default_everybody_crosses_and_nothing_is_trusted_or_automatic() {
    let now = CrossTenantInEffect::of(None, &CrossTenantSettings::default());
    assert!(passes(&now.inbound, 1, &[]) && passes(&now.outbound, 1, &[]));
    assert_eq!(now.trust, InboundTrust::default());
    assert!(!skips_consent(&now, &now));
}

#[test]
fn x_02_people_and_groups_that_are_listed_pass_or_are_kept_out() {
    use AccessType::{Allowed, Blocked};
    let cases = [
        (crossing(Allowed, true, &[], &[]), true, true),
        (crossing(Allowed, false, &[1], &[]), true, false),
        (crossing(Allowed, false, &[], &[9]), true, false),
        (crossing(Blocked, false, &[1], &[]), false, true),
        (crossing(Blocked, false, &[], &[9]), false, true),
        (crossing(Blocked, true, &[], &[]), false, false),
    ];
    for (crossing, first, second) in cases {
        assert_eq!(passes(&crossing, 1, &[9]), first, "{crossing:?}");
        assert_eq!(passes(&crossing, 2, &[8]), second, "{crossing:?}");
    }
    let mut other = Crossing::open();
    other.applications.all = false;
    other.applications.ids = ["another".to_owned()].into();
    assert!(!passes(&other, 1, &[]), "this server is not among the applications");
}

#[test]
fn x_02_of_somebody_unknown_only_what_is_closed_to_everybody_is_asked() {
    assert!(may_come_in(&blocked(), None).refusal().is_some());
    for open in [Crossing::open(), crossing(AccessType::Allowed, false, &[1], &[])] {
        assert!(may_come_in(&open, None).refusal().is_none());
    }
}

#[test]
fn x_04_blocking_everybody_from_something_or_somebody_from_everything_is_refused() {
    let half = crossing(AccessType::Blocked, true, &[], &[]);
    let mut other_half = blocked();
    other_half.users = Crossing::open().users;
    for (crossing, kept) in [(blocked(), true), (Crossing::open(), true), (half, false), (other_half, false)]
    {
        for settings in [
            CrossTenantSettings { inbound: Some(crossing.clone()), ..CrossTenantSettings::default() },
            CrossTenantSettings { outbound: Some(crossing.clone()), ..CrossTenantSettings::default() },
        ] {
            assert_eq!(may_set_cross_tenant(&settings).refusal().is_none(), kept, "{settings:?}");
        }
    }
}

#[test]
fn c_02_consent_is_skipped_only_when_both_sides_say_so() {
    let with = |inbound, outbound| {
        let settings = CrossTenantSettings {
            consent_inbound: Some(inbound),
            consent_outbound: Some(outbound),
            ..CrossTenantSettings::default()
        };
        CrossTenantInEffect::of(Some(&settings), &CrossTenantSettings::default())
    };
    for home in Consent::ALL {
        for resource in Consent::ALL {
            let both = (home, resource) == (Consent::Automatic, Consent::Automatic);
            let skipped = skips_consent(&with(Consent::Asked, home), &with(resource, Consent::Asked));
            assert_eq!(skipped, both, "{home:?} {resource:?}");
        }
    }
}

fn crossings() -> impl Strategy<Value = Crossing> {
    let access = prop_oneof![Just(AccessType::Allowed), Just(AccessType::Blocked)];
    let few = || proptest::collection::vec(0_u8..4, 0..3);
    (access, any::<bool>(), few(), few())
        .prop_map(|(access, all, users, groups)| crossing(access, all, &users, &groups))
}

proptest! {
    #[test]
    fn x_02_tightening_a_list_never_grants(before in crossings(), more in 0_u8..4, who in 0_u8..4) {
        let mut after = before.clone();
        match after.users.access {
            AccessType::Blocked => { after.users.users.insert(user(more)); }
            AccessType::Allowed => { after.users.users.remove(&user(more)); after.users.all = false; }
        }
        prop_assert!(!passes(&after, who, &[1]) || passes(&before, who, &[1]));
    }

    #[test]
    fn x_01_what_a_partner_leaves_out_is_the_defaults(own in crossings(), default in crossings()) {
        let settings = |inbound, outbound| CrossTenantSettings { inbound, outbound, ..CrossTenantSettings::default() };
        let base = settings(Some(default.clone()), Some(default.clone()));
        let now = CrossTenantInEffect::of(Some(&settings(Some(own.clone()), None)), &base);
        prop_assert_eq!(&now.inbound, &own);
        prop_assert_eq!(&now.outbound, &default);
        prop_assert_eq!(CrossTenantInEffect::of(None, &base).inbound, default);
    }
}
