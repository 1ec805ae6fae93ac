//! Site access: what is stored about a person at a site, judged by policy at every request. Libraries and items start
//! from the same facts, and so does whoever manages a site's groups.

use std::collections::BTreeMap;

use model::{
    Caller, DriveId, GuestStay, HomeAccount, ItemId, Permission, PermissionScope, Road, Role, SharingLevel,
    Site, SiteGate, SiteId, Timestamp, User,
};
use policy::{
    DomainFacts, OpenFacts, PersonFacts, Reason, effective_level, is_over, may_open, may_pass, outlasts_stay,
    personal_level, role_in,
};
use storage::{Held, Scope, SiteAndPerson, StorageError};

use crate::person_standing;

/// What a person may do at a site. Exists only for somebody who may open the site or something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAccess {
    /// The site.
    pub site: Site,
    /// The sharing level in effect.
    pub level: SharingLevel,
    /// The role at the site itself; none when only a library, folder or file of it is open.
    pub role: Option<Role>,
    /// The role that was given there, whatever the site's lock leaves of it: who has access is decided by it.
    pub given: Option<Role>,
    /// What the site as a whole lets happen (2.11).
    pub gate: SiteGate,
}

/// Decides what a person may do at a site. None means it is hidden from them.
///
/// # Errors
/// A storage error.
pub fn site_access<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    site: SiteId,
) -> Result<Option<SiteAccess>, StorageError> {
    Ok(open_site(scope, caller, now, site)?.ok())
}

/// Decides as [`site_access`], and tells who is kept out by nothing but the site's gate what it is.
///
/// # Errors
/// A storage error.
pub fn open_site<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    site: SiteId,
) -> Result<Result<SiteAccess, Option<Reason>>, StorageError> {
    if caller.tenant != scope.tenant() {
        return Ok(Err(None));
    }
    let Some(found) = scope.sites().find_with_person(site, caller.user)? else { return Ok(Err(None)) };
    let held = scope.permissions().list_held_by(caller.user, Some(site), Held::Now)?;
    let grants = Grants::of(&held, found.stay, now);
    let domains = person_standing(scope, &found)?;
    let facts = open_facts(&found, (caller.home, caller.road), grants.best(), &grants, domains);
    if !may_open(&facts).allows() {
        return Ok(Err(closed_by_gate(&facts)));
    }
    let (gate, given) = (found.gate, grants.site);
    let role = given.map(|role| role_in(&gate, role));
    Ok(Ok(SiteAccess { level: level_of(&found), role, given, gate, site: found.site }))
}

/// What a person's permissions in one site amount to at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// Best role at the site itself.
    pub site: Option<Role>,
    /// Best role at each item, by drive.
    pub items: BTreeMap<(DriveId, ItemId), Role>,
    /// Whether a permission that was not taken away ended by itself.
    pub expired: bool,
    /// Whether a permission does not count because a guest's time in the site is over (E-4).
    pub stay_over: bool,
}

impl Grants {
    /// Adds up what stands at `now`, given a guest's time in the site.
    #[must_use]
    pub fn of(held: &[Permission], stay: Option<GuestStay>, now: Timestamp) -> Self {
        let mut grants = Self::default();
        let over = is_over(stay, now);
        for permission in held.iter().filter(|permission| permission.revoked.is_none()) {
            if over && !outlasts_stay(permission.principal) {
                grants.stay_over = true;
                continue;
            }
            if permission.expires.is_some_and(|end| end <= now) {
                grants.expired = true;
                continue;
            }
            match permission.scope {
                PermissionScope::Site(_) => grants.site = grants.site.max(Some(permission.role)),
                PermissionScope::Item { drive, item, .. } => {
                    let best = grants.items.entry((drive, item)).or_insert(permission.role);
                    *best = permission.role.max(*best);
                }
            }
        }
        grants
    }

    /// Returns the best role anywhere in the site.
    #[must_use]
    pub fn best(&self) -> Option<Role> {
        self.items.values().copied().max().max(self.site)
    }
}

/// Says what the directory knows about a person who signed in as `home`.
#[must_use]
pub fn person_facts(person: &User, home: HomeAccount) -> PersonFacts {
    PersonFacts {
        kind: person.kind,
        deleted: person.deleted.is_some(),
        enabled: person.enabled,
        guest_state: person.guest_state,
        bound_to: person.home,
        signed_in_as: home,
    }
}

/// Puts together what [`policy::may_open`] judges of somebody who signed in as an account and came by a road.
#[must_use]
pub fn open_facts(
    found: &SiteAndPerson,
    (home, road): (HomeAccount, Road),
    role: Option<Role>,
    grants: &Grants,
    domains: DomainFacts,
) -> OpenFacts {
    OpenFacts {
        person: person_facts(&found.person, home),
        level: level_of(found),
        root_deleted: is_gone(&found.site),
        gate: found.gate,
        road,
        role,
        expired: grants.expired,
        domains,
        stay_over: grants.stay_over,
    }
}

/// Returns what of a site's gate keeps somebody out whom nothing else does; to everybody else the site is hidden.
#[must_use]
pub fn closed_by_gate(facts: &OpenFacts) -> Option<Reason> {
    let open = OpenFacts { gate: SiteGate::OPEN, ..*facts };
    may_pass(&facts.gate, facts.road).refusal().filter(|_| may_open(&open).allows())
}

/// Returns the level in effect at the site.
#[must_use]
pub fn level_of(found: &SiteAndPerson) -> SharingLevel {
    let organization = widest_level(&found.site, found.organization_sharing, found.organization_personal);
    effective_level(organization, found.site.sharing)
}

/// Returns the level that the organization allows at most to a site: personal drives have their own (B05, B06).
#[must_use]
pub fn widest_level(site: &Site, sites: SharingLevel, personal: SharingLevel) -> SharingLevel {
    if site.personal_of.is_some() { personal_level(sites, personal) } else { sites }
}

fn is_gone(site: &Site) -> bool {
    site.deleted.is_some()
}
