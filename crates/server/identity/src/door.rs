//! The door: what the resource organization's conditional access policies say to somebody, at every token, page and request
//! (P-1, C05, C06). Policies are remembered by their revision, which is read anew each time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory::{APPLICATIONS, AccessRules, Arrival, SignInEvidence, consider_person, judge_person};
use model::{
    AccessPolicy, AccessPolicyId, AppliedPolicy, ClientApp, GroupId, PolicyResult, PolicyState, Proofs,
    SignInId, SignInRecord, TenantId, Timestamp, User, UserId,
};
use policy::{AccessDecision, Considered, Demand, Outcome, Reason, Traveller, may_come_in, may_go_out};
use storage::{Commit, Scope, StorageError, Unaudited};

use crate::sign_in::later;
use crate::{Identity, IdentityError, Refusal};

/// The `AADSTS` number for whoever has no second factor to give.
const NOTHING_ENROLLED: u32 = 50_079;

/// The rules of organizations, as of a revision.
#[derive(Default)]
pub(crate) struct RememberedRules(Mutex<ByTenant>);

/// Rules with the revision they are of.
type ByTenant = BTreeMap<TenantId, (i64, Arc<AccessRules>)>;

impl RememberedRules {
    pub(crate) fn of<M>(&self, scope: &mut Scope<'_, M>) -> Result<Arc<AccessRules>, StorageError> {
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
    /// For somebody who comes from another organization.
    left: Option<Left>,
    /// Where it is noted what policies said; requests are not.
    note: Option<Arc<Mutex<Option<Note>>>>,
}

/// What was said to a sign-in, to be kept once it is over.
pub(crate) struct Note {
    tenant: TenantId,
    user: UserId,
    refused: Option<u32>,
    policies: Vec<AppliedPolicy>,
}

/// Somebody who left their organization for another one.
#[derive(Clone)]
struct Left {
    user: UserId,
    groups: BTreeSet<GroupId>,
    /// Why they may not, if so.
    held_back: Option<Reason>,
}

/// How long sign-ins are remembered, in seconds.
const REMEMBERED: i64 = 30 * 24 * 3_600;

impl Identity {
    /// Keeps what was said to somebody who came in, or whom the door kept out; what failed otherwise was no sign-in.
    pub(crate) async fn remember_outcome(&self, door: &Door, failed: Option<&IdentityError>) {
        let kept_out = |error: &IdentityError| matches!(error, IdentityError::Refused(refusal) if refusal.is_of_the_door());
        if failed.is_none_or(kept_out) {
            self.remember_sign_in(door).await;
        }
    }

    /// Keeps what was said to a sign-in. A sign-in does not fail because it cannot be remembered.
    async fn remember_sign_in(&self, door: &Door) {
        let slot = door.note.as_ref();
        let noted = slot.and_then(|slot| slot.lock().unwrap_or_else(PoisonError::into_inner).take());
        let Some(Note { tenant, user, refused, policies }) = noted else { return };
        let now = self.runtime().now();
        let record = SignInRecord {
            id: SignInId::from_random(self.runtime().random()),
            user,
            at: now,
            presence: door.arrival.presence,
            client_app: door.arrival.client_app,
            refused,
            policies,
        };
        let kept = self
            .system(tenant)
            .write(move |scope| -> Result<_, StorageError> {
                scope.sign_in_records().forget_before(later(now, -REMEMBERED))?;
                scope.sign_in_records().create(&record)?;
                Ok(Commit::unaudited((), Unaudited::SignInPlumbing))
            })
            .await;
        if let Err(error) = kept {
            tracing::warn!(error = &error as &dyn std::error::Error, "a sign-in could not be remembered");
        }
    }

    /// Returns the door for a kind of client.
    pub(crate) fn door(&self, client_app: ClientApp) -> Door {
        let arrival = Arrival { presence: self.1, client_app, countries: self.countries().clone() };
        let (now, remembered) = (self.runtime().now(), self.0.rules.clone());
        Door { remembered, arrival, now, begun: now, left: None, note: None }
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

    /// Returns the door for somebody of the organization the scope is bound to who wants to enter one. Whoever stays at
    /// home is asked nothing.
    pub(crate) fn leave<M>(
        self,
        home: &mut Scope<'_, M>,
        user: UserId,
        resource: TenantId,
    ) -> Result<Self, StorageError> {
        if home.tenant() == resource {
            return Ok(self);
        }
        let groups = home.groups().list_ids_of(user)?;
        let rules = self.remembered.of(home)?;
        let traveller = Traveller { user, groups: &groups, applications: &APPLICATIONS };
        let held_back = may_go_out(&rules.toward(resource).outbound, &traveller).refusal();
        Ok(Self { left: Some(Left { user, groups, held_back }), ..self })
    }

    /// Says why a person who proved this does not get in; none when nothing is in the way.
    pub(crate) fn refusal<M>(
        &self,
        scope: &mut Scope<'_, M>,
        person: &User,
        proofs: &Proofs,
    ) -> Result<Option<Refusal>, StorageError> {
        let rules = self.remembered.of(scope)?;
        if let Some(home) = person.home
            && let Some(reason) = self.crossing(&rules, home.tenant)
        {
            let refusal = Refusal::CrossTenant(reason);
            let evidence = SignInEvidence { proofs, now: self.now, begun: self.begun };
            self.note(scope, (&rules, person), evidence, Some(refusal.code()))?;
            return Ok(Some(refusal));
        }
        if rules.ask_nothing() {
            return Ok(None);
        }
        let evidence = SignInEvidence { proofs, now: self.now, begun: self.begun };
        let decision = judge_person(scope, &rules, person, &self.arrival, evidence)?;
        let Some(mut code) = decision.code() else {
            self.note(scope, (&rules, person), evidence, None)?;
            return Ok(None);
        };
        if code == Demand::Mfa.code() && !scope.factors().has_any(person.id)? {
            code = NOTHING_ENROLLED;
        }
        self.note(scope, (&rules, person), evidence, Some(code))?;
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

impl Door {
    /// Returns the door that notes what policies say.
    pub(crate) fn noting(self) -> Self {
        Self { note: Some(Arc::default()), ..self }
    }

    /// Notes what every policy said to a sign-in (P-3).
    fn note<M>(
        &self,
        scope: &mut Scope<'_, M>,
        (rules, person): (&AccessRules, &User),
        evidence: SignInEvidence<'_>,
        refused: Option<u32>,
    ) -> Result<(), StorageError> {
        let Some(slot) = &self.note else { return Ok(()) };
        let said = consider_person(scope, rules, (person, &APPLICATIONS), (&self.arrival, evidence))?;
        let applied = rules.policies().iter().zip(said).filter_map(|(policy, considered)| {
            let result = match considered {
                Considered::Satisfied => PolicyResult::Success,
                Considered::Refuses(_) => PolicyResult::Failure,
                Considered::Asks { .. } => PolicyResult::ActionRequired,
                Considered::NotApplied(_) if policy.state == PolicyState::ReportOnly => {
                    PolicyResult::NotApplied
                }
                Considered::NotApplied(_) => return None,
            };
            let display_name = policy.display_name.clone();
            Some(AppliedPolicy { policy: policy.id, display_name, state: policy.state, result })
        });
        let mut policies: Vec<AppliedPolicy> = applied.collect();
        policies.sort_by_key(|applied| applied.policy);
        let note = Note { tenant: scope.tenant(), user: person.id, refused, policies };
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(note);
        Ok(())
    }

    /// Says which side does not let somebody cross. Who was not asked at home does not cross.
    fn crossing(&self, rules: &AccessRules, home: TenantId) -> Option<Reason> {
        let Some(left) = &self.left else { return Some(Reason::OutboundBlocked) };
        let traveller = Traveller { user: left.user, groups: &left.groups, applications: &APPLICATIONS };
        left.held_back.or_else(|| may_come_in(&rules.toward(home).inbound, Some(&traveller)).refusal())
    }
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
