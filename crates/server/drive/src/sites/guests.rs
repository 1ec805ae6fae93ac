//! Guests of a site and their time there (sharing-and-guests.md 2.7): the site's owners see and extend it (E-6).

use directory::{event, log_access_changes, record};
use model::{
    Actor, Caller, GuestStay, ItemStamp, Principal, Role, SiteId, Timestamp, User, UserId, UserKind,
};
use policy::{extend_stay, guest_life};
use storage::{Call, Commit, Scope};

use super::SiteError;
use crate::access::site_access;

/// A guest of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteGuest {
    /// The guest.
    pub guest: User,
    /// Their time in the site.
    pub stay: GuestStay,
}

/// Lists the guests of a site, who joined first first. Its owners may.
///
/// # Errors
/// [`SiteError::NotFound`] when the site is hidden from the caller, [`SiteError::Refused`] when they do not own it.
pub async fn list_site_guests(
    call: &Call,
    caller: Caller,
    site: SiteId,
) -> Result<Vec<SiteGuest>, SiteError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        require_owner(scope, &caller, now, site)?;
        let mut guests = Vec::new();
        for (user, stay) in scope.guest_stays().list_of_site(site)? {
            if let Some(guest) = scope.users().find(user)? {
                guests.push(SiteGuest { guest, stay });
            }
        }
        Ok(guests)
    })
    .await
}

/// Gives a guest another full period from now on. Everything they were given works again, nothing has to be shared anew
/// (E-4, E-6).
///
/// # Errors
/// [`SiteError::NotFound`] when the site is hidden from the caller or the person is no guest of it,
/// [`SiteError::Refused`] when they do not own it.
pub async fn extend_guest(
    call: &Call,
    caller: Caller,
    site: SiteId,
    guest: UserId,
) -> Result<SiteGuest, SiteError> {
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let now = runtime.now();
        require_owner(scope, &caller, now, site)?;
        let person = scope.users().find(guest)?.filter(|person| person.kind == UserKind::Guest);
        let person = person.ok_or(SiteError::NotFound)?;
        let before = scope.guest_stays().find(site, guest)?.ok_or(SiteError::NotFound)?;
        let organization = scope.sharing_policies().load()?;
        let life = guest_life(&organization, &scope.sharing_policies().load_of_site(site)?);
        let stay = extend_stay(before, life, now);
        scope.guest_stays().put(site, guest, stay)?;
        let held = scope.permissions().list_in_site(site)?;
        let theirs: Vec<_> = held.into_iter().filter(|one| one.principal == Principal::User(guest)).collect();
        log_access_changes(scope, &theirs, ItemStamp { at: now, by: Some(caller.user) })?;
        let ends = stay.ends.map_or_else(|| "never".to_owned(), |end| end.to_string());
        let done = event(&runtime, Actor::Person(caller.user), "GuestAccessExtended")
            .site(site)
            .target(guest)
            .detail("Ends", ends);
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(SiteGuest { guest: person, stay }, proof))
    })
    .await
}

fn require_owner<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    site: SiteId,
) -> Result<(), SiteError> {
    let open = site_access(scope, caller, now, site)?.ok_or(SiteError::NotFound)?;
    if open.role >= Some(Role::Owner) { Ok(()) } else { Err(policy::Reason::MayNotManageSharing.into()) }
}
