//! The door: what the resource organization's conditional access policies say to somebody, at every token, page and request
//! (P-1, C05, C06). Policies are remembered by their revision, which is read anew each time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory::judge_person;
use model::{AccessPolicy, AccessPolicyId, ClientApp, TenantId, User};
use policy::{AccessDecision, Outcome};
use storage::{Scope, StorageError};

use crate::{Identity, Refusal};

/// The policies of organizations, as of a revision.
#[derive(Default)]
pub(crate) struct RememberedPolicies(Mutex<ByTenant>);

/// Policies with the revision they are of.
type ByTenant = BTreeMap<TenantId, (i64, Arc<[AccessPolicy]>)>;

impl RememberedPolicies {
    fn of<M>(&self, scope: &mut Scope<'_, M>) -> Result<Arc<[AccessPolicy]>, StorageError> {
        let (tenant, revision) = (scope.tenant(), scope.access_policies().revision()?);
        if let Some((known, policies)) = self.lock().get(&tenant)
            && *known == revision
        {
            return Ok(policies.clone());
        }
        let policies: Arc<[AccessPolicy]> = match revision {
            0 => Arc::new([]),
            _ => scope.access_policies().list()?.into(),
        };
        self.lock().insert(tenant, (revision, policies.clone()));
        Ok(policies)
    }

    fn lock(&self) -> MutexGuard<'_, ByTenant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The door for one kind of client.
#[derive(Clone)]
pub(crate) struct Door {
    remembered: Arc<RememberedPolicies>,
    client_app: ClientApp,
}

impl Identity {
    /// Returns the door for a kind of client.
    pub(crate) fn door(&self, client_app: ClientApp) -> Door {
        Door { remembered: self.0.policies.clone(), client_app }
    }
}

impl Door {
    /// Says why a person does not get in; none when nothing is in the way.
    pub(crate) fn refusal<M>(
        &self,
        scope: &mut Scope<'_, M>,
        person: &User,
    ) -> Result<Option<Refusal>, StorageError> {
        let policies = self.remembered.of(scope)?;
        if policies.is_empty() {
            return Ok(None);
        }
        let decision = judge_person(scope, &policies, person, self.client_app)?;
        let Some(code) = decision.code() else { return Ok(None) };
        Ok(Some(Refusal::Conditions { code, policies: names(&decision, &policies) }))
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
