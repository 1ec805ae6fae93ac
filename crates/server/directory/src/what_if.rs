//! What if: what policies would say, before they are switched on (C07), and what they said. It is the same judgement that is
//! enforced.

use model::{
    AccessPolicy, ClientApp, PolicyState, Presence, Proofs, SignInId, SignInRecord, User, UserId, UserKind,
};
use policy::{Administration, Considered};
use storage::Call;

use crate::authority::require;
use crate::{APPLICATIONS, AccessRules, Arrival, Countries, DirectoryError, SignInEvidence, consider_person};

/// Guests read at a time.
const PAGE: i64 = 500;

/// A sign-in that is thought of.
#[derive(Clone)]
pub struct WhatIf {
    /// The person.
    pub user: UserId,
    /// How they would come in.
    pub arrival: Arrival,
    /// To which applications; empty is what this server gives access to.
    pub applications: Vec<String>,
}

/// A guest whom a policy would stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The guest.
    pub guest: User,
    /// Why.
    pub considered: Considered,
    /// The sign-in they were judged by; none when none is remembered.
    pub last: Option<SignInRecord>,
}

/// Says what each policy would say to a sign-in, those that are switched off as well. Administrators alone may ask.
///
/// # Errors
/// [`DirectoryError::Refused`], or [`DirectoryError::NotFound`] when there is no such person.
pub async fn what_if(call: &Call, asked: WhatIf) -> Result<Vec<(AccessPolicy, Considered)>, DirectoryError> {
    let (actor, now) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let person = scope.users().find(asked.user)?.ok_or(DirectoryError::NotFound)?;
        let rules = AccessRules::load(scope)?;
        let mut applications: Vec<&str> = asked.applications.iter().map(String::as_str).collect();
        // Whoever names one of what this server is means all of it.
        if applications.is_empty() || applications.iter().any(|named| APPLICATIONS.contains(named)) {
            applications = APPLICATIONS.to_vec();
        }
        let proofs = Proofs::password_alone(now);
        let said =
            consider_person(scope, &rules, (&person, &applications), (&asked.arrival, fresh(&proofs)))?;
        Ok(rules.policies().iter().cloned().zip(said).collect())
    })
    .await
}

/// Says which guests a policy would stop from syncing if it were enforced, each judged by their last sign-in. Administrators
/// alone may ask; nothing is kept.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn preview_access_policy(
    call: &Call,
    policy: AccessPolicy,
    countries: Countries,
) -> Result<Vec<Stopped>, DirectoryError> {
    let (actor, now) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let rules =
            AccessRules::load(scope)?.with_only(AccessPolicy { state: PolicyState::Enabled, ..policy });
        let proofs = Proofs::password_alone(now);
        let mut stopped = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = scope.users().list(after.as_deref(), PAGE)?;
            let full = i64::try_from(page.len()).unwrap_or(i64::MAX) == PAGE;
            after = page.last().map(|person| person.principal_name.to_lowercase());
            for guest in
                page.into_iter().filter(|person| person.kind == UserKind::Guest && person.home.is_some())
            {
                let last = scope.sign_in_records().find_last_of(guest.id)?;
                let presence = last.as_ref().map_or_else(Presence::default, |last| last.presence);
                let (client_app, countries) = (ClientApp::MobileAndDesktop, countries.clone());
                let arrival = Arrival { presence, client_app, countries };
                let how = (&arrival, fresh(&proofs));
                let said = consider_person(scope, &rules, (&guest, &APPLICATIONS), how)?;
                for considered in said {
                    if matches!(considered, Considered::Asks { .. } | Considered::Refuses(_)) {
                        let (guest, last) = (guest.clone(), last.clone());
                        stopped.push(Stopped { guest, considered, last });
                    }
                }
            }
            if !full {
                return Ok(stopped);
            }
        }
    })
    .await
}

/// Says what somebody rests on who has just given their password.
fn fresh(proofs: &Proofs) -> SignInEvidence<'_> {
    SignInEvidence { proofs, now: proofs.signed_in, begun: proofs.signed_in }
}

/// Lists sign-ins older than one of them, the newest first. Administrators alone may.
///
/// # Errors
/// [`DirectoryError::Refused`], or [`DirectoryError::NotFound`] when that one is forgotten.
pub async fn list_sign_ins(
    call: &Call,
    before: Option<SignInId>,
    most: i64,
) -> Result<Vec<(SignInRecord, Option<User>)>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let mut records = Vec::new();
        for record in scope.sign_in_records().list(before, most)? {
            let user = scope.users().find_even_deleted(record.user)?;
            records.push((record, user));
        }
        Ok(records)
    })
    .await
}
