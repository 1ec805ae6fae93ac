//! Accepting an invitation: the guest is bound to the home account by its ids (A02, A06, A11).
//!
//! The home account was proven by sign-in at home. That it is the person who was invited is proven by the directory of
//! the home tenant: the invited address must be one of the account's verified addresses there, whichever it is.

use std::collections::BTreeSet;

use model::{Actor, Address, AuditEvent, GuestState, HomeAccount, Invitation, SecretHash, User, UserKind};
use policy::{Reason, may_redeem};
use runtime::Runtime;
use storage::{Boundary, BoundaryScope, Commit, Scope, Unaudited, Writing};

use crate::{DirectoryError, directory_standing, domain_of, record};

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
/// somebody else, [`DirectoryError::AlreadyAccepted`] when another account took it, [`DirectoryError::SecondGuest`]
/// when this account is another guest here already, [`DirectoryError::Refused`] when an account is blocked or the
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
            let scope = &mut both.resource();
            let bound = scope.users().find_by_home(home)?;
            let (guest, invitation) = match offer {
                Offer::Ticket(hash) => by_ticket(scope, hash, &addresses)?,
                Offer::Any => (by_address(scope, bound.as_ref(), &addresses)?, None),
            };
            let redirect_url = invitation.map(|invitation| invitation.redirect_url);
            if let Some(bound) = bound {
                if bound.id != guest.id {
                    return Err(DirectoryError::SecondGuest);
                }
                refuse_blocked(&bound)?;
                let accepted = Accepted { guest: bound, redirect_url };
                return Ok(Commit::unaudited(accepted, Unaudited::NothingChanged));
            }
            refuse_blocked(&guest)?;
            may_redeem(directory_standing(scope, domain_of(&guest).as_ref())?).into_result()?;
            let guest = bind(scope, &runtime, guest, home, &addresses)?;
            let done = AuditEvent::new(runtime.now(), Actor::Person(guest.id), "SharingInvitationAccepted");
            let done = done.target(guest.id).detail("HomeTenant", home.tenant.to_string());
            let proof = record(scope, &runtime, &[done])?;
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

/// Binds the guest and makes it known by every address of the person that nobody else here has.
fn bind(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    guest: User,
    home: HomeAccount,
    addresses: &BTreeSet<String>,
) -> Result<User, DirectoryError> {
    if guest.home.is_some() {
        return Err(DirectoryError::AlreadyAccepted);
    }
    let now = runtime.now();
    scope.users().accept_guest(guest.id, home, now)?;
    for address in addresses {
        let address: Address = address.parse()?;
        if scope.users().find_by_address(&address)?.is_none() {
            scope.users().add_address(guest.id, &address)?;
        }
    }
    for invitation in scope.invitations().list_of_guest(guest.id)? {
        scope.invitations().redeem(invitation.id, now)?;
    }
    Ok(User { guest_state: Some(GuestState::Accepted), home: Some(home), ..guest })
}
