//! The overview of a place's access: who has it and by which link, and what stands in the way of giving more, told before
//! anybody tries (B01, X02).

use model::{Caller, DriveId, ItemId, Role, UserKind};
use policy::{DomainFacts, DomainStanding, Reason, Recipient, RecipientFacts, may_share};
use storage::Call;

use super::list::{PermissionView, views};
use super::place_policy::PlacePolicy;
use super::{Place, SharingError};
use crate::ItemError;
use crate::links::{LinkView, as_worth_now, links_at};
use crate::sites::WebAddress;

/// Who has access to a place, as the caller may know it.
#[derive(Clone)]
pub struct AccessOverview {
    /// Name shown to people.
    pub name: String,
    /// Where it opens in the browser.
    pub address: WebAddress,
    /// The organization that owns it.
    pub organization: String,
    /// Whether the caller decides who has access.
    pub manages: bool,
    /// Whether the caller decides who has access to the whole site.
    pub owns: bool,
    /// Who was given access.
    pub people: Vec<PermissionView>,
    /// Its links.
    pub links: Vec<LinkView>,
    /// Why the caller can share with nobody.
    pub no_sharing: Option<Reason>,
    /// Why guests of the directory cannot get access.
    pub no_guests: Option<Reason>,
    /// Why people whom the directory does not know cannot get access.
    pub no_new_guests: Option<Reason>,
}

/// Returns whether somebody with a role sees everybody who has access: owners do, and members who edit.
#[must_use]
pub fn manages_access(role: Role, kind: UserKind) -> bool {
    role >= Role::Owner || (role >= Role::Write && kind == UserKind::Member)
}

/// Reads the overview.
///
/// # Errors
/// [`SharingError::NotFound`] when the place is hidden from the caller.
pub async fn overview(call: &Call, caller: Caller, place: Place) -> Result<AccessOverview, SharingError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let (open, people) = views(scope, &caller, now, place)?;
        let links = links_at(scope, &caller, &open)?;
        let links = as_worth_now(scope, links)?;
        let policy = PlacePolicy::load(scope, &caller, open.scope.site())?;
        let facts = policy.share_facts(scope, &caller, &open, Role::Read)?;
        // Nobody in particular is asked about, so no list of domains refuses them.
        let refusal = |class| {
            let recipient =
                RecipientFacts { class, domains: DomainFacts::FREE, directory: DomainStanding::FREE };
            may_share(&facts, &recipient).refusal()
        };
        Ok(AccessOverview {
            manages: open.is_managed_by(&caller),
            owns: open.role >= Role::Owner,
            organization: scope.tenants().load()?.display_name,
            no_sharing: refusal(Recipient::Member),
            no_guests: refusal(Recipient::Guest),
            no_new_guests: refusal(Recipient::Unknown),
            name: open.name,
            address: open.address,
            people,
            links,
        })
    })
    .await
}

/// Finds the place at an address of the caller's organization. Whether the caller may see it is not judged here.
///
/// # Errors
/// [`ItemError::NotFound`] when no site has this name.
pub async fn place_at(
    call: &Call,
    domain: String,
    site: String,
    item: Option<(DriveId, ItemId)>,
) -> Result<Place, ItemError> {
    call.read(move |scope| {
        if !scope.tenants().list_domains()?.contains(&domain) {
            return Err(ItemError::NotFound);
        }
        let site = scope.sites().find_by_name(&site)?.ok_or(ItemError::NotFound)?;
        let Some((drive, item)) = item else { return Ok(Place::Site(site.id)) };
        let of_site = scope.drives().find(drive)?.is_some_and(|drive| drive.site == site.id);
        if of_site { Ok(Place::Item { drive, item }) } else { Err(ItemError::NotFound) }
    })
    .await
}
