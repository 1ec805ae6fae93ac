//! Conditional access policies of an organization (C05, C06), and what they say to a person. A change counts with the next
//! request of everybody, also with tokens that are out.

use model::{AccessControl, AccessPolicy, AccessPolicyId, Actor, ClientApp, Proofs, Timestamp};
use policy::{Administration, Outcome, Reason, may_set_access_policy};
use storage::{Call, Commit, Scope, Writing};

use crate::authority::require;
use crate::error::check_text;
use crate::{AccessRules, Arrival, Countries, DirectoryError, SignInEvidence, event, judge_person, record};

/// Most policies of an organization; the original has 195.
const MOST: usize = 240;

/// Lists the policies, the oldest first. Administrators alone may.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn list_access_policies(call: &Call) -> Result<Vec<AccessPolicy>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        Ok(scope.access_policies().list()?)
    })
    .await
}

/// Keeps a policy: a new one, or one in the place of that with its id. It is refused when it would shut out whoever sets it,
/// because nobody may be left who could take it back.
///
/// # Errors
/// [`DirectoryError::Refused`], or [`DirectoryError::Text`] for a name that cannot be used.
pub async fn put_access_policy(
    call: &Call,
    policy: AccessPolicy,
    countries: Countries,
) -> Result<AccessPolicy, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    let here = arrival(call, countries);
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let display_name = check_text("the policy's name", &policy.display_name)?;
        may_set_access_policy(&policy).into_result()?;
        require_locations(scope, &policy)?;
        let mut all = scope.access_policies().list()?;
        let before = all.iter().position(|known| known.id == policy.id).map(|at| all.remove(at));
        if all.len() >= MOST {
            return Err(Reason::TooManyAccessPolicies.into());
        }
        let policy = AccessPolicy {
            display_name,
            tenant: scope.tenant(),
            created: before.as_ref().map_or_else(|| runtime.now(), |before| before.created),
            modified: runtime.now(),
            ..policy
        };
        require_agreements(scope, &policy)?;
        scope.access_policies().put(&policy)?;
        require_way_back(scope, actor, here)?;
        let operation = match before {
            Some(_) => "UpdateConditionalAccessPolicy",
            None => "AddConditionalAccessPolicy",
        };
        let done = event(&runtime, actor, operation)
            .detail("Policy", policy.id.to_string())
            .detail("Name", policy.display_name.clone())
            .detail("State", policy.state.graph_name());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(policy, proof))
    })
    .await
}

/// Fails when a policy names terms of use that are not there: nobody could ever accept them.
fn require_agreements(scope: &mut Scope<'_, Writing>, policy: &AccessPolicy) -> Result<(), DirectoryError> {
    for control in &policy.controls {
        if let AccessControl::Terms(terms) = control
            && scope.terms().find(*terms)?.is_none()
        {
            return Err(Reason::NoSuchAgreement.into());
        }
    }
    Ok(())
}

/// Removes a policy.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::NotFound`].
pub async fn delete_access_policy(call: &Call, policy: AccessPolicyId) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if scope.access_policies().find(policy)?.is_none() {
            return Err(DirectoryError::NotFound);
        }
        scope.access_policies().delete(policy)?;
        let done =
            event(&runtime, actor, "DeleteConditionalAccessPolicy").detail("Policy", policy.to_string());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}

/// Returns how whoever calls comes in.
pub(crate) fn arrival(call: &Call, countries: Countries) -> Arrival {
    Arrival { presence: call.presence(), client_app: ClientApp::Browser, countries }
}

/// Fails when a policy names a location that does not exist.
fn require_locations(scope: &mut Scope<'_, Writing>, policy: &AccessPolicy) -> Result<(), DirectoryError> {
    let Some(on) = &policy.conditions.locations else { return Ok(()) };
    let known = scope.named_locations().list()?;
    let mut named = on.include.named.iter().chain(&on.exclude.named);
    match named.find(|named| known.iter().all(|known| known.id != **named)) {
        Some(unknown) => Err(DirectoryError::UnknownLocation(*unknown)),
        None => Ok(()),
    }
}

/// Fails when whoever sets rules would not get in under those in force now, from where they are, by a browser or a program.
pub(crate) fn require_way_back(
    scope: &mut Scope<'_, Writing>,
    actor: Actor,
    here: Arrival,
) -> Result<(), DirectoryError> {
    let Actor::Person(user) = actor else { return Ok(()) };
    let person = scope.users().find(user)?.ok_or(DirectoryError::NotFound)?;
    let rules = AccessRules::load(scope)?;
    // As if they had signed in this very moment.
    let proofs = Proofs::password_alone(Timestamp::UNIX_EPOCH);
    let evidence =
        SignInEvidence { proofs: &proofs, now: Timestamp::UNIX_EPOCH, begun: Timestamp::UNIX_EPOCH };
    for client_app in [ClientApp::Browser, ClientApp::MobileAndDesktop] {
        let arrival = Arrival { client_app, ..here.clone() };
        // What is merely asked for can be given.
        let outcome = judge_person(scope, &rules, &person, &arrival, evidence)?.outcome;
        if matches!(outcome, Outcome::Refuse(_)) {
            return Err(Reason::WouldLockOut.into());
        }
    }
    Ok(())
}
