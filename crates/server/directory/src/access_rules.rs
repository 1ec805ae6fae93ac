//! Access rules: what an organization keeps about who gets in, prepared once for each revision and asked for each request.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    AccessControl, AccessPolicy, ClientApp, GuestKind, InboundTrust, Partner, PolicyState, Presence, Proofs,
    TenantId, TermsId, Timestamp, User, UserKind,
};
use policy::{
    AccessDecision, Considered, CrossTenantInEffect, Outsider, PreparedLocation, Proven, SignInFacts,
    Whereabouts, consider, judge_sign_in,
};
use storage::{Scope, StorageError};

use crate::Countries;
use crate::terms::accepted_terms;

/// The names of what this server gives access to: Graph, the sites, and the word for both.
pub const APPLICATIONS: [&str; 3] =
    ["00000003-0000-0000-c000-000000000000", "00000003-0000-0ff1-ce00-000000000000", "Office365"];

/// What an organization keeps about who gets in.
#[derive(Debug, Clone, Default)]
pub struct AccessRules {
    policies: Vec<AccessPolicy>,
    locations: Vec<PreparedLocation>,
    /// What counts for organizations with settings of their own.
    partners: BTreeMap<TenantId, CrossTenantInEffect>,
    /// What counts for every other.
    others: CrossTenantInEffect,
    /// Whether any policy is switched on at all.
    counts: bool,
}

/// How somebody comes in.
#[derive(Clone)]
pub struct Arrival {
    /// From where and on what.
    pub presence: Presence,
    /// With which client.
    pub client_app: ClientApp,
    /// In which countries addresses lie.
    pub countries: Countries,
}

/// What a sign-in rests on.
#[derive(Debug, Clone, Copy)]
pub struct SignInEvidence<'a> {
    /// What was proven in it.
    pub proofs: &'a Proofs,
    /// When it is judged.
    pub now: Timestamp,
    /// When the session or token it is judged for began: terms of use that ended later count from the next one on (5.7).
    pub begun: Timestamp,
}

impl AccessRules {
    /// Reads and prepares an organization's rules.
    ///
    /// # Errors
    /// A storage error.
    pub fn load<M>(scope: &mut Scope<'_, M>) -> Result<Self, StorageError> {
        let policies = scope.access_policies().list()?;
        let locations = scope.named_locations().list()?;
        let mut settings = scope.cross_tenant().list()?;
        let default = settings.remove(&Partner::Default).unwrap_or_default();
        let partners = settings.iter().filter_map(|(partner, own)| match partner {
            Partner::Default => None,
            Partner::Tenant(tenant) => Some((*tenant, CrossTenantInEffect::of(Some(own), &default))),
        });
        Ok(Self {
            locations: locations.iter().map(PreparedLocation::new).collect(),
            partners: partners.collect(),
            others: CrossTenantInEffect::of(None, &default),
            counts: policies.iter().any(|policy| policy.state != PolicyState::Disabled),
            policies,
        })
    }

    /// Returns the same rules with one policy in the place of all.
    #[must_use]
    pub fn with_only(self, policy: AccessPolicy) -> Self {
        let counts = policy.state != PolicyState::Disabled;
        Self { policies: vec![policy], counts, ..self }
    }

    /// Returns what counts for another organization.
    #[must_use]
    pub fn toward(&self, tenant: TenantId) -> &CrossTenantInEffect {
        self.partners.get(&tenant).unwrap_or(&self.others)
    }

    /// Returns the policies.
    #[must_use]
    pub fn policies(&self) -> &[AccessPolicy] {
        &self.policies
    }

    /// Returns the terms of use that policies name.
    fn terms(&self) -> BTreeSet<TermsId> {
        let controls = self.policies.iter().flat_map(|policy| &policy.controls);
        controls
            .filter_map(|control| if let AccessControl::Terms(terms) = control { Some(*terms) } else { None })
            .collect()
    }

    /// Returns whether nothing is asked of anybody.
    #[must_use]
    pub fn ask_nothing(&self) -> bool {
        !self.counts
    }

    fn whereabouts(&self, arrival: &Arrival) -> Whereabouts {
        let address = arrival.presence.address;
        let country = address.and_then(|address| arrival.countries.of(address));
        Whereabouts::of(&self.locations, address, country)
    }
}

/// Says what rules ask of a person who comes in. Nobody here vouches for a device: whoever is asked for one stays out.
///
/// # Errors
/// A storage error.
pub fn judge_person<M>(
    scope: &mut Scope<'_, M>,
    rules: &AccessRules,
    person: &User,
    arrival: &Arrival,
    evidence: SignInEvidence<'_>,
) -> Result<AccessDecision, StorageError> {
    with_facts(scope, rules, (person, &APPLICATIONS), (arrival, evidence), |facts| {
        judge_sign_in(&rules.policies, facts)
    })
}

/// Says what each policy says to a person who comes in to some applications, in the order of the policies.
///
/// # Errors
/// A storage error.
pub fn consider_person<M>(
    scope: &mut Scope<'_, M>,
    rules: &AccessRules,
    who: (&User, &[&str]),
    how: (&Arrival, SignInEvidence<'_>),
) -> Result<Vec<Considered>, StorageError> {
    with_facts(scope, rules, who, how, |facts| {
        rules.policies.iter().map(|policy| consider(policy, facts)).collect()
    })
}

/// Gathers what is known about a person who comes in.
fn with_facts<M, T>(
    scope: &mut Scope<'_, M>,
    rules: &AccessRules,
    (person, applications): (&User, &[&str]),
    (arrival, evidence): (&Arrival, SignInEvidence<'_>),
    judge: impl FnOnce(&SignInFacts<'_>) -> T,
) -> Result<T, StorageError> {
    let (groups, roles) = match rules.counts {
        true => (scope.groups().list_ids_of(person.id)?, scope.roles().list_of(person.id)?),
        false => (BTreeSet::new(), Vec::new()),
    };
    let outsider = match (person.kind, person.home) {
        (UserKind::Guest, Some(home)) => {
            Some(Outsider { kind: GuestKind::CollaborationGuest, home: home.tenant })
        }
        _ => None,
    };
    let accepted = accepted_terms(scope, person, &rules.terms(), evidence.begun)?;
    let facts = SignInFacts {
        user: person.id,
        outsider,
        groups: &groups,
        roles: &roles,
        applications,
        whereabouts: &rules.whereabouts(arrival),
        platform: arrival.presence.platform,
        client_app: arrival.client_app,
        mfa: second_factor(person, evidence.proofs),
        compliant_device: Proven::Not,
        joined_device: Proven::Not,
        trust: outsider.map_or_else(InboundTrust::default, |outsider| rules.toward(outsider.home).trust),
        accepted: &accepted,
        signed_in_s: evidence.now.duration_since(evidence.proofs.signed_in).as_secs(),
    };
    Ok(judge(&facts))
}

/// Says which organization saw the person's second factor in this sign-in (5.3): this one, or their home.
fn second_factor(person: &User, proofs: &Proofs) -> Proven {
    let home = person.home.map(|home| home.tenant);
    match proofs.second_factor.contains_key(&person.tenant) {
        true => Proven::Here,
        false if home.is_some_and(|home| proofs.second_factor.contains_key(&home)) => Proven::AtHome,
        false => Proven::Not,
    }
}
