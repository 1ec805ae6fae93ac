//! Sharing policy in effect at a place: what organization and site set, put together at every use, so that nothing stored
//! changes when a policy does (L-20, L-21).

use model::{
    AnyoneLinkCaps, DefaultLink, ItemKind, Lifetime, LinkKind, Role, SharerGroup, SharerReach, Sharers,
    SharingLevel, SharingPolicy, SitePolicy, Timestamp,
};

use crate::{Decision, Reason, admits_anyone_links};

/// Most groups that may share with people outside (G-1).
pub const MOST_SHARER_GROUPS: usize = 12;

/// Returns what links without sign-in are worth at most in a site: the site's own lifetime, else the organization's.
#[must_use]
pub fn anyone_link_caps(organization: &SharingPolicy, site: &SitePolicy) -> AnyoneLinkCaps {
    let life = site.anyone_life.unwrap_or(organization.anyone_links.life);
    AnyoneLinkCaps { life, ..organization.anyone_links }
}

/// Returns how long a guest keeps what they are given in a site (E-1).
#[must_use]
pub fn guest_life(organization: &SharingPolicy, site: &SitePolicy) -> Lifetime {
    site.guest_life.unwrap_or(organization.guest_life)
}

/// Returns the link that is made when nobody says which: never one that the place does not admit (F-3, F-4).
#[must_use]
pub fn default_link(organization: &SharingPolicy, site: &SitePolicy, level: SharingLevel) -> DefaultLink {
    let wanted = site.default_link.unwrap_or(organization.default_link);
    if wanted.kind == LinkKind::Anyone && !admits_anyone_links(level) {
        return DefaultLink { kind: LinkKind::Organization, ..wanted };
    }
    wanted
}

/// Returns when a link ends: an anyone link at the latest when its cap says so, also when the cap is newer than the link
/// (N-1). A cap that is lengthened leaves the link the end it was made with.
#[must_use]
pub fn link_end(
    kind: LinkKind,
    created: Timestamp,
    expires: Option<Timestamp>,
    caps: &AnyoneLinkCaps,
) -> Option<Timestamp> {
    let capped = match kind {
        LinkKind::Anyone => caps.life.end_from(created),
        LinkKind::Organization | LinkKind::SpecificPeople | LinkKind::ExistingAccess => None,
    };
    match (expires, capped) {
        (Some(expires), Some(capped)) => Some(expires.min(capped)),
        (one, other) => one.or(other),
    }
}

/// Returns what a link lets do now: an anyone link at most what its cap says, also when the cap is newer (N-2).
#[must_use]
pub fn link_role(kind: LinkKind, role: Role, item: ItemKind, caps: &AnyoneLinkCaps) -> Role {
    if kind == LinkKind::Anyone { role.min(anyone_role(item, caps)) } else { role }
}

/// Returns what an anyone link lets do at most.
pub(crate) fn anyone_role(item: ItemKind, caps: &AnyoneLinkCaps) -> Role {
    match item {
        ItemKind::File => caps.file_role,
        ItemKind::Folder => caps.folder_role,
    }
}

/// Returns how far outside somebody may share, given the chosen groups they are in (G-1 to G-3).
#[must_use]
pub fn sharer_reach(sharers: Sharers, memberships: &[SharerGroup]) -> SharerReach {
    match sharers {
        Sharers::Everybody => SharerReach::Anyone,
        Sharers::Groups => memberships.iter().map(|group| group.reach).max().unwrap_or(SharerReach::Nobody),
    }
}

/// Decides whether these groups may be the chosen ones.
#[must_use]
pub fn may_set_sharers(groups: &[SharerGroup]) -> Decision {
    Decision::new().require(Reason::TooManySharerGroups, groups.len() <= MOST_SHARER_GROUPS)
}

/// Decides whether guests' access may last so long: 30 to 730 days, or without end (E-1).
#[must_use]
pub fn may_set_guest_life(life: Lifetime) -> Decision {
    let fits = matches!(life, Lifetime::Unlimited | Lifetime::Days(30..=730));
    Decision::new().require(Reason::GuestLifeOutOfRange, fits)
}

/// Decides whether links without sign-in may be capped so: up to 730 days, to view or to edit (N-1, N-2).
#[must_use]
pub fn may_set_anyone_caps(caps: &AnyoneLinkCaps) -> Decision {
    let fits = matches!(caps.life, Lifetime::Unlimited | Lifetime::Days(1..=730));
    Decision::new()
        .require(Reason::AnyoneLifeOutOfRange, fits)
        .require(Reason::OwnerIsNotShared, caps.file_role.max(caps.folder_role) < Role::Owner)
}

#[cfg(test)]
pub(crate) mod tests {
    use model::{
        AnyoneLinkCaps, DefaultLink, GroupId, ItemKind, Lifetime, LinkKind, Role, SharerGroup, SharerReach,
        Sharers, SharingLevel, SharingPolicy, SitePolicy, Timestamp,
    };
    use proptest::prelude::{prop_assert, proptest};

    use super::{
        anyone_link_caps, default_link, guest_life, link_end, link_role, may_set_anyone_caps,
        may_set_guest_life, may_set_sharers, sharer_reach,
    };
    use crate::Reason;

    pub(crate) fn day(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).expect("a time")
    }

    fn capped(days: u16) -> AnyoneLinkCaps {
        AnyoneLinkCaps { life: Lifetime::from_days(days), ..AnyoneLinkCaps::NONE }
    }

    #[test]
    fn n_01_a_shorter_cap_shortens_links_that_stand_and_a_longer_one_leaves_them_alone() {
        let end = |expires, days| link_end(LinkKind::Anyone, day(0), expires, &capped(days));
        let cases = [
            (None, 0, None),
            (Some(day(60)), 0, Some(day(60))),
            (None, 30, Some(day(30))),
            (Some(day(30)), 7, Some(day(7))),
            (Some(day(30)), 90, Some(day(30))),
            (Some(day(3)), 7, Some(day(3))),
        ];
        for (expires, days, expected) in cases {
            assert_eq!(end(expires, days), expected, "{expires:?} {days}");
        }
        assert_eq!(link_end(LinkKind::SpecificPeople, day(0), None, &capped(7)), None);
        assert!(may_set_anyone_caps(&capped(730)).allows());
        assert_eq!(may_set_anyone_caps(&capped(731)).refusal(), Some(Reason::AnyoneLifeOutOfRange));
    }

    #[test]
    fn n_02_the_cap_on_what_anyone_may_do_counts_for_links_that_stand() {
        let caps = AnyoneLinkCaps { file_role: Role::Read, ..AnyoneLinkCaps::NONE };
        let role = |kind, item| link_role(kind, Role::Write, item, &caps);
        assert_eq!(role(LinkKind::Anyone, ItemKind::File), Role::Read);
        assert_eq!(role(LinkKind::Anyone, ItemKind::Folder), Role::Write);
        assert_eq!(role(LinkKind::SpecificPeople, ItemKind::File), Role::Write);
        let owning = AnyoneLinkCaps { folder_role: Role::Owner, ..caps };
        assert_eq!(may_set_anyone_caps(&owning).refusal(), Some(Reason::OwnerIsNotShared));
    }

    #[test]
    fn g_01_up_to_twelve_groups_are_chosen() {
        let groups = |count: u8| -> Vec<SharerGroup> {
            let group = |n| GroupId::from_random([n; 16]);
            (0..count).map(|n| SharerGroup { group: group(n), reach: SharerReach::Guests }).collect()
        };
        assert!(may_set_sharers(&groups(12)).allows());
        assert_eq!(may_set_sharers(&groups(13)).refusal(), Some(Reason::TooManySharerGroups));
    }

    #[test]
    fn g_02_g_03_a_member_of_chosen_groups_may_what_the_widest_of_them_may_and_others_nothing() {
        let in_group = |reach| SharerGroup { group: GroupId::from_random([1; 16]), reach };
        let (guests, anyone) = (in_group(SharerReach::Guests), in_group(SharerReach::Anyone));
        let cases: [(Sharers, &[SharerGroup], SharerReach); 5] = [
            (Sharers::Everybody, &[], SharerReach::Anyone),
            (Sharers::Groups, &[], SharerReach::Nobody),
            (Sharers::Groups, &[guests], SharerReach::Guests),
            (Sharers::Groups, &[guests, anyone], SharerReach::Anyone),
            (Sharers::Groups, &[anyone, guests], SharerReach::Anyone),
        ];
        for (sharers, groups, expected) in cases {
            assert_eq!(sharer_reach(sharers, groups), expected, "{sharers:?} {groups:?}");
        }
    }

    #[test]
    fn e_01_guests_may_stay_30_to_730_days_and_a_site_may_say_otherwise() {
        for (days, allowed) in [(0, true), (29, false), (30, true), (730, true), (731, false)] {
            assert_eq!(may_set_guest_life(Lifetime::from_days(days)).allows(), allowed, "{days}");
        }
        let organization = SharingPolicy { guest_life: Lifetime::Days(60), ..SharingPolicy::INITIAL };
        let site = SitePolicy { guest_life: Some(Lifetime::Days(90)), ..SitePolicy::INITIAL };
        assert_eq!(guest_life(&organization, &SitePolicy::INITIAL), Lifetime::Days(60));
        assert_eq!(guest_life(&organization, &site), Lifetime::Days(90));
    }

    #[test]
    fn f_03_a_sites_own_settings_take_the_place_of_the_organizations() {
        let link = DefaultLink { kind: LinkKind::SpecificPeople, role: Role::Write };
        let site = SitePolicy {
            anyone_life: Some(Lifetime::Days(5)),
            default_link: Some(link),
            ..SitePolicy::INITIAL
        };
        let organization = SharingPolicy { anyone_links: capped(30), ..SharingPolicy::INITIAL };
        assert_eq!(anyone_link_caps(&organization, &site).life, Lifetime::Days(5));
        assert_eq!(anyone_link_caps(&organization, &SitePolicy::INITIAL).life, Lifetime::Days(30));
        assert_eq!(default_link(&organization, &site, SharingLevel::Anyone), link);
        let theirs = default_link(&organization, &SitePolicy::INITIAL, SharingLevel::Anyone);
        assert_eq!(theirs, organization.default_link);
    }

    #[test]
    fn f_04_where_anyone_links_are_not_admitted_the_default_is_an_organization_link() {
        let anyone = DefaultLink { kind: LinkKind::Anyone, role: Role::Read };
        let organization = SharingPolicy { default_link: anyone, ..SharingPolicy::INITIAL };
        let kind = |level| default_link(&organization, &SitePolicy::INITIAL, level).kind;
        assert_eq!(kind(SharingLevel::Anyone), LinkKind::Anyone);
        for level in
            [SharingLevel::Disabled, SharingLevel::ExistingGuests, SharingLevel::NewAndExistingGuests]
        {
            assert_eq!(kind(level), LinkKind::Organization);
        }
    }

    proptest! {
        #[test]
        fn a_stricter_cap_never_prolongs_a_link_or_widens_it(
            loose in 1_u16..800, tight in 1_u16..800, expires in proptest::option::of(0_i64..1_000),
            kind in 0_usize..4, role in 0_usize..3, widest in 0_usize..3, narrow in 0_usize..3,
        ) {
            let (loose, tight) = (loose.max(tight), loose.min(tight));
            let kind = LinkKind::ALL[kind];
            let end = |days| link_end(kind, day(0), expires.map(day), &capped(days)).unwrap_or(Timestamp::MAX);
            prop_assert!(end(tight) <= end(loose));
            prop_assert!(end(loose) <= end(0));
            let (widest, narrow) = (widest.max(narrow), widest.min(narrow));
            let at = |most: usize| {
                let caps = AnyoneLinkCaps { file_role: Role::ALL[most], ..AnyoneLinkCaps::NONE };
                link_role(kind, Role::ALL[role], ItemKind::File, &caps)
            };
            prop_assert!(at(narrow) <= at(widest));
        }
    }
}
