//! The door: what the resource organization's conditional access policies say to somebody, at every token, page and request
//! (P-1, C05, C06). Policies are remembered by their revision, which is read anew each time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory::{AccessRules, Arrival, SignInEvidence, judge_person};
use model::{AccessPolicy, AccessPolicyId, ClientApp, Proofs, TenantId, Timestamp, User};
use policy::{AccessDecision, Demand, Outcome};
use storage::{Scope, StorageError};

use crate::{Identity, Refusal};

/// The `AADSTS` number for whoever has no second factor to give.
const NOTHING_ENROLLED: u32 = 50_079;

/// The rules of organizations, as of a revision.
#[derive(Default)]
pub(crate) struct RememberedRules(Mutex<ByTenant>);

/// Rules with the revision they are of.
type ByTenant = BTreeMap<TenantId, (i64, Arc<AccessRules>)>;

impl RememberedRules {
    fn of<M>(&self, scope: &mut Scope<'_, M>) -> Result<Arc<AccessRules>, StorageError> {
        let (tenant, revision) = (scope.tenant(), scope.access_policies().revision()?);
        if let Some((known, rules)) = self.lock().get(&tenant)
            && *known == revision
        {
            return Ok(rules.clone());
        }
        let rules: Arc<AccessRules> = match revision {
            0 => Arc::default(),
            _ => AccessRules::load(scope)?.into(),
        };
        self.lock().insert(tenant, (revision, rules.clone()));
        Ok(rules)
    }

    fn lock(&self) -> MutexGuard<'_, ByTenant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The door for one kind of client, somewhere and now.
#[derive(Clone)]
pub(crate) struct Door {
    remembered: Arc<RememberedRules>,
    arrival: Arrival,
    now: Timestamp,
    begun: Timestamp,
}

impl Identity {
    /// Returns the door for a kind of client.
    pub(crate) fn door(&self, client_app: ClientApp) -> Door {
        let arrival = Arrival { presence: self.1, client_app, countries: self.countries().clone() };
        let now = self.runtime().now();
        Door { remembered: self.0.rules.clone(), arrival, now, begun: now }
    }
}

impl Door {
    /// Judges for a session or token that began earlier.
    pub(crate) fn begun(self, begun: Timestamp) -> Self {
        Self { begun, ..self }
    }

    /// Returns whether the organization has policies, so that it matters what was proven.
    pub(crate) fn is_guarded<M>(&self, scope: &mut Scope<'_, M>) -> Result<bool, StorageError> {
        Ok(!self.remembered.of(scope)?.ask_nothing())
    }

    /// Says why a person who proved this does not get in; none when nothing is in the way.
    pub(crate) fn refusal<M>(
        &self,
        scope: &mut Scope<'_, M>,
        person: &User,
        proofs: &Proofs,
    ) -> Result<Option<Refusal>, StorageError> {
        let rules = self.remembered.of(scope)?;
        if rules.ask_nothing() {
            return Ok(None);
        }
        let evidence = SignInEvidence { proofs, now: self.now, begun: self.begun };
        let decision = judge_person(scope, &rules, person, &self.arrival, evidence)?;
        let Some(mut code) = decision.code() else { return Ok(None) };
        if code == Demand::Mfa.code() && !scope.factors().has_any(person.id)? {
            code = NOTHING_ENROLLED;
        }
        let policies = names(&decision, rules.policies());
        Ok(Some(Refusal::Conditions { code, policies, demands: demands(&decision) }))
    }
}

/// Lists what the person can do, signing in again first: what is given after it counts in the new session.
fn demands(decision: &AccessDecision) -> Vec<Demand> {
    let Outcome::Demand(asked) = &decision.outcome else { return Vec::new() };
    let all: BTreeSet<Demand> = asked.iter().flat_map(|asked| asked.demands.iter().copied()).collect();
    all.into_iter().rev().collect()
}

/// Names the policies that are in the way.
fn names(decision: &AccessDecision, policies: &[AccessPolicy]) -> String {
    let ids: Vec<AccessPolicyId> = match &decision.outcome {
        Outcome::Allow => Vec::new(),
        Outcome::Demand(asked) => asked.iter().map(|asked| asked.policy).collect(),
        Outcome::Refuse(refusing) => refusing.iter().map(|(policy, _)| *policy).collect(),
    };
    let named = policies.iter().filter(|policy| ids.contains(&policy.id));
    named.map(|policy| format!("\"{}\"", policy.display_name)).collect::<Vec<_>>().join(", ")
}
