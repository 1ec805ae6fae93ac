//! Links: who may make one (sharing-and-guests.md 3.2), and what one is worth at the moment it is used (3.3).
//!
//! Both judge the level in effect when they are asked, so a level that is lowered masks links and one that is loosened
//! brings them back (L-20 to L-22).

use model::{LinkKind, Role, SharingLevel, UserKind};

use crate::share::manages_sharing;
use crate::{Decision, Reason, ShareTarget, admits_anyone_links, admits_guests, admits_new_guests};

/// A link that somebody wants to make, or a change of one to this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkDraft {
    /// Whether the one who makes it is a member or a guest.
    pub actor: UserKind,
    /// Their role at the item.
    pub actor_role: Role,
    /// The kind.
    pub kind: LinkKind,
    /// The role it gives.
    pub role: Role,
    /// Whether the item is a whole library.
    pub library: bool,
    /// The level in effect at the item.
    pub level: SharingLevel,
}

/// Decides whether a link may be made. Whom a link for specific people may name is judged as for any other share.
#[must_use]
pub fn may_make_link(draft: &LinkDraft) -> Decision {
    let anyone = draft.kind == LinkKind::Anyone;
    Decision::new()
        .require(
            Reason::MayNotManageSharing,
            manages_sharing(ShareTarget::Item, draft.actor, draft.actor_role)
                || draft.kind == LinkKind::ExistingAccess,
        )
        .require(Reason::OwnerIsNotShared, draft.role != Role::Owner)
        .require(
            Reason::RoleAboveOwn,
            draft.role <= draft.actor_role || draft.kind == LinkKind::ExistingAccess,
        )
        .require(Reason::AnyoneLinkOfLibrary, !anyone || !draft.library)
        .require(Reason::LevelAdmitsNoAnyoneLink, !anyone || admits_anyone_links(draft.level))
}

/// Who uses a link. Whether their account is good is judged where they come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkUser {
    /// Nobody who is known.
    Bearer,
    /// A member of the link's organization.
    Member,
    /// A guest of it.
    Guest,
    /// Somebody who proved an address by a code.
    ByCode,
}

/// How the link's password stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPassword {
    /// It has none, or it was given.
    Settled,
    /// It was not given.
    Missing,
}

/// What is known about a link and the one who uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkFacts {
    /// The link's kind.
    pub kind: LinkKind,
    /// The level in effect at its item.
    pub level: SharingLevel,
    /// Who uses it.
    pub user: LinkUser,
    /// Whether it names them.
    pub named: bool,
    /// Whether they reach the item without it.
    pub has_access: bool,
    /// Whether the site or the item is gone.
    pub gone: bool,
    /// Whether its time is over.
    pub expired: bool,
    /// How its password stands.
    pub password: LinkPassword,
}

/// Decides whether a link opens its item to whoever uses it.
#[must_use]
pub fn may_use_link(facts: &LinkFacts) -> Decision {
    let for_whom = match facts.kind {
        LinkKind::Anyone => Decision::new().require(Reason::LinkClosed, admits_anyone_links(facts.level)),
        LinkKind::Organization => {
            Decision::new().require(Reason::LinkForMembers, facts.user == LinkUser::Member)
        }
        LinkKind::SpecificPeople => Decision::new()
            .require(Reason::LinkForOthers, facts.named && facts.user != LinkUser::Bearer)
            .require(Reason::LinkClosed, admits(facts.level, facts.user)),
        LinkKind::ExistingAccess => Decision::new().require(Reason::NoPermission, facts.has_access),
    };
    Decision::new()
        .require(Reason::RootDeleted, !facts.gone)
        .and(for_whom)
        .require(Reason::LinkExpired, !facts.expired)
        .require(Reason::LinkPassword, facts.password == LinkPassword::Settled)
}

/// Returns whether a level lets somebody in whom a link names. Who stays out of the directory counts as new (L-5).
fn admits(level: SharingLevel, user: LinkUser) -> bool {
    match user {
        LinkUser::Member => true,
        LinkUser::Guest => admits_guests(level),
        LinkUser::ByCode | LinkUser::Bearer => admits_new_guests(level),
    }
}

#[cfg(test)]
mod tests {
    use model::{LinkKind, Role, SharingLevel, UserKind};
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::{LinkDraft, LinkFacts, LinkPassword, LinkUser, may_make_link, may_use_link};
    use crate::Reason;

    const USERS: [LinkUser; 4] = [LinkUser::Bearer, LinkUser::Member, LinkUser::Guest, LinkUser::ByCode];

    fn facts(kind: LinkKind, level: SharingLevel, user: LinkUser) -> LinkFacts {
        LinkFacts {
            kind,
            level,
            user,
            named: false,
            has_access: false,
            gone: false,
            expired: false,
            password: LinkPassword::Settled,
        }
    }

    #[test]
    fn r_b02_each_kind_of_link_opens_for_whom_it_says() {
        use LinkKind::{Anyone, ExistingAccess, Organization, SpecificPeople};
        use LinkUser::{Bearer, ByCode, Guest, Member};
        let open = SharingLevel::Anyone;
        let named = |user| LinkFacts { named: true, ..facts(SpecificPeople, open, user) };
        let cases = [
            (facts(Anyone, open, Bearer), None),
            (facts(Anyone, open, Guest), None),
            (facts(Organization, open, Member), None),
            (facts(Organization, open, Guest), Some(Reason::LinkForMembers)),
            (facts(Organization, open, ByCode), Some(Reason::LinkForMembers)),
            (facts(Organization, open, Bearer), Some(Reason::LinkForMembers)),
            (facts(SpecificPeople, open, Member), Some(Reason::LinkForOthers)),
            (named(Member), None),
            (named(Guest), None),
            (named(ByCode), None),
            (named(Bearer), Some(Reason::LinkForOthers)),
            (facts(ExistingAccess, open, Member), Some(Reason::NoPermission)),
            (LinkFacts { has_access: true, ..facts(ExistingAccess, open, Guest) }, None),
        ];
        for (facts, expected) in cases {
            assert_eq!(may_use_link(&facts).refusal(), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_level_masks_links_and_the_reason_says_so() {
        use SharingLevel::{Disabled, ExistingGuests, NewAndExistingGuests};
        let named = |level, user| LinkFacts { named: true, ..facts(LinkKind::SpecificPeople, level, user) };
        let cases = [
            (facts(LinkKind::Anyone, NewAndExistingGuests, LinkUser::Bearer), Some(Reason::LinkClosed)),
            (facts(LinkKind::Organization, Disabled, LinkUser::Member), None),
            (named(ExistingGuests, LinkUser::Guest), None),
            (named(Disabled, LinkUser::Guest), Some(Reason::LinkClosed)),
            (named(ExistingGuests, LinkUser::ByCode), Some(Reason::LinkClosed)),
            (named(NewAndExistingGuests, LinkUser::ByCode), None),
            (named(Disabled, LinkUser::Member), None),
        ];
        for (facts, expected) in cases {
            assert_eq!(may_use_link(&facts).refusal(), expected, "{facts:?}");
        }
    }

    #[test]
    fn what_ended_or_asks_for_a_password_says_so() {
        let good = facts(LinkKind::Anyone, SharingLevel::Anyone, LinkUser::Bearer);
        let cases = [
            (LinkFacts { gone: true, expired: true, ..good }, Reason::RootDeleted),
            (LinkFacts { expired: true, password: LinkPassword::Missing, ..good }, Reason::LinkExpired),
            (LinkFacts { password: LinkPassword::Missing, ..good }, Reason::LinkPassword),
        ];
        for (facts, expected) in cases {
            assert_eq!(may_use_link(&facts).refusal(), Some(expected), "{facts:?}");
        }
    }

    #[test]
    fn who_may_share_makes_links_within_role_and_level() {
        let editor = LinkDraft {
            actor: UserKind::Member,
            actor_role: Role::Write,
            kind: LinkKind::Anyone,
            role: Role::Write,
            library: false,
            level: SharingLevel::Anyone,
        };
        let viewer = LinkDraft { actor_role: Role::Read, role: Role::Read, ..editor };
        let closed = LinkDraft { level: SharingLevel::NewAndExistingGuests, ..editor };
        let cases = [
            (editor, None),
            (viewer, Some(Reason::MayNotManageSharing)),
            (LinkDraft { kind: LinkKind::ExistingAccess, ..viewer }, None),
            (LinkDraft { actor: UserKind::Guest, ..editor }, Some(Reason::MayNotManageSharing)),
            (LinkDraft { role: Role::Owner, ..editor }, Some(Reason::OwnerIsNotShared)),
            (LinkDraft { library: true, ..editor }, Some(Reason::AnyoneLinkOfLibrary)),
            (LinkDraft { library: true, kind: LinkKind::Organization, ..editor }, None),
            (closed, Some(Reason::LevelAdmitsNoAnyoneLink)),
            (LinkDraft { kind: LinkKind::SpecificPeople, ..closed }, None),
        ];
        for (draft, expected) in cases {
            assert_eq!(may_make_link(&draft).refusal(), expected, "{draft:?}");
        }
    }

    proptest! {
        #[test]
        fn tightening_never_opens_a_link_and_loosening_again_brings_it_back(
            kind in 0_usize..4, user in 0_usize..4, loose in 0_usize..4, tight in 0_usize..4,
            named in any::<bool>(), has_access in any::<bool>(), expired in any::<bool>(),
        ) {
            let (loose, tight) = (loose.max(tight), loose.min(tight));
            let at = |level: usize| LinkFacts {
                named, has_access, expired,
                ..facts(LinkKind::ALL[kind], SharingLevel::ALL[level], USERS[user])
            };
            let before = may_use_link(&at(loose));
            prop_assert!(before.allows() || !may_use_link(&at(tight)).allows());
            prop_assert_eq!(before, may_use_link(&at(loose)));
        }

        #[test]
        fn nobody_unknown_opens_anything_but_an_anyone_link(
            kind in 1_usize..4, level in 0_usize..4, named in any::<bool>(),
        ) {
            let facts = LinkFacts {
                named,
                ..facts(LinkKind::ALL[kind], SharingLevel::ALL[level], LinkUser::Bearer)
            };
            prop_assert!(!may_use_link(&facts).allows());
        }
    }
}
