//! Change of a guest's address: they keep their object, and with it everything they were given. The old address stays theirs,
//! so that sharing with it means them too.

use model::{Address, User, UserId, UserKind};
use policy::{Administration, Reason, may_redeem};
use storage::{Call, Commit, Unaudited};

use crate::authority::require;
use crate::{DirectoryError, directory_standing, event, record};

/// Makes a guest known by another address, to which mails go from then on. Whoever signs in as them stays the same; with
/// another account at home, [`reset_redemption`](crate::reset_redemption) comes next.
///
/// # Errors
/// [`DirectoryError::Refused`], [`DirectoryError::NotFound`] when there is no such guest, [`DirectoryError::Taken`] when
/// somebody else is known by the address, [`DirectoryError::AddressOfMember`] for an address of the organization's own.
pub async fn change_address(call: &Call, guest: UserId, mail: Address) -> Result<User, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageGuests)?;
        let found = scope.users().find(guest)?.filter(|person| person.kind == UserKind::Guest);
        let found = found.ok_or(DirectoryError::NotFound)?;
        if found.mail.as_deref() == Some(mail.as_str()) {
            return Ok(Commit::unaudited(found, Unaudited::NothingChanged));
        }
        if scope.tenants().list_domains()?.contains(&mail.domain()) {
            return Err(Reason::NoSuchMember.into());
        }
        let domain = mail.domain().parse().ok();
        may_redeem(directory_standing(scope, domain.as_ref())?).into_result()?;
        match scope.users().find_by_address(&mail)? {
            Some(other) if other.id != found.id => return Err(DirectoryError::Taken),
            Some(_) => {}
            None => scope.users().add_address(found.id, &mail)?,
        }
        scope.guest_lives().update_mail(found.id, &mail)?;
        let done = event(&runtime, actor, "Update user").target(found.id).detail("Change", "MailChanged");
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(User { mail: Some(mail.to_string()), ..found }, proof))
    })
    .await
}
