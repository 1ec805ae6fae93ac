//! Rights: what a person's roles in one drive amount to along a chain of folders. Roles are inherited downwards until an
//! item has permissions of its own; there only what was given at it or below it counts, and a site's owners, who decide
//! about everything in the site, are never shut out.

use std::collections::{BTreeMap, BTreeSet};

use directory::Grants;
use model::{Drive, ItemId, Role, SiteGate};
use policy::role_in;

/// A person's roles in one drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rights {
    /// Best role at the site.
    site: Option<Role>,
    /// Best role at each item, the drive's root included.
    items: BTreeMap<ItemId, Role>,
    /// Items with permissions of their own.
    broken: BTreeSet<ItemId>,
    /// What the site as a whole leaves of a role.
    gate: SiteGate,
}

impl Rights {
    /// Picks what concerns a drive out of what stands in its site, behind the site's gate.
    pub(super) fn of(grants: &Grants, drive: &Drive, broken: BTreeSet<ItemId>, gate: SiteGate) -> Self {
        let here = grants.items.iter().filter(|((of, _), _)| *of == drive.id);
        let items = here.map(|((_, item), role)| (*item, *role)).collect();
        Self { site: grants.site, items, broken, gate }
    }

    /// Returns the items at which a role was given.
    pub(super) fn items(&self) -> &BTreeMap<ItemId, Role> {
        &self.items
    }

    /// Returns the role at an item, given the item and all folders above it up to the root.
    pub(super) fn along(&self, chain: &[ItemId]) -> Option<Role> {
        self.left_of(self.given_along(chain))
    }

    /// Returns the best role at any single item.
    pub(super) fn best_item(&self) -> Option<Role> {
        self.left_of(self.items.values().copied().max())
    }

    /// Returns the role that was given along a chain, whatever the site's lock leaves of it.
    pub(super) fn given_along(&self, chain: &[ItemId]) -> Option<Role> {
        let mut best = None;
        for item in chain {
            best = best.max(self.items.get(item).copied());
            if self.broken.contains(item) {
                return self.with_owner(best);
            }
        }
        best.max(self.site)
    }

    /// Returns the role at an item in a folder at which the role is known.
    pub(super) fn below(&self, parent: Role, child: ItemId) -> Option<Role> {
        let own = self.items.get(&child).copied();
        let given = if self.broken.contains(&child) { self.with_owner(own) } else { own.max(Some(parent)) };
        self.left_of(given)
    }

    /// Returns the items with permissions of their own at which the person has less than a role, wherever they are.
    pub(super) fn broken_below(&self, role: Role) -> BTreeSet<ItemId> {
        let has = |item: &ItemId| self.left_of(self.with_owner(self.items.get(item).copied()));
        self.broken.iter().filter(|item| has(item) < Some(role)).copied().collect()
    }

    fn left_of(&self, role: Option<Role>) -> Option<Role> {
        role.map(|role| role_in(&self.gate, role))
    }

    fn with_owner(&self, role: Option<Role>) -> Option<Role> {
        if self.site == Some(Role::Owner) { self.site } else { role }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use model::{ItemId, LockState, Role, SiteGate};

    use super::Rights;

    fn item(seed: u8) -> ItemId {
        ItemId::from_random([seed; 16])
    }

    #[test]
    fn roles_come_from_above_until_an_item_has_permissions_of_its_own() {
        let (root, folder, own, file) = (item(1), item(2), item(3), item(4));
        let mut rights = Rights {
            site: Some(Role::Read),
            items: BTreeMap::from([(folder, Role::Write)]),
            broken: BTreeSet::from([own]),
            gate: SiteGate::OPEN,
        };
        assert_eq!(rights.along(&[root]), Some(Role::Read));
        assert_eq!(rights.along(&[folder, root]), Some(Role::Write));
        assert_eq!(rights.below(Role::Write, own), None);
        for chain in [vec![own, folder, root], vec![file, own, folder, root]] {
            assert_eq!(rights.along(&chain), None, "nothing from above");
        }
        assert_eq!(rights.broken_below(Role::Read), BTreeSet::from([own]));
        rights.items.insert(own, Role::Read);
        assert_eq!(rights.along(&[file, own, folder, root]), Some(Role::Read));
        assert_eq!(rights.broken_below(Role::Read), BTreeSet::new());
        assert_eq!(rights.broken_below(Role::Write), BTreeSet::from([own]));
        rights.site = Some(Role::Owner);
        assert_eq!(rights.along(&[file, own, folder, root]), Some(Role::Owner), "owners are never shut out");
        rights.gate.lock = LockState::ReadOnly;
        assert_eq!(rights.along(&[file, own, folder, root]), Some(Role::Read), "a lock leaves reading");
        assert_eq!(rights.below(Role::Write, file), Some(Role::Read));
        assert_eq!(rights.given_along(&[file, own, folder, root]), Some(Role::Owner));
    }
}
