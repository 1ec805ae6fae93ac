//! Links: who may make one (sharing-and-guests.md 3.2), and what one is worth at the moment it is used (3.3).
//!
//! Both judge the level in effect when they are asked, so a level that is lowered masks links and one that is loosened
//! brings them back (L-20 to L-22).

use model::{
    AnyoneLinkCaps, ItemKind, LinkKind, LockState, OrganizationLinks, Road, Role, SharerReach, SharingLevel,
    SiteGate, Timestamp, UserKind,
};

use crate::in_effect::anyone_role;
use crate::share::manages_sharing;
use crate::{
    Decision, DomainFacts, Reason, Resharers, ShareTarget, admits_anyone_links, admits_guests,
    admits_new_guests, link_end, may_change_at, may_pass,
};

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
    /// How far outside their groups let them share (B08).
    pub reach: SharerReach,
    /// The site's lock.
    pub lock: LockState,
    /// Whether the site has links for the organization.
    pub organization_links: OrganizationLinks,
    /// Who shares on.
    pub resharers: Resharers,
    /// What the item is.
    pub item: ItemKind,
    /// What links without sign-in are worth at most here.
    pub caps: AnyoneLinkCaps,
    /// When the link was, or is being, made.
    pub created: Timestamp,
    /// When it is to end by itself.
    pub expires: Option<Timestamp>,
}

/// Decides whether a link may be made. Whom a link for specific people may name is judged as for any other share.
#[must_use]
pub fn may_make_link(draft: &LinkDraft) -> Decision {
    let anyone = draft.kind == LinkKind::Anyone;
    let latest = link_end(draft.kind, draft.created, None, &draft.caps);
    let lasts_too_long = draft.expires.zip(latest).is_some_and(|(end, latest)| end > latest);
    Decision::new()
        .require(
            Reason::MayNotManageSharing,
            manages_sharing(ShareTarget::Item, draft.actor, draft.actor_role, draft.resharers)
                || draft.kind == LinkKind::ExistingAccess,
        )
        .and(may_change_at(draft.lock))
        .require(Reason::OwnerIsNotShared, draft.role != Role::Owner)
        .require(
            Reason::RoleAboveOwn,
            draft.role <= draft.actor_role || draft.kind == LinkKind::ExistingAccess,
        )
        .require(
            Reason::OrganizationLinksOff,
            draft.kind != LinkKind::Organization || draft.organization_links == OrganizationLinks::Allowed,
        )
        .require(Reason::AnyoneLinkOfLibrary, !anyone || !draft.library)
        .require(Reason::LevelAdmitsNoAnyoneLink, !anyone || admits_anyone_links(draft.level))
        .require(Reason::SharerInNoGroup, !anyone || draft.reach >= SharerReach::Guests)
        .require(Reason::SharerGroupGuestsOnly, !anyone || draft.reach >= SharerReach::Anyone)
        .require(Reason::AnyoneLinkRole, !anyone || draft.role <= anyone_role(draft.item, &draft.caps))
        .require(Reason::AnyoneLinkLife, !lasts_too_long)
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
    /// How the user's domain stands to the lists for sharing (B07).
    pub domains: DomainFacts,
    /// Whether a guest's time in the site is over (E-4).
    pub stay_over: bool,
    /// What the site as a whole lets happen.
    pub gate: SiteGate,
    /// By which road it is used.
    pub road: Road,
    /// Whether the site has links for the organization.
    pub organization_links: OrganizationLinks,
}

/// Decides whether a link opens its item to whoever uses it.
#[must_use]
pub fn may_use_link(facts: &LinkFacts) -> Decision {
    let for_whom = match facts.kind {
        LinkKind::Anyone => Decision::new().require(Reason::LinkClosed, admits_anyone_links(facts.level)),
        LinkKind::Organization => Decision::new()
            .require(Reason::LinkForMembers, facts.user == LinkUser::Member)
            .require(Reason::LinkClosed, facts.organization_links == OrganizationLinks::Allowed),
        LinkKind::SpecificPeople => Decision::new()
            .require(Reason::LinkForOthers, facts.named && facts.user != LinkUser::Bearer)
            .require(Reason::LinkClosed, admits(facts.level, facts.user))
            .require(Reason::DomainClosed, facts.user == LinkUser::Member || facts.domains.admits())
            .require(Reason::GuestStayOver, facts.user != LinkUser::Guest || !facts.stay_over),
        LinkKind::ExistingAccess => Decision::new().require(Reason::NoPermission, facts.has_access),
    };
    Decision::new()
        .require(Reason::RootDeleted, !facts.gone)
        // Whom it is not for learns nothing of the site.
        .and(for_whom)
        .and(may_pass(&facts.gate, facts.road))
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
    use model::{
        AnyoneLinkCaps, ItemKind, Lifetime, LinkKind, LockState, OrganizationLinks, Resharing, Road, Role,
        SharerReach, SharingLevel, SiteGate, UserKind,
    };
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::{LinkDraft, LinkFacts, LinkPassword, LinkUser, may_make_link, may_use_link};
    use crate::domains::tests::standing;
    use crate::gate::tests::gate;
    use crate::in_effect::tests::day;
    use crate::{DomainFacts, DomainStanding, Reason, Resharers};

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
            domains: DomainFacts::FREE,
            stay_over: false,
            gate: SiteGate::OPEN,
            road: Road::Page,
            organization_links: OrganizationLinks::Allowed,
        }
    }

    fn draft() -> LinkDraft {
        LinkDraft {
            actor: UserKind::Member,
            actor_role: Role::Write,
            kind: LinkKind::Anyone,
            role: Role::Write,
            library: false,
            level: SharingLevel::Anyone,
            reach: SharerReach::Anyone,
            lock: LockState::Unlock,
            organization_links: OrganizationLinks::Allowed,
            resharers: Resharers { guests: Resharing::OwnersOnly, members: Resharing::Editors },
            item: ItemKind::Folder,
            caps: AnyoneLinkCaps::NONE,
            created: day(0),
            expires: None,
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
        let editor = draft();
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

    #[test]
    fn g_02_links_for_anyone_need_a_group_that_may_make_them() {
        let reach = |reach| LinkDraft { reach, ..draft() };
        let cases = [
            (reach(SharerReach::Nobody), Some(Reason::SharerInNoGroup)),
            (reach(SharerReach::Guests), Some(Reason::SharerGroupGuestsOnly)),
            (reach(SharerReach::Anyone), None),
            (LinkDraft { kind: LinkKind::Organization, ..reach(SharerReach::Nobody) }, None),
        ];
        for (draft, expected) in cases {
            assert_eq!(may_make_link(&draft).refusal(), expected, "{draft:?}");
        }
    }

    #[test]
    fn n_01_n_02_a_link_for_anyone_is_made_within_its_caps_alone() {
        let caps = AnyoneLinkCaps { life: Lifetime::Days(30), file_role: Role::Read, ..AnyoneLinkCaps::NONE };
        let capped = LinkDraft { caps, ..draft() };
        let lasting = |days| LinkDraft { expires: Some(day(days)), ..capped };
        let file = LinkDraft { item: ItemKind::File, ..capped };
        let cases = [
            (capped, None),
            (lasting(30), None),
            (lasting(31), Some(Reason::AnyoneLinkLife)),
            (LinkDraft { kind: LinkKind::Organization, ..lasting(31) }, None),
            (file, Some(Reason::AnyoneLinkRole)),
            (LinkDraft { role: Role::Read, ..file }, None),
            (LinkDraft { kind: LinkKind::Organization, ..file }, None),
        ];
        for (draft, expected) in cases {
            assert_eq!(may_make_link(&draft).refusal(), expected, "{draft:?}");
        }
    }

    #[test]
    fn d_07_e_04_whom_a_list_or_the_clock_refuses_a_link_does_not_open_for() {
        let open =
            |user| LinkFacts { named: true, ..facts(LinkKind::SpecificPeople, SharingLevel::Anyone, user) };
        let listed = DomainFacts { site: standing(2, Some(true)), ..DomainFacts::FREE };
        let cases = [
            (LinkFacts { domains: listed, ..open(LinkUser::Guest) }, Some(Reason::DomainClosed)),
            (LinkFacts { domains: listed, ..open(LinkUser::ByCode) }, Some(Reason::DomainClosed)),
            (LinkFacts { domains: listed, ..open(LinkUser::Member) }, None),
            (LinkFacts { stay_over: true, ..open(LinkUser::Guest) }, Some(Reason::GuestStayOver)),
            (
                LinkFacts {
                    domains: listed,
                    ..facts(LinkKind::Anyone, SharingLevel::Anyone, LinkUser::Bearer)
                },
                None,
            ),
        ];
        for (facts, expected) in cases {
            assert_eq!(may_use_link(&facts).refusal(), expected, "{facts:?}");
        }
    }

    #[test]
    fn s_2_11_a_site_without_organization_links_makes_none_and_those_there_open_for_nobody_new() {
        let off = OrganizationLinks::Disabled;
        let organization = LinkDraft { kind: LinkKind::Organization, organization_links: off, ..draft() };
        assert_eq!(may_make_link(&organization).refusal(), Some(Reason::OrganizationLinksOff));
        assert!(may_make_link(&LinkDraft { kind: LinkKind::SpecificPeople, ..organization }).allows());
        let used = facts(LinkKind::Organization, SharingLevel::Anyone, LinkUser::Member);
        let refused = may_use_link(&LinkFacts { organization_links: off, ..used }).refusal();
        assert_eq!(refused, Some(Reason::LinkClosed));
    }

    #[test]
    fn s_2_11_a_locked_site_opens_no_link_and_tells_it_only_those_the_link_is_for() {
        let locked = SiteGate { lock: LockState::NoAccess, ..SiteGate::OPEN };
        let link = |kind, user| LinkFacts { gate: locked, ..facts(kind, SharingLevel::Anyone, user) };
        let reason = |facts: &LinkFacts| may_use_link(facts).refusal();
        assert_eq!(reason(&link(LinkKind::Anyone, LinkUser::Bearer)), Some(Reason::SiteLocked));
        let others = link(LinkKind::SpecificPeople, LinkUser::Guest);
        assert_eq!(reason(&others), Some(Reason::LinkForOthers));
        let made = LinkDraft { lock: LockState::ReadOnly, ..draft() };
        assert_eq!(may_make_link(&made).refusal(), Some(Reason::SiteReadOnly));
    }

    #[test]
    fn l_03_a_stricter_kind_of_link_is_there_at_every_level() {
        use LinkKind::{Anyone, ExistingAccess, Organization, SpecificPeople};
        for level in SharingLevel::ALL {
            let made = |kind| may_make_link(&LinkDraft { kind, level, ..draft() }).allows();
            assert_eq!(made(Anyone), level == SharingLevel::Anyone, "{level:?}");
            assert!(made(Organization) && made(SpecificPeople) && made(ExistingAccess), "{level:?}");
        }
    }

    proptest! {
        #[test]
        fn tightening_never_opens_a_link_and_loosening_again_brings_it_back(
            kind in 0_usize..4, user in 0_usize..4, loose in 0_usize..4, tight in 0_usize..4,
            named in any::<bool>(), has_access in any::<bool>(), expired in any::<bool>(),
            list in 0_usize..3, listed in any::<Option<bool>>(), stay_over in any::<bool>(),
            shut in (0_usize..3, 0_usize..4, 0_usize..2), road in 0_usize..3, links in 0_usize..2,
        ) {
            let (loose, tight) = (loose.max(tight), loose.min(tight));
            let at = |level: usize| LinkFacts {
                named, has_access, expired, road: Road::ALL[road],
                ..facts(LinkKind::ALL[kind], SharingLevel::ALL[level], USERS[user])
            };
            let domains = DomainFacts { organization: standing(list, listed), site: DomainStanding::FREE };
            let before = may_use_link(&at(loose));
            let after = may_use_link(&LinkFacts {
                domains,
                stay_over,
                gate: gate(shut),
                organization_links: OrganizationLinks::ALL[links],
                ..at(tight)
            });
            prop_assert!(before.allows() || !after.allows());
            prop_assert_eq!(before, may_use_link(&at(loose)));
        }

        #[test]
        fn tightening_never_lets_a_link_be_made(
            kind in 0_usize..4, role in 0_usize..3, roles in (0_usize..3, 0_usize..3),
            levels in (0_usize..4, 0_usize..4), reaches in (0_usize..3, 0_usize..3),
            days in (0_u16..100, 0_u16..100), expires in proptest::option::of(0_i64..100), caps in (0_usize..2, 0_usize..2),
            guest in any::<bool>(), library in any::<bool>(), file in any::<bool>(),
            locks in (0_usize..3, 0_usize..3), links in (0_usize..2, 0_usize..2),
        ) {
            // Zero days mean no cap, which is the loosest.
            let stricter = |a: u16, b: u16| if a == 0 || b == 0 { a.max(b) } else { a.min(b) };
            let at = |pick: fn(usize, usize) -> usize, life: u16| LinkDraft {
                actor: if guest { UserKind::Guest } else { UserKind::Member },
                actor_role: Role::ALL[pick(roles.0, roles.1)],
                kind: LinkKind::ALL[kind],
                role: Role::ALL[role],
                library,
                lock: LockState::ALL[2 - pick(2 - locks.0, 2 - locks.1)],
                organization_links: OrganizationLinks::ALL[1 - pick(1 - links.0, 1 - links.1)],
                level: SharingLevel::ALL[pick(levels.0, levels.1)],
                reach: SharerReach::ALL[pick(reaches.0, reaches.1)],
                item: if file { ItemKind::File } else { ItemKind::Folder },
                caps: AnyoneLinkCaps {
                    life: Lifetime::from_days(life),
                    file_role: Role::ALL[pick(caps.0, caps.1)],
                    folder_role: Role::ALL[pick(caps.0, caps.1)],
                },
                expires: expires.map(day),
                ..draft()
            };
            let loose = at(usize::max, if stricter(days.0, days.1) == days.0 { days.1 } else { days.0 });
            let tight = at(usize::min, stricter(days.0, days.1));
            prop_assert!(may_make_link(&loose).allows() || !may_make_link(&tight).allows());
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
