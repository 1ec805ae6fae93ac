//! May share: the order of sharing-and-guests.md 3.2, judged for each recipient by itself.

use model::{Role, SharingLevel, UserKind};

use crate::{Decision, Reason, admits_guests, admits_new_guests};

/// What is to be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareTarget {
    /// A site with everything in it.
    Site,
    /// A library, folder or file.
    Item,
}

/// Who is to get access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// A member of the organization.
    Member,
    /// A guest who is in the directory, accepted or not.
    Guest,
    /// Somebody whose account here is blocked.
    Blocked,
    /// Somebody from outside whom the directory does not know.
    Unknown,
    /// Somebody from outside who stays out of the directory and opens it by a code from a mail (A05, A12).
    ByCode,
    /// An address of the organization's own domain that nobody has.
    UnknownMember,
}

/// What is known about the one who shares, and the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareFacts {
    /// Whether the one who shares is a member or a guest.
    pub actor: UserKind,
    /// Their role at the place.
    pub actor_role: Role,
    /// Whether the directory lets them invite new guests.
    pub actor_may_invite: bool,
    /// What is to be shared.
    pub target: ShareTarget,
    /// The role to be given.
    pub role: Role,
    /// The level in effect at the place.
    pub level: SharingLevel,
}

/// Decides whether a recipient may be given the role.
///
/// Owners share everything. Members who may edit share libraries, folders and files, as in the original; a guest needs
/// full control to share.
#[must_use]
pub fn may_share(facts: &ShareFacts, recipient: Recipient) -> Decision {
    let unknown = recipient == Recipient::Unknown;
    let new = unknown || recipient == Recipient::ByCode;
    let outside = new || recipient == Recipient::Guest;
    let manages = manages_sharing(facts.target, facts.actor, facts.actor_role);
    Decision::new()
        .require(Reason::MayNotManageSharing, manages)
        .require(Reason::OwnerIsNotShared, facts.role != Role::Owner)
        .require(Reason::RoleAboveOwn, facts.role <= facts.actor_role)
        .require(Reason::NoSuchMember, recipient != Recipient::UnknownMember)
        .require(Reason::RecipientBlocked, recipient != Recipient::Blocked)
        .require(Reason::LevelAdmitsNoOutsider, !outside || admits_guests(facts.level))
        .require(Reason::LevelAdmitsNoNewGuest, !new || admits_new_guests(facts.level))
        .require(Reason::MayNotInvite, !unknown || facts.actor_may_invite)
}

/// Returns whether somebody with a role decides who has access to a place.
pub(crate) fn manages_sharing(target: ShareTarget, actor: UserKind, role: Role) -> bool {
    match (target, actor) {
        (ShareTarget::Site, _) | (ShareTarget::Item, UserKind::Guest) => role >= Role::Owner,
        (ShareTarget::Item, UserKind::Member) => role >= Role::Write,
    }
}

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
    use model::{Role, SharingLevel, UserKind};
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{ChangeFacts, Recipient, ShareFacts, ShareTarget, Whose, may_change_permission, may_share};
    use crate::Reason;

    const RECIPIENTS: [Recipient; 6] = [
        Recipient::Member,
        Recipient::Guest,
        Recipient::Blocked,
        Recipient::Unknown,
        Recipient::ByCode,
        Recipient::UnknownMember,
    ];

    fn owner() -> ShareFacts {
        ShareFacts {
            actor: UserKind::Member,
            actor_role: Role::Owner,
            actor_may_invite: true,
            target: ShareTarget::Site,
            role: Role::Write,
            level: SharingLevel::NewAndExistingGuests,
        }
    }

    #[test]
    fn each_level_admits_whom_it_names() {
        use Recipient::{ByCode, Guest, Member, Unknown};
        use SharingLevel::{Anyone, Disabled, ExistingGuests, NewAndExistingGuests};
        let cases = [
            (Disabled, Member, None),
            (Disabled, Guest, Some(Reason::LevelAdmitsNoOutsider)),
            (Disabled, Unknown, Some(Reason::LevelAdmitsNoOutsider)),
            (ExistingGuests, Guest, None),
            (ExistingGuests, Unknown, Some(Reason::LevelAdmitsNoNewGuest)),
            (NewAndExistingGuests, Unknown, None),
            (Disabled, ByCode, Some(Reason::LevelAdmitsNoOutsider)),
            (ExistingGuests, ByCode, Some(Reason::LevelAdmitsNoNewGuest)),
            (NewAndExistingGuests, ByCode, None),
            (Anyone, Unknown, None),
        ];
        for (level, recipient, expected) in cases {
            let decision = may_share(&ShareFacts { level, ..owner() }, recipient);
            assert_eq!(decision.refusal(), expected, "{level:?} {recipient:?}");
        }
    }

    #[test]
    fn who_shares_and_what_decides_too() {
        let editor = ShareFacts { actor_role: Role::Write, target: ShareTarget::Item, ..owner() };
        let guest = ShareFacts { actor: UserKind::Guest, actor_may_invite: false, ..owner() };
        let cases = [
            ("an editor shares a folder", editor, Recipient::Unknown, None),
            (
                "an editor does not share the site",
                ShareFacts { target: ShareTarget::Site, ..editor },
                Recipient::Member,
                Some(Reason::MayNotManageSharing),
            ),
            (
                "a viewer shares nothing",
                ShareFacts { actor_role: Role::Read, ..editor },
                Recipient::Member,
                Some(Reason::MayNotManageSharing),
            ),
            (
                "a guest who edits shares nothing",
                ShareFacts { actor: UserKind::Guest, ..editor },
                Recipient::Member,
                Some(Reason::MayNotManageSharing),
            ),
            ("a guest in charge shares with members", guest, Recipient::Member, None),
            ("a guest in charge invites nobody", guest, Recipient::Unknown, Some(Reason::MayNotInvite)),
            (
                "owners are not made by sharing",
                ShareFacts { role: Role::Owner, ..owner() },
                Recipient::Member,
                Some(Reason::OwnerIsNotShared),
            ),
            ("own domain, nobody there", owner(), Recipient::UnknownMember, Some(Reason::NoSuchMember)),
            ("blocked here", owner(), Recipient::Blocked, Some(Reason::RecipientBlocked)),
        ];
        for (name, facts, recipient, expected) in cases {
            assert_eq!(may_share(&facts, recipient).refusal(), expected, "{name}");
        }
    }

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

    proptest! {
        #[test]
        fn tightening_never_grants_and_less_role_never_gives_more(
            recipient in 0_usize..6, loose in 0_usize..4, tight in 0_usize..4,
            more in 0_usize..3, less in 0_usize..3, role in 0_usize..3,
            guest in any::<bool>(), invite in any::<bool>(), site in any::<bool>(),
        ) {
            let (loose, tight) = (loose.max(tight), loose.min(tight));
            let (more, less) = (more.max(less), more.min(less));
            let facts = |level: usize, actor_role: usize| ShareFacts {
                actor: if guest { UserKind::Guest } else { UserKind::Member },
                actor_role: Role::ALL[actor_role],
                actor_may_invite: invite,
                target: if site { ShareTarget::Site } else { ShareTarget::Item },
                role: Role::ALL[role],
                level: SharingLevel::ALL[level],
            };
            let recipient = RECIPIENTS[recipient];
            prop_assert!(
                may_share(&facts(loose, more), recipient).allows()
                    || !may_share(&facts(tight, less), recipient).allows()
            );
        }
    }
}
