//! Accepting an invitation: the guest is bound to the home account by its ids (A02, A06, A11).
//!
//! The home account was proven by sign-in at home. That it is the person who was invited is proven by the directory of
//! the home tenant: the invited address must be one of the account's verified addresses there, whichever it is.

use std::collections::BTreeSet;

use crate::owner_notices::tell_acceptance;
use model::{Actor, Address, AuditEvent, GuestState, HomeAccount, Invitation, SecretHash, User, UserKind};
use policy::{Reason, Traveller, may_come_in, may_go_out, may_redeem};
use runtime::Runtime;
use storage::{Boundary, BoundaryScope, Commit, Scope, Unaudited, Writing};

use crate::merge_guests::absorb;
use crate::{APPLICATIONS, AccessRules, DirectoryError, directory_standing, domain_of, record};

/// What is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// The invitation a mailed ticket belongs to.
    Ticket(SecretHash),
    /// Whatever this organization has offered to the account; the person opened a site's own address.
    Any,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The guest object, bound.
    pub guest: User,
    /// Where the browser goes now; none when the person came by a site's own address.
    pub redirect_url: Option<String>,
}

/// Accepts an invitation in the resource tenant for an account that signed in at home. Accepting again is fine.
///
/// # Errors
/// [`DirectoryError::NotFound`] when nothing was offered, [`DirectoryError::OtherRecipient`] when the offer is for
/// somebody else, [`DirectoryError::AlreadyAccepted`] when another account took it, [`DirectoryError::Refused`] when an account is blocked or the
/// directory takes no guests of the invited domain any more.
pub async fn accept_invitation(
    boundary: &Boundary,
    runtime: &Runtime,
    home: HomeAccount,
    offer: Offer,
) -> Result<Accepted, DirectoryError> {
    let runtime = runtime.clone();
    boundary
        .write(move |both| {
            let addresses = addresses_at_home(both, home)?;
            require_crossing(both, home)?;
            let scope = &mut both.resource();
            let bound = scope.users().find_by_home(home)?;
            let (guest, invitation) = match offer {
                Offer::Ticket(hash) => by_ticket(scope, hash, &addresses)?,
                Offer::Any => (by_address(scope, bound.as_ref(), &addresses)?, None),
            };
            let redirect_url = invitation.map(|invitation| invitation.redirect_url);
            if let Some(bound) = bound {
                refuse_blocked(&bound)?;
                if bound.id != guest.id {
                    let done = second_offer(scope, &runtime, &bound, &guest)?;
                    let proof = record(scope, &runtime, &[done])?;
                    return Ok(Commit::new(Accepted { guest: bound, redirect_url }, proof));
                }
                let accepted = Accepted { guest: bound, redirect_url };
                return Ok(Commit::unaudited(accepted, Unaudited::NothingChanged));
            }
            refuse_blocked(&guest)?;
            may_redeem(directory_standing(scope, domain_of(&guest).as_ref())?).into_result()?;
            let (guest, mut events) = bind(scope, &runtime, guest, home, &addresses)?;
            let done = AuditEvent::new(runtime.now(), Actor::Person(guest.id), "SharingInvitationAccepted");
            let done = done
                .target(guest.id)
                .detail("HomeTenant", home.tenant.to_string())
                .detail("AcceptedBy", addresses.iter().next().cloned().unwrap_or_default());
            tell_acceptance(scope, &runtime, &guest)?;
            events.insert(0, done);
            let proof = record(scope, &runtime, &events)?;
            Ok(Commit::new(Accepted { guest, redirect_url }, proof))
        })
        .await
}

/// Reads every verified address of the account at home; it must be a member who may sign in.
fn addresses_at_home(
    both: &mut BoundaryScope<'_, Writing>,
    home: HomeAccount,
) -> Result<BTreeSet<String>, DirectoryError> {
    let scope = &mut both.home();
    if scope.tenant() != home.tenant {
        return Err(DirectoryError::NotFound);
    }
    let person = scope.users().find(home.user)?.filter(|person| person.kind == UserKind::Member);
    let person = person.ok_or(Reason::AccountDeleted)?;
    refuse_blocked(&person)?;
    Ok(scope.users().list_addresses(person.id)?.into_iter().collect())
}

/// Fails unless the home organization lets the person out and this one lets them in.
fn require_crossing(both: &mut BoundaryScope<'_, Writing>, home: HomeAccount) -> Result<(), DirectoryError> {
    let here = both.resource().tenant();
    let groups = both.home().groups().list_ids_of(home.user)?;
    let traveller = Traveller { user: home.user, groups: &groups, applications: &APPLICATIONS };
    let at_home = AccessRules::load(&mut both.home())?;
    may_go_out(&at_home.toward(here).outbound, &traveller).into_result()?;
    let rules = AccessRules::load(&mut both.resource())?;
    Ok(may_come_in(&rules.toward(home.tenant).inbound, Some(&traveller)).into_result()?)
}

fn by_ticket(
    scope: &mut Scope<'_, Writing>,
    hash: SecretHash,
    addresses: &BTreeSet<String>,
) -> Result<(User, Option<Invitation>), DirectoryError> {
    let invitation = scope.invitations().find_by_ticket_hash(hash)?.ok_or(DirectoryError::NotFound)?;
    let guest = scope.users().find(invitation.guest)?.ok_or(DirectoryError::NotFound)?;
    let invited: BTreeSet<String> = scope.users().list_addresses(guest.id)?.into_iter().collect();
    if invited.is_disjoint(addresses) {
        return Err(DirectoryError::OtherRecipient);
    }
    Ok((guest, Some(invitation)))
}

/// Finds the guest an account already is, or the one invited under any of its addresses.
fn by_address(
    scope: &mut Scope<'_, Writing>,
    bound: Option<&User>,
    addresses: &BTreeSet<String>,
) -> Result<User, DirectoryError> {
    if let Some(bound) = bound {
        return Ok(bound.clone());
    }
    for address in addresses {
        let address: Address = address.parse()?;
        let found = scope.users().find_by_address(&address)?;
        if let Some(guest) = found.filter(|person| person.kind == UserKind::Guest) {
            return Ok(guest);
        }
    }
    Err(DirectoryError::NotFound)
}

fn refuse_blocked(person: &User) -> Result<(), DirectoryError> {
    if person.enabled { Ok(()) } else { Err(Reason::AccountBlocked.into()) }
}

/// Accepts what was offered to another of the person's addresses: the two guests become one (A11).
fn second_offer(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    bound: &User,
    second: &User,
) -> Result<AuditEvent, DirectoryError> {
    if second.home.is_some() {
        return Err(DirectoryError::AlreadyAccepted);
    }
    refuse_blocked(second)?;
    may_redeem(directory_standing(scope, domain_of(second).as_ref())?).into_result()?;
    let done = absorb(scope, runtime, Actor::Person(bound.id), bound, second)?;
    for invitation in scope.invitations().list_of_guest(bound.id)? {
        scope.invitations().redeem(invitation.id, runtime.now())?;
    }
    Ok(done)
}

/// Binds the guest and makes it known by every address of the person that nobody else here has. Guests that were made for
/// others of these addresses, and whom nobody has accepted, turn out to be the same person (A11).
fn bind(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    guest: User,
    home: HomeAccount,
    addresses: &BTreeSet<String>,
) -> Result<(User, Vec<AuditEvent>), DirectoryError> {
    if guest.home.is_some() {
        return Err(DirectoryError::AlreadyAccepted);
    }
    let (now, mut events) = (runtime.now(), Vec::new());
    scope.users().accept_guest(guest.id, home, now)?;
    for address in addresses {
        let address: Address = address.parse()?;
        match scope.users().find_by_address(&address)? {
            None => scope.users().add_address(guest.id, &address)?,
            Some(other) if is_unclaimed(&other) && other.id != guest.id => {
                let allowed = may_redeem(directory_standing(scope, domain_of(&other).as_ref())?).allows();
                if allowed {
                    events.push(absorb(scope, runtime, Actor::Person(guest.id), &guest, &other)?);
                }
            }
            Some(_) => {}
        }
    }
    for invitation in scope.invitations().list_of_guest(guest.id)? {
        scope.invitations().redeem(invitation.id, now)?;
    }
    Ok((User { guest_state: Some(GuestState::Accepted), home: Some(home), ..guest }, events))
}

/// Tells whether a guest was never accepted by anybody. One who is blocked stays apart: an administrator meant that.
fn is_unclaimed(person: &User) -> bool {
    person.kind == UserKind::Guest && person.home.is_none() && person.enabled
}
