//! Conditional access: what an organization's policies ask of one sign-in (sharing-and-guests.md section 5).
//!
//! [`consider`] judges one policy; [`judge_sign_in`] adds all of them up. What is enforced, what is noted by policies
//! that only report, and what *what if* answers is the same [`consider`]. The order of policies changes nothing: whatever is
//! told is sorted, a refusal beats every demand, and demands add up (P-2).

mod location;

use std::collections::BTreeSet;

use model::{
    AccessControl, AccessPolicy, AccessPolicyId, ApplicationSet, ClientApp, DirectoryRole, GrantOperator,
    GroupId, GuestKind, InAndOut, InboundTrust, LocationSet, Platform, PlatformSet, PolicyState, TenantId,
    TenantSet, TermsId, UserId, UserSet,
};

use crate::{Decision, Reason};

pub use location::{AddressRanges, PreparedLocation, Whereabouts};

/// Who vouches for something that was proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proven {
    /// Nobody.
    Not,
    /// The person's home organization.
    AtHome,
    /// This organization.
    Here,
}

/// Somebody from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outsider {
    /// How they stand to the organization.
    pub kind: GuestKind,
    /// Their home.
    pub home: TenantId,
}

/// What is known about one sign-in, or one request made with what it gave.
#[derive(Debug, Clone, Copy)]
pub struct SignInFacts<'a> {
    /// The person's object here.
    pub user: UserId,
    /// For people from outside.
    pub outsider: Option<Outsider>,
    /// The groups they are in.
    pub groups: &'a BTreeSet<GroupId>,
    /// Their roles.
    pub roles: &'a [DirectoryRole],
    /// The resources asked for, by every name they have.
    pub applications: &'a [&'a str],
    /// Where they are.
    pub whereabouts: &'a Whereabouts,
    /// On what; none when the user agent does not tell.
    pub platform: Option<Platform>,
    /// With which client.
    pub client_app: ClientApp,
    /// A second factor.
    pub mfa: Proven,
    /// A managed device.
    pub compliant_device: Proven,
    /// A joined device.
    pub joined_device: Proven,
    /// Which claims of the home organization are trusted.
    pub trust: InboundTrust,
    /// Terms of use that were accepted and still stand.
    pub accepted: &'a BTreeSet<TermsId>,
    /// Seconds since they signed in.
    pub signed_in_s: i64,
}

/// What a person can still do to get in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Demand {
    /// Give a second factor.
    Mfa,
    /// Accept terms of use.
    Terms(TermsId),
    /// Sign in again.
    SignInAgain,
}

impl Demand {
    /// Returns the `AADSTS` number (5.5).
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::Mfa => 50_076,
            Self::Terms(_) => 50_158,
            Self::SignInAgain => 70_043,
        }
    }
}

/// What nobody at the browser can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Barrier {
    /// The policy blocks.
    Blocked,
    /// The device is not managed, or by somebody who is not trusted.
    DeviceNotCompliant,
    /// The device is not joined, or to somebody who is not trusted.
    DeviceNotJoined,
}

impl Barrier {
    /// Returns the `AADSTS` number (5.5).
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::Blocked => 53_003,
            Self::DeviceNotCompliant => 53_000,
            Self::DeviceNotJoined => 53_001,
        }
    }
}

/// The condition by which a policy did not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// It is switched off.
    State,
    /// The person is not among its people.
    Users,
    /// The resource is not among its resources.
    Applications,
    /// The place is not among its places.
    Locations,
    /// The platform is not among its platforms.
    Platforms,
    /// The client is not among its clients.
    ClientApps,
}

/// What one policy says to one sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Considered {
    /// It does not apply.
    NotApplied(Missed),
    /// It applies, and what it asks for is given.
    Satisfied,
    /// It applies, and a person can do what is missing: one of these, or all, as the policy says.
    Asks {
        /// How they combine.
        operator: GrantOperator,
        /// What is missing.
        demands: Vec<Demand>,
    },
    /// It applies, and nothing the person does helps.
    Refuses(Barrier),
}

/// Judges one policy, whether it is enforced or only reports.
#[must_use]
pub fn consider(policy: &AccessPolicy, facts: &SignInFacts<'_>) -> Considered {
    match missed(policy, facts) {
        Some(missed) => Considered::NotApplied(missed),
        None => ask(policy, facts),
    }
}

fn missed(policy: &AccessPolicy, facts: &SignInFacts<'_>) -> Option<Missed> {
    let on = &policy.conditions;
    let checks = [
        (policy.state != PolicyState::Disabled, Missed::State),
        (applies(&on.users, |set| has_user(set, facts)), Missed::Users),
        (applies(&on.applications, |set| has_application(set, facts)), Missed::Applications),
        (on.locations.as_ref().is_none_or(|on| applies(on, |set| has_place(set, facts))), Missed::Locations),
        (
            on.platforms.as_ref().is_none_or(|on| applies(on, |set| has_platform(set, facts))),
            Missed::Platforms,
        ),
        (on.client_apps.is_empty() || on.client_apps.contains(&facts.client_app), Missed::ClientApps),
    ];
    checks.into_iter().find(|(holds, _)| !holds).map(|(_, missed)| missed)
}

/// Exclusion beats inclusion (P-2).
fn applies<S>(condition: &InAndOut<S>, holds: impl Fn(&S) -> bool) -> bool {
    holds(&condition.include) && !holds(&condition.exclude)
}

fn has_user(set: &UserSet, facts: &SignInFacts<'_>) -> bool {
    let as_guest = set.guests.as_ref().zip(facts.outsider).is_some_and(|(guests, outsider)| {
        let home = match &guests.homes {
            TenantSet::All => true,
            TenantSet::These(homes) => homes.contains(&outsider.home),
        };
        home && guests.kinds.contains(&outsider.kind)
    });
    set.all
        || as_guest
        || set.users.contains(&facts.user)
        || set.groups.iter().any(|group| facts.groups.contains(group))
        || facts.roles.iter().any(|role| set.roles.contains(role))
}

fn has_application(set: &ApplicationSet, facts: &SignInFacts<'_>) -> bool {
    set.all || facts.applications.iter().any(|application| set.ids.contains(*application))
}

fn has_place(set: &LocationSet, facts: &SignInFacts<'_>) -> bool {
    set.all || (set.all_trusted && facts.whereabouts.trusted) || facts.whereabouts.is_in(&set.named)
}

fn has_platform(set: &PlatformSet, facts: &SignInFacts<'_>) -> bool {
    set.all || facts.platform.is_some_and(|platform| set.platforms.contains(&platform))
}

/// How one control stands.
enum Standing {
    Met,
    Asked(Demand),
    Barred(Barrier),
}

fn standing(control: AccessControl, facts: &SignInFacts<'_>) -> Standing {
    let proven = |proven: Proven, trusted: bool| match proven {
        Proven::Here => true,
        Proven::AtHome => trusted,
        Proven::Not => false,
    };
    let met = match control {
        AccessControl::Block => false,
        AccessControl::Mfa => proven(facts.mfa, facts.trust.mfa),
        AccessControl::CompliantDevice => proven(facts.compliant_device, facts.trust.compliant_device),
        AccessControl::JoinedDevice => proven(facts.joined_device, facts.trust.joined_device),
        AccessControl::Terms(terms) => facts.accepted.contains(&terms),
    };
    match control {
        _ if met => Standing::Met,
        AccessControl::Mfa => Standing::Asked(Demand::Mfa),
        AccessControl::Terms(terms) => Standing::Asked(Demand::Terms(terms)),
        AccessControl::Block => Standing::Barred(Barrier::Blocked),
        AccessControl::CompliantDevice => Standing::Barred(Barrier::DeviceNotCompliant),
        AccessControl::JoinedDevice => Standing::Barred(Barrier::DeviceNotJoined),
    }
}

/// Judges the controls of a policy that applies. A block among them blocks, whatever stands beside it.
fn ask(policy: &AccessPolicy, facts: &SignInFacts<'_>) -> Considered {
    if policy.controls.contains(&AccessControl::Block) {
        return Considered::Refuses(Barrier::Blocked);
    }
    let again = policy.sign_in_every_s.is_some_and(|every| facts.signed_in_s >= every);
    let (mut demands, mut barrier, mut met) = (Vec::new(), None::<Barrier>, policy.controls.is_empty());
    for control in &policy.controls {
        match standing(*control, facts) {
            Standing::Met => met = true,
            Standing::Asked(demand) => demands.push(demand),
            Standing::Barred(found) => barrier = Some(barrier.map_or(found, |known| known.min(found))),
        }
    }
    let asks = match policy.operator {
        GrantOperator::And => barrier.map_or(Ok(demands), Err),
        GrantOperator::Or if met => Ok(Vec::new()),
        GrantOperator::Or if demands.is_empty() => barrier.map_or(Ok(demands), Err),
        GrantOperator::Or => Ok(demands),
    };
    match asks {
        Err(barrier) => Considered::Refuses(barrier),
        // Signing in again is asked for beside the controls; after it they are judged anew.
        Ok(_) if again => {
            Considered::Asks { operator: GrantOperator::And, demands: vec![Demand::SignInAgain] }
        }
        Ok(demands) if demands.is_empty() => Considered::Satisfied,
        Ok(demands) => Considered::Asks { operator: policy.operator, demands },
    }
}

/// Decides whether a policy may be kept: it asks for something, and a block stands alone.
#[must_use]
pub fn may_set_access_policy(policy: &AccessPolicy) -> Decision {
    let blocks = policy.controls.contains(&AccessControl::Block);
    Decision::new()
        .require(Reason::PolicyAsksNothing, !policy.controls.is_empty() || policy.sign_in_every_s.is_some())
        .require(Reason::BlockStandsAlone, !blocks || policy.controls.len() == 1)
}

/// What a policy that applies asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// The policy.
    pub policy: AccessPolicyId,
    /// How its demands combine.
    pub operator: GrantOperator,
    /// What is missing.
    pub demands: Vec<Demand>,
}

/// Whether somebody gets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// They do.
    Allow,
    /// They do after doing this: each entry by itself, in the order of the policies' ids.
    Demand(Vec<Asked>),
    /// They do not. The policies that refuse, in the order of their ids.
    Refuse(Vec<(AccessPolicyId, Barrier)>),
}

/// The answer of all policies of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessDecision {
    /// What is enforced.
    pub outcome: Outcome,
    /// What policies that only report would have said, those that do not apply left out, in the order of their ids.
    pub reported: Vec<(AccessPolicyId, Considered)>,
}

impl AccessDecision {
    /// Returns the `AADSTS` number to answer with; none when nothing stands in the way.
    #[must_use]
    pub fn code(&self) -> Option<u32> {
        match &self.outcome {
            Outcome::Allow => None,
            Outcome::Refuse(refusing) => {
                refusing.iter().map(|(_, barrier)| *barrier).min().map(Barrier::code)
            }
            Outcome::Demand(asked) => {
                asked.iter().flat_map(|asked| &asked.demands).min().map(|demand| demand.code())
            }
        }
    }
}

/// Adds up what every policy says.
#[must_use]
pub fn judge_sign_in(policies: &[AccessPolicy], facts: &SignInFacts<'_>) -> AccessDecision {
    let (mut asked, mut refusing, mut reported) = (Vec::new(), Vec::new(), Vec::new());
    for policy in policies {
        match (policy.state, consider(policy, facts)) {
            (_, Considered::NotApplied(_)) | (PolicyState::Enabled, Considered::Satisfied) => {}
            (PolicyState::Enabled, Considered::Refuses(barrier)) => refusing.push((policy.id, barrier)),
            (PolicyState::Enabled, Considered::Asks { operator, demands }) => {
                asked.push(Asked { policy: policy.id, operator, demands });
            }
            (PolicyState::ReportOnly | PolicyState::Disabled, considered) => {
                reported.push((policy.id, considered));
            }
        }
    }
    asked.sort_unstable();
    refusing.sort_unstable();
    reported.sort_unstable_by_key(|(policy, _)| *policy);
    let outcome = match (refusing.is_empty(), asked.is_empty()) {
        (false, _) => Outcome::Refuse(refusing),
        (true, false) => Outcome::Demand(asked),
        (true, true) => Outcome::Allow,
    };
    AccessDecision { outcome, reported }
}

#[cfg(test)]
mod tests;
