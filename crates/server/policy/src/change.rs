//! May change: who changes or takes away a permission that stands.

use model::{Role, UserKind};

use crate::{Decision, Reason};

/// What is known about a change of a permission that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeFacts {
    /// Whether the one who changes it is a member or a guest.
    pub actor: UserKind,
    /// Their role at the place.
    pub actor_role: Role,
    /// Whose permission it is, seen from them.
    pub whose: Whose,
    /// The role it is to have; none to take it away.
    pub wanted: Option<Role>,
    /// Whether it is what makes the site's owners owners.
    pub of_site_owners: bool,
}

/// Whose permission is changed, seen from the one who changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Their own.
    Own,
    /// One they gave themselves.
    Given,
    /// Somebody else gave it to somebody else.
    Other,
}

/// Decides whether a permission may be changed or taken away. Owners may; a member who edits may for what they gave;
/// everybody may give up their own.
#[must_use]
pub fn may_change_permission(facts: &ChangeFacts) -> Decision {
    let gave =
        facts.whose == Whose::Given && facts.actor == UserKind::Member && facts.actor_role >= Role::Write;
    let gives_up = facts.whose == Whose::Own && facts.wanted.is_none();
    let owner = facts.actor_role >= Role::Owner;
    Decision::new()
        .require(Reason::MayNotManageSharing, owner || gave || gives_up)
        .require(Reason::LastOwner, !facts.of_site_owners)
        .require(Reason::OwnerIsNotShared, facts.wanted != Some(Role::Owner))
        .require(Reason::RoleAboveOwn, facts.wanted.is_none_or(|wanted| wanted <= facts.actor_role))
}

#[cfg(test)]
mod tests {
    use model::{Role, UserKind};

    use super::{ChangeFacts, Whose, may_change_permission};
    use crate::Reason;

    #[test]
    fn whoever_gave_a_permission_or_owns_the_place_changes_it() {
        let facts = |actor_role, whose, wanted| ChangeFacts {
            actor: UserKind::Member,
            actor_role,
            whose,
            wanted,
            of_site_owners: false,
        };
        let cases = [
            (facts(Role::Owner, Whose::Other, None), None),
            (facts(Role::Owner, Whose::Other, Some(Role::Read)), None),
            (facts(Role::Owner, Whose::Other, Some(Role::Owner)), Some(Reason::OwnerIsNotShared)),
            (facts(Role::Write, Whose::Other, None), Some(Reason::MayNotManageSharing)),
            (facts(Role::Write, Whose::Given, Some(Role::Read)), None),
            (facts(Role::Read, Whose::Given, None), Some(Reason::MayNotManageSharing)),
            (facts(Role::Read, Whose::Own, None), None),
            (facts(Role::Read, Whose::Own, Some(Role::Write)), Some(Reason::MayNotManageSharing)),
            (
                ChangeFacts { of_site_owners: true, ..facts(Role::Owner, Whose::Other, None) },
                Some(Reason::LastOwner),
            ),
            (
                ChangeFacts { actor: UserKind::Guest, ..facts(Role::Write, Whose::Given, None) },
                Some(Reason::MayNotManageSharing),
            ),
        ];
        for (facts, expected) in cases {
            assert_eq!(may_change_permission(&facts).refusal(), expected, "{facts:?}");
        }
    }
}
