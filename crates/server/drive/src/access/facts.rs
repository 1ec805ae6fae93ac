//! Facts: what is stored about a person at a place, in the form in which policy judges it.

use std::collections::BTreeMap;

use model::{DriveId, HomeAccount, ItemId, Permission, PermissionScope, Role, Site, Timestamp, User};
use policy::{OpenFacts, PersonFacts, effective_level};
use storage::SiteAndPerson;

/// What a person's permissions in one site amount to at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Grants {
    /// Best role at the site itself.
    pub(super) site: Option<Role>,
    /// Best role at each item, by drive.
    pub(super) items: BTreeMap<(DriveId, ItemId), Role>,
    /// Whether a permission that was not taken away ended by itself.
    pub(super) expired: bool,
}

impl Grants {
    /// Adds up what stands at `now`.
    pub(super) fn of(held: &[Permission], now: Timestamp) -> Self {
        let mut grants = Self::default();
        for permission in held.iter().filter(|permission| permission.revoked.is_none()) {
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
    pub(super) fn best(&self) -> Option<Role> {
        self.items.values().copied().max().max(self.site)
    }
}

/// Says what the directory knows about a person who signed in as `home`.
pub(super) fn person_facts(person: &User, home: HomeAccount) -> PersonFacts {
    PersonFacts {
        kind: person.kind,
        deleted: person.deleted.is_some(),
        enabled: person.enabled,
        guest_state: person.guest_state,
        bound_to: person.home,
        signed_in_as: home,
    }
}

/// Puts together what [`policy::may_open`] judges.
pub(super) fn open_facts(
    found: &SiteAndPerson,
    home: HomeAccount,
    role: Option<Role>,
    grants: &Grants,
) -> OpenFacts {
    OpenFacts {
        person: person_facts(&found.person, home),
        level: level_of(found),
        root_deleted: is_gone(&found.site),
        role,
        expired: grants.expired,
    }
}

/// Returns the level in effect at the site.
pub(super) fn level_of(found: &SiteAndPerson) -> model::SharingLevel {
    effective_level(found.organization_sharing, found.site.sharing)
}

fn is_gone(site: &Site) -> bool {
    site.deleted.is_some()
}
