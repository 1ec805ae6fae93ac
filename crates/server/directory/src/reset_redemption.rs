//! Reset of redemption (sharing-and-guests.md 4.7): a guest accepts anew, with another account at home. Object, groups and
//! permissions stay; tokens of the account before are void at once.

use model::{Actor, User, UserId, UserKind};
use policy::{Administration, Reason, may_redeem};
use storage::{Call, Commit};

use crate::authority::require;
use crate::invite_guest::{invitation_mail, invite_in};
use crate::{DirectoryError, GuestInvitation, Invited, Notify, directory_standing, event, mail, record};

/// Unbinds a guest from their home account and invites them anew at an address they are known by. They are known by that
/// address alone until they accept: the account of before does not come back by itself.
///
/// # Errors
/// [`DirectoryError::Refused`], [`DirectoryError::NotFound`] when there is no such guest,
/// [`DirectoryError::ForeignAddress`] when the address is none of theirs, [`DirectoryError::ForeignRedirect`].
pub async fn reset_redemption(
    call: &Call,
    guest: UserId,
    new: GuestInvitation,
    notify: Notify,
) -> Result<Invited, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageGuests)?;
        let found = scope.users().find(guest)?.filter(|person| person.kind == UserKind::Guest);
        let found = found.ok_or(DirectoryError::NotFound)?;
        if matches!(actor, Actor::Application(_)) && !scope.roles().list_of(found.id)?.is_empty() {
            return Err(Reason::RoleRequired.into());
        }
        if !scope.users().list_addresses(found.id)?.contains(&new.address.key()) {
            return Err(DirectoryError::ForeignAddress);
        }
        let domain = new.address.domain().parse().ok();
        may_redeem(directory_standing(scope, domain.as_ref())?).into_result()?;
        scope.guest_lives().reset(found.id, &new.address, runtime.now())?;
        let (invited, offered) = invite_in(scope, &runtime, actor, &new)?;
        if notify == Notify::Mail {
            let letter = invitation_mail(scope, actor, &new, &invited)?;
            mail::queue(scope, &runtime, &letter)?;
        }
        let done = event(&runtime, actor, "Reset redemption").target(found.id);
        let proof = record(scope, &runtime, &[done, offered])?;
        let guest: User = invited.guest.clone();
        Ok(Commit::new(Invited { guest, ..invited }, proof))
    })
    .await
}
