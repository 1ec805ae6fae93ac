//! Conditional access policies of an organization (C05, C06), and what they say to a person. A change counts with the next
//! request of everybody, also with tokens that are out.

use std::collections::BTreeSet;

use model::{
    AccessPolicy, AccessPolicyId, Actor, ClientApp, GuestKind, InboundTrust, PolicyState, User, UserKind,
};
use policy::{
    AccessDecision, Administration, Outcome, Outsider, Proven, Reason, SignInFacts, Whereabouts,
    judge_sign_in, may_set_access_policy,
};
use storage::{Call, Commit, Scope, StorageError, Writing};

use crate::authority::require;
use crate::error::check_text;
use crate::{DirectoryError, event, record};

/// Most policies of an organization.
const MOST: usize = 195;
/// The names of what this server gives access to: Graph, the sites, and the word for both.
const APPLICATIONS: [&str; 3] =
    ["00000003-0000-0000-c000-000000000000", "00000003-0000-0ff1-ce00-000000000000", "Office365"];

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
pub async fn put_access_policy(call: &Call, policy: AccessPolicy) -> Result<AccessPolicy, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let display_name = check_text("the policy's name", &policy.display_name)?;
        may_set_access_policy(&policy).into_result()?;
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
        all.push(policy.clone());
        require_way_back(scope, actor, &all)?;
        scope.access_policies().put(&policy)?;
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

/// Fails when whoever sets policies would not get in under them, by a browser or a program.
fn require_way_back(
    scope: &mut Scope<'_, Writing>,
    actor: Actor,
    policies: &[AccessPolicy],
) -> Result<(), DirectoryError> {
    let Actor::Person(user) = actor else { return Ok(()) };
    let person = scope.users().find(user)?.ok_or(DirectoryError::NotFound)?;
    for client_app in [ClientApp::Browser, ClientApp::MobileAndDesktop] {
        if judge_person(scope, policies, &person, client_app)?.outcome != Outcome::Allow {
            return Err(Reason::WouldLockOut.into());
        }
    }
    Ok(())
}

/// Says what policies ask of a person who comes in with a kind of client. Nobody here gives a second factor, vouches for a
/// device or accepts terms yet, and no address is known: whoever is asked for one of these stays out.
///
/// # Errors
/// A storage error.
pub fn judge_person<M>(
    scope: &mut Scope<'_, M>,
    policies: &[AccessPolicy],
    person: &User,
    client_app: ClientApp,
) -> Result<AccessDecision, StorageError> {
    let counts = policies.iter().any(|policy| policy.state != PolicyState::Disabled);
    let (groups, roles) = match counts {
        true => (scope.groups().list_ids_of(person.id)?, scope.roles().list_of(person.id)?),
        false => (BTreeSet::new(), Vec::new()),
    };
    let outsider = match (person.kind, person.home) {
        (UserKind::Guest, Some(home)) => {
            Some(Outsider { kind: GuestKind::CollaborationGuest, home: home.tenant })
        }
        _ => None,
    };
    let facts = SignInFacts {
        user: person.id,
        outsider,
        groups: &groups,
        roles: &roles,
        applications: &APPLICATIONS,
        whereabouts: &Whereabouts::default(),
        platform: None,
        client_app,
        mfa: Proven::Not,
        compliant_device: Proven::Not,
        joined_device: Proven::Not,
        trust: InboundTrust::default(),
        accepted: &BTreeSet::new(),
        signed_in_s: 0,
    };
    Ok(judge_sign_in(policies, &facts))
}
