//! Section 5, rule by rule, and what holds for every set of policies.
//!
//! Longer than most: rules and properties share one small world of facts and one way to write a policy.

use std::collections::BTreeSet;

use model::{
    AccessConditions, AccessControl, AccessPolicy, AccessPolicyId, ApplicationSet, ClientApp, Country,
    DirectoryRole, GrantOperator, GroupId, GuestKind, GuestSet, InAndOut, InboundTrust, LocationKind,
    LocationSet, NamedLocation, NamedLocationId, Platform, PlatformSet, PolicyState, TenantId, TenantSet,
    TermsId, Timestamp, UserId, UserSet,
};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::{select, subsequence};

use super::{
    Asked, Barrier, Considered, Demand, Missed, Outcome, Outsider, PreparedLocation, Proven, SignInFacts,
    Whereabouts, consider, judge_sign_in,
};

const HOME: [u8; 16] = [9; 16];

/// What facts borrow.
#[derive(Debug, Clone)]
struct World {
    groups: BTreeSet<GroupId>,
    roles: Vec<DirectoryRole>,
    whereabouts: Whereabouts,
    accepted: BTreeSet<TermsId>,
    platform: Option<Platform>,
    client_app: ClientApp,
    guest: bool,
    proven: [Proven; 3],
    trust: InboundTrust,
    signed_in_s: i64,
}

impl World {
    fn guest() -> Self {
        Self {
            groups: BTreeSet::new(),
            roles: Vec::new(),
            whereabouts: Whereabouts::default(),
            accepted: BTreeSet::new(),
            platform: Some(Platform::Linux),
            client_app: ClientApp::MobileAndDesktop,
            guest: true,
            proven: [Proven::Not; 3],
            trust: InboundTrust::default(),
            signed_in_s: 60,
        }
    }

    fn facts(&self) -> SignInFacts<'_> {
        let outsider = Outsider { kind: GuestKind::CollaborationGuest, home: TenantId::from_random(HOME) };
        SignInFacts {
            user: UserId::from_random([1; 16]),
            outsider: self.guest.then_some(outsider),
            groups: &self.groups,
            roles: &self.roles,
            applications: &["files", "Office365"],
            whereabouts: &self.whereabouts,
            platform: self.platform,
            client_app: self.client_app,
            mfa: self.proven[0],
            compliant_device: self.proven[1],
            joined_device: self.proven[2],
            trust: self.trust,
            accepted: &self.accepted,
            signed_in_s: self.signed_in_s,
        }
    }

    fn considered(&self, policy: &AccessPolicy) -> Considered {
        consider(policy, &self.facts())
    }

    fn outcome(&self, policies: &[AccessPolicy]) -> Outcome {
        judge_sign_in(policies, &self.facts()).outcome
    }
}

fn id(seed: u8) -> AccessPolicyId {
    AccessPolicyId::from_random([seed; 16])
}

fn terms(seed: u8) -> TermsId {
    TermsId::from_random([seed; 16])
}

fn everybody() -> UserSet {
    UserSet { all: true, ..UserSet::default() }
}

fn included<S: Default>(include: S) -> InAndOut<S> {
    InAndOut { include, exclude: S::default() }
}

/// A policy that asks everybody for these controls everywhere.
fn policy(seed: u8, controls: &[AccessControl]) -> AccessPolicy {
    AccessPolicy {
        id: id(seed),
        tenant: TenantId::from_random([2; 16]),
        display_name: format!("Policy {seed}"),
        state: PolicyState::Enabled,
        conditions: AccessConditions {
            users: included(everybody()),
            applications: included(ApplicationSet { all: true, ids: BTreeSet::new() }),
            ..AccessConditions::default()
        },
        operator: GrantOperator::And,
        controls: controls.iter().copied().collect(),
        sign_in_every_s: None,
        created: Timestamp::UNIX_EPOCH,
        modified: Timestamp::UNIX_EPOCH,
    }
}

fn block(conditions: AccessConditions) -> AccessPolicy {
    AccessPolicy { conditions, ..policy(1, &[AccessControl::Block]) }
}

fn asks(operator: GrantOperator, demands: &[Demand]) -> Considered {
    Considered::Asks { operator, demands: demands.to_vec() }
}

#[test]
fn p_02_any_block_wins_and_every_other_policy_must_be_met() {
    let world = World::guest();
    let (mfa, accept) = (policy(1, &[AccessControl::Mfa]), policy(2, &[AccessControl::Terms(terms(1))]));
    let stop = policy(3, &[AccessControl::Block]);
    assert_eq!(world.outcome(&[]), Outcome::Allow);
    let both = [
        Asked { policy: id(1), operator: GrantOperator::And, demands: vec![Demand::Mfa] },
        Asked { policy: id(2), operator: GrantOperator::And, demands: vec![Demand::Terms(terms(1))] },
    ];
    assert_eq!(world.outcome(&[mfa.clone(), accept.clone()]), Outcome::Demand(both.to_vec()));
    let refused = Outcome::Refuse(vec![(id(3), Barrier::Blocked)]);
    assert_eq!(world.outcome(&[mfa, stop, accept]), refused);
}

#[test]
fn p_02_inside_a_policy_controls_combine_as_it_says() {
    let controls = [AccessControl::Mfa, AccessControl::CompliantDevice, AccessControl::Terms(terms(1))];
    let all = policy(1, &controls);
    let one = AccessPolicy { operator: GrantOperator::Or, ..all.clone() };
    let nothing = World::guest();
    assert_eq!(nothing.considered(&all), Considered::Refuses(Barrier::DeviceNotCompliant));
    let open = asks(GrantOperator::Or, &[Demand::Mfa, Demand::Terms(terms(1))]);
    assert_eq!(nothing.considered(&one), open, "what nobody can do is not offered");
    let accepted = World { accepted: [terms(1)].into(), ..World::guest() };
    assert_eq!(accepted.considered(&one), Considered::Satisfied);
    let here = World { proven: [Proven::Here; 3], ..accepted };
    assert_eq!(here.considered(&all), Considered::Satisfied);
    let device = AccessPolicy { operator: GrantOperator::Or, ..policy(1, &[AccessControl::JoinedDevice]) };
    assert_eq!(nothing.considered(&device), Considered::Refuses(Barrier::DeviceNotJoined));
}

#[test]
fn p_02_exclusion_beats_inclusion() {
    let me = UserSet { users: [UserId::from_random([1; 16])].into(), ..UserSet::default() };
    let users = InAndOut { include: everybody(), exclude: me };
    let policy = block(AccessConditions { users, ..policy(1, &[]).conditions });
    assert_eq!(World::guest().considered(&policy), Considered::NotApplied(Missed::Users));
}

#[test]
fn p_03_a_policy_that_reports_is_noted_and_one_that_is_off_is_not() {
    let world = World::guest();
    let stop = policy(1, &[AccessControl::Block]);
    let reports = AccessPolicy { state: PolicyState::ReportOnly, ..stop.clone() };
    let off = AccessPolicy { state: PolicyState::Disabled, ..stop };
    let decision = judge_sign_in(&[reports, off.clone()], &world.facts());
    assert_eq!(decision.outcome, Outcome::Allow);
    assert_eq!(decision.reported, [(id(1), Considered::Refuses(Barrier::Blocked))]);
    assert_eq!(world.considered(&off), Considered::NotApplied(Missed::State));
}

#[test]
fn s_5_2_people_are_named_by_object_group_role_kind_and_home() {
    let group = GroupId::from_random([3; 16]);
    let guests = |kind, homes| UserSet {
        guests: Some(GuestSet { kinds: [kind].into(), homes }),
        ..UserSet::default()
    };
    let these = |seed: [u8; 16]| TenantSet::These([TenantId::from_random(seed)].into());
    let external = UserSet { guests: Some(GuestSet::everybody()), ..UserSet::default() };
    let guest = World { groups: [group].into(), roles: vec![DirectoryRole::GuestInviter], ..World::guest() };
    let member = World { guest: false, ..World::guest() };
    let cases = [
        (everybody(), true, true),
        (UserSet::default(), false, false),
        (external, true, false),
        (guests(GuestKind::CollaborationGuest, TenantSet::All), true, false),
        (guests(GuestKind::ServiceProvider, TenantSet::All), false, false),
        (guests(GuestKind::CollaborationGuest, these(HOME)), true, false),
        (guests(GuestKind::CollaborationGuest, these([8; 16])), false, false),
        (UserSet { groups: [group].into(), ..UserSet::default() }, true, false),
        (UserSet { roles: [DirectoryRole::GuestInviter].into(), ..UserSet::default() }, true, false),
        (UserSet { users: [UserId::from_random([1; 16])].into(), ..UserSet::default() }, true, true),
    ];
    for (set, for_guest, for_member) in cases {
        let users = included(set);
        let policy = block(AccessConditions { users, ..policy(1, &[]).conditions });
        for (world, applies) in [(&guest, for_guest), (&member, for_member)] {
            let expected = match applies {
                true => Considered::Refuses(Barrier::Blocked),
                false => Considered::NotApplied(Missed::Users),
            };
            assert_eq!(world.considered(&policy), expected, "{policy:?}");
        }
    }
}

#[test]
fn s_5_2_resources_platforms_and_clients_narrow_a_policy() {
    let base = policy(1, &[]).conditions;
    let application = |id: &str| included(ApplicationSet { all: false, ids: [id.to_owned()].into() });
    let platform = |platform| Some(included(PlatformSet { all: false, platforms: [platform].into() }));
    let every = PlatformSet { all: true, platforms: BTreeSet::new() };
    let but_linux =
        InAndOut { include: every, exclude: PlatformSet { all: false, platforms: [Platform::Linux].into() } };
    let cases = [
        (AccessConditions { applications: application("Office365"), ..base.clone() }, None),
        (AccessConditions { applications: application("other"), ..base.clone() }, Some(Missed::Applications)),
        (AccessConditions { platforms: platform(Platform::Linux), ..base.clone() }, None),
        (AccessConditions { platforms: platform(Platform::MacOs), ..base.clone() }, Some(Missed::Platforms)),
        (AccessConditions { platforms: Some(but_linux), ..base.clone() }, Some(Missed::Platforms)),
        (AccessConditions { client_apps: [ClientApp::MobileAndDesktop].into(), ..base.clone() }, None),
        (AccessConditions { client_apps: [ClientApp::Browser].into(), ..base }, Some(Missed::ClientApps)),
    ];
    for (conditions, missed) in cases {
        let expected = missed.map_or(Considered::Refuses(Barrier::Blocked), Considered::NotApplied);
        let policy = block(conditions);
        assert_eq!(World::guest().considered(&policy), expected, "{policy:?}");
    }
    let silent = World { platform: None, ..World::guest() };
    let all = Some(included(PlatformSet { all: true, platforms: BTreeSet::new() }));
    let policy = block(AccessConditions { platforms: all, ..policy(1, &[]).conditions });
    assert_eq!(
        silent.considered(&policy),
        Considered::Refuses(Barrier::Blocked),
        "an unknown one counts as any"
    );
}

#[test]
fn s_5_2_everywhere_but_trusted_places_is_a_policy() {
    let place = NamedLocationId::from_random([7; 16]);
    let location = |trusted| {
        let ranges = vec!["10.0.0.0/8".parse().expect("a range")];
        let kind = LocationKind::Addresses { ranges, trusted };
        let tenant = TenantId::from_random([2; 16]);
        let (created, modified) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        let display_name = String::new();
        PreparedLocation::new(&NamedLocation { id: place, tenant, display_name, kind, created, modified })
    };
    let at = |trusted, address: Option<&str>| World {
        whereabouts: Whereabouts::of(
            &[location(trusted)],
            address.map(|address| address.parse().expect("an address")),
            Country::parse("DE"),
        ),
        ..World::guest()
    };
    let every = LocationSet { all: true, ..LocationSet::default() };
    let trusted = LocationSet { all_trusted: true, ..LocationSet::default() };
    let named = LocationSet { named: [place].into(), ..LocationSet::default() };
    let conditions = |locations| AccessConditions { locations: Some(locations), ..policy(1, &[]).conditions };
    let outside = block(conditions(InAndOut { include: every, exclude: trusted }));
    let inside = block(conditions(included(named)));
    let (stops, misses) = (Considered::Refuses(Barrier::Blocked), Considered::NotApplied(Missed::Locations));
    let cases = [
        (at(true, Some("10.1.1.1")), &misses, &stops),
        (at(false, Some("10.1.1.1")), &stops, &stops),
        (at(true, Some("11.1.1.1")), &stops, &misses),
        (at(true, None), &stops, &misses),
    ];
    for (world, of_outside, of_inside) in cases {
        assert_eq!(&world.considered(&outside), of_outside, "{world:?}");
        assert_eq!(&world.considered(&inside), of_inside, "{world:?}");
    }
}

#[test]
fn s_5_3_what_the_home_organization_proved_counts_where_it_is_trusted() {
    let trust = InboundTrust { mfa: true, compliant_device: true, joined_device: true };
    let cases = [
        (AccessControl::Mfa, asks(GrantOperator::And, &[Demand::Mfa])),
        (AccessControl::CompliantDevice, Considered::Refuses(Barrier::DeviceNotCompliant)),
        (AccessControl::JoinedDevice, Considered::Refuses(Barrier::DeviceNotJoined)),
    ];
    for (control, missing) in cases {
        let policy = policy(1, &[control]);
        let home = World { proven: [Proven::AtHome; 3], ..World::guest() };
        assert_eq!(home.considered(&policy), missing);
        assert_eq!(World { trust, ..home.clone() }.considered(&policy), Considered::Satisfied);
        assert_eq!(
            World { trust, ..World::guest() }.considered(&policy),
            missing,
            "trust alone proves nothing"
        );
        assert_eq!(World { proven: [Proven::Here; 3], ..home }.considered(&policy), Considered::Satisfied);
    }
}

#[test]
fn s_5_3_a_sign_in_that_is_too_old_is_asked_for_again() {
    let policy = AccessPolicy { sign_in_every_s: Some(3_600), ..policy(1, &[AccessControl::Mfa]) };
    let old = World { signed_in_s: 3_600, proven: [Proven::Here; 3], ..World::guest() };
    assert_eq!(old.considered(&policy), asks(GrantOperator::And, &[Demand::SignInAgain]));
    assert_eq!(World { signed_in_s: 3_599, ..old }.considered(&policy), Considered::Satisfied);
}

#[test]
fn s_5_5_the_number_told_is_that_of_what_is_in_the_way() {
    let world = World::guest();
    let code = |controls: &[AccessControl]| judge_sign_in(&[policy(1, controls)], &world.facts()).code();
    assert_eq!(code(&[]), None);
    assert_eq!(code(&[AccessControl::Block]), Some(53_003));
    assert_eq!(code(&[AccessControl::CompliantDevice, AccessControl::Mfa]), Some(53_000));
    assert_eq!(code(&[AccessControl::JoinedDevice]), Some(53_001));
    assert_eq!(code(&[AccessControl::Terms(terms(1)), AccessControl::Mfa]), Some(50_076));
    assert_eq!(code(&[AccessControl::Terms(terms(1))]), Some(50_158));
    let old = AccessPolicy { sign_in_every_s: Some(1), ..policy(1, &[]) };
    assert_eq!(judge_sign_in(&[old], &world.facts()).code(), Some(70_043));
}

fn controls() -> Vec<AccessControl> {
    use AccessControl::{Block, CompliantDevice, JoinedDevice, Mfa, Terms};
    vec![Block, Mfa, CompliantDevice, JoinedDevice, Terms(terms(1)), Terms(terms(2))]
}

fn users() -> impl Strategy<Value = UserSet> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(all, guests, group, me)| {
        UserSet {
            all,
            guests: guests.then(GuestSet::everybody),
            groups: group.then(|| GroupId::from_random([3; 16])).into_iter().collect(),
            users: me.then(|| UserId::from_random([1; 16])).into_iter().collect(),
            roles: BTreeSet::new(),
        }
    })
}

fn policies() -> impl Strategy<Value = Vec<AccessPolicy>> {
    let state = select(PolicyState::ALL.to_vec());
    let operator = select(GrantOperator::ALL.to_vec());
    let one = (
        (users(), users()),
        subsequence(controls(), 0..=3),
        state,
        operator,
        proptest::option::of(0_i64..200),
        subsequence(ClientApp::ALL.to_vec(), 0..=4),
    );
    proptest::collection::vec(one, 0..6).prop_map(|all| {
        let made = all.into_iter().zip(1_u8..);
        made.map(|(((include, exclude), controls, state, operator, sign_in_every_s, clients), seed)| {
            let mut made = policy(seed, &controls);
            made.conditions.users = InAndOut { include, exclude };
            made.conditions.client_apps = clients.into_iter().collect();
            AccessPolicy { state, operator, sign_in_every_s, ..made }
        })
        .collect()
    })
}

fn worlds() -> impl Strategy<Value = World> {
    let proven = || select(vec![Proven::Not, Proven::AtHome, Proven::Here]);
    (
        any::<(bool, bool, bool, bool, bool)>(),
        [proven(), proven(), proven()],
        subsequence(vec![terms(1), terms(2)], 0..=2),
        select(ClientApp::ALL.to_vec()),
        0_i64..200,
    )
        .prop_map(
            |((guest, group, mfa, compliant_device, joined_device), proven, accepted, client_app, age)| {
                World {
                    guest,
                    groups: group.then(|| GroupId::from_random([3; 16])).into_iter().collect(),
                    proven,
                    accepted: accepted.into_iter().collect(),
                    client_app,
                    trust: InboundTrust { mfa, compliant_device, joined_device },
                    signed_in_s: age,
                    ..World::guest()
                }
            },
        )
}

fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Allow => 0,
        Outcome::Demand(_) => 1,
        Outcome::Refuse(_) => 2,
    }
}

proptest! {
    #[test]
    fn the_order_of_policies_never_matters(
        (policies, shuffled) in policies().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        world in worlds(),
    ) {
        prop_assert_eq!(judge_sign_in(&policies, &world.facts()), judge_sign_in(&shuffled, &world.facts()));
    }

    #[test]
    fn a_policy_that_only_reports_never_changes_a_decision(
        policies in policies(), extra in policies(), world in worlds(),
    ) {
        let before = world.outcome(&policies);
        let reporting = extra.into_iter().map(|policy| AccessPolicy { state: PolicyState::ReportOnly, ..policy });
        let more: Vec<AccessPolicy> = policies.into_iter().chain(reporting).collect();
        prop_assert_eq!(world.outcome(&more), before);
    }

    #[test]
    fn one_more_policy_or_switching_one_on_never_lets_anybody_in(
        policies in policies(), extra in policies(), world in worlds(),
    ) {
        let before = rank(&world.outcome(&policies));
        let on: Vec<AccessPolicy> =
            policies.iter().cloned().map(|policy| AccessPolicy { state: PolicyState::Enabled, ..policy }).collect();
        prop_assert!(rank(&world.outcome(&on)) >= before);
        let more: Vec<AccessPolicy> = policies.into_iter().chain(extra).collect();
        prop_assert!(rank(&world.outcome(&more)) >= before);
    }

    #[test]
    fn asking_for_more_or_of_more_people_never_lets_anybody_in(
        policies in policies(), control in select(controls()), world in worlds(),
    ) {
        let before = rank(&world.outcome(&policies));
        let wider: Vec<AccessPolicy> = policies
            .iter()
            .cloned()
            .map(|mut policy| {
                policy.conditions.users = included(everybody());
                policy.conditions.client_apps = BTreeSet::new();
                policy
            })
            .collect();
        prop_assert!(rank(&world.outcome(&wider)) >= before);
        let stricter: Vec<AccessPolicy> = policies
            .into_iter()
            .map(|mut policy| {
                // One more choice among several is no more that is asked for.
                if policy.operator == GrantOperator::And || policy.controls.is_empty() {
                    policy.controls.insert(control);
                }
                policy
            })
            .collect();
        prop_assert!(rank(&world.outcome(&stricter)) >= before);
    }

    #[test]
    fn proving_less_and_trusting_less_never_lets_anybody_in(policies in policies(), world in worlds()) {
        let before = rank(&world.outcome(&policies));
        let untrusted = World { trust: InboundTrust::default(), ..world.clone() };
        prop_assert!(rank(&untrusted.outcome(&policies)) >= before);
        let unproven = World { proven: [Proven::Not; 3], ..world.clone() };
        prop_assert!(rank(&unproven.outcome(&policies)) >= before);
        let unaccepted = World { accepted: BTreeSet::new(), ..world };
        prop_assert!(rank(&unaccepted.outcome(&policies)) >= before);
    }

    #[test]
    fn what_is_explained_is_what_is_enforced(policies in policies(), world in worlds()) {
        let decision = judge_sign_in(&policies, &world.facts());
        let enforced = |policy: &&AccessPolicy| policy.state == PolicyState::Enabled;
        let told: Vec<Considered> = policies.iter().filter(enforced).map(|policy| world.considered(policy)).collect();
        let refused = told.iter().any(|one| matches!(one, Considered::Refuses(_)));
        let asked = told.iter().any(|one| matches!(one, Considered::Asks { .. }));
        let expected = if refused { 2 } else { u8::from(asked) };
        prop_assert_eq!(rank(&decision.outcome), expected);
        prop_assert_eq!(decision.code().is_some(), expected > 0);
    }

    #[test]
    fn doing_everything_that_is_asked_lets_somebody_in(policies in policies(), world in worlds()) {
        if let Outcome::Demand(_) = world.outcome(&policies) {
            let done = World {
                proven: [Proven::Here, world.proven[1], world.proven[2]],
                accepted: [terms(1), terms(2)].into(),
                signed_in_s: 0,
                ..world
            };
            // A sign-in may be too old from its first second on where a policy says so.
            let fresh: Vec<AccessPolicy> = policies
                .into_iter()
                .map(|policy| AccessPolicy { sign_in_every_s: policy.sign_in_every_s.map(|every| every.max(1)), ..policy })
                .collect();
            prop_assert_eq!(done.outcome(&fresh), Outcome::Allow);
        }
    }
}
