//! Stays: when a guest joins a site, the clock of section 2.7 starts.

use model::{SiteId, Timestamp, User, UserKind};
use policy::{begin_stay, guest_life, is_over};
use storage::{Scope, StorageError, Writing};

/// How somebody who is given something stands in a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// They were there, or have no clock.
    Before,
    /// They joined now.
    Now,
    /// Their time was over, and began anew now.
    Again,
}

/// Notes that somebody was given something in a site. A guest who joins gets the time that the policy of this moment
/// gives; one whose time is over and who is shared with again joins anew.
///
/// # Errors
/// A storage error.
pub fn note_stay(
    scope: &mut Scope<'_, Writing>,
    site: SiteId,
    person: &User,
    now: Timestamp,
) -> Result<Joined, StorageError> {
    if person.kind == UserKind::Member {
        return Ok(Joined::Before);
    }
    let stay = scope.guest_stays().find(site, person.id)?;
    if stay.is_some() && !is_over(stay, now) {
        return Ok(Joined::Before);
    }
    let organization = scope.sharing_policies().load()?;
    let life = guest_life(&organization, &scope.sharing_policies().load_of_site(site)?);
    scope.guest_stays().put(site, person.id, begin_stay(life, now))?;
    Ok(if stay.is_some() { Joined::Again } else { Joined::Now })
}
