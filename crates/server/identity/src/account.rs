//! The account at the door: whether somebody who signed in at home may have a token for an organization (flow 3).
//!
//! Both tenants are read in the transaction that issues the token. Both tenants' cross-tenant settings belong here
//! as soon as they exist.

use model::{Address, GuestState, HomeAccount, Proofs, Timestamp, User, UserKind};
use storage::{Scope, StorageError};

use crate::door::Door;
use crate::{IdentityError, Refusal};

/// The account at home, alive, with every address it is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AtHome {
    pub(crate) user: User,
    pub(crate) addresses: Vec<String>,
}

/// Reads the account at home and refuses one that is gone, blocked or signed out since.
pub(crate) fn check_home<M>(
    scope: &mut Scope<'_, M>,
    home: HomeAccount,
    signed_in: Timestamp,
) -> Result<AtHome, IdentityError> {
    let user = scope.users().find(home.user)?;
    let user = user.filter(|user| user.kind == UserKind::Member).ok_or(Refusal::AccountGone)?;
    if !user.enabled {
        return Err(Refusal::AccountDisabled.into());
    }
    if user.tokens_valid_from > signed_in {
        return Err(Refusal::SignInRevoked.into());
    }
    let addresses = scope.users().list_addresses(user.id)?;
    Ok(AtHome { user, addresses })
}

/// Returns the person's object in the organization the scope is bound to: the account itself at home, elsewhere the
/// guest bound to it, if the organization's policies let them in.
pub(crate) fn check_resource<M>(
    scope: &mut Scope<'_, M>,
    home: &AtHome,
    door: &Door,
    proofs: &Proofs,
) -> Result<User, IdentityError> {
    let person = person_there(scope, home)?;
    match door.refusal(scope, &person, proofs)? {
        Some(refusal) => Err(refusal.into()),
        None => Ok(person),
    }
}

/// Returns the person's object in the organization, whatever its policies ask for.
pub(crate) fn person_there<M>(scope: &mut Scope<'_, M>, home: &AtHome) -> Result<User, IdentityError> {
    if scope.tenant() == home.user.tenant {
        return Ok(home.user.clone());
    }
    match scope.tenants().load() {
        Ok(_) => {}
        Err(StorageError::NotFound { .. }) => return Err(Refusal::UnknownTenant.into()),
        Err(error) => return Err(error.into()),
    }
    let account = HomeAccount { tenant: home.user.tenant, user: home.user.id };
    let Some(guest) = scope.users().find_by_home(account)? else {
        let pending = find_pending_guest(scope, home)?.is_some();
        return Err(if pending { Refusal::InvitationPending } else { Refusal::NoGuest }.into());
    };
    if !guest.enabled {
        return Err(Refusal::AccountDisabled.into());
    }
    if guest.guest_state != Some(GuestState::Accepted) {
        return Err(Refusal::InvitationPending.into());
    }
    Ok(guest)
}

/// Finds the guest who was invited by one of the person's addresses, whichever it was, and has not accepted (A11).
pub(crate) fn find_pending_guest<M>(
    scope: &mut Scope<'_, M>,
    home: &AtHome,
) -> Result<Option<User>, IdentityError> {
    for address in &home.addresses {
        let Ok(address) = address.parse::<Address>() else { continue };
        let found = scope.users().find_by_address(&address)?;
        let pending = |user: &User| user.kind == UserKind::Guest && user.home.is_none() && user.enabled;
        if let Some(guest) = found.filter(pending) {
            return Ok(Some(guest));
        }
    }
    Ok(None)
}
