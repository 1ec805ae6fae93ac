//! May open: whether a person reaches a place at all, judged at every request on what is stored now
//! (sharing-and-guests.md 3.3). A refusal is shown to outsiders as "not found".

use model::{GuestState, HomeAccount, Road, Role, SharingLevel, SiteGate, UserKind};

use crate::{Decision, DomainFacts, Reason, admits_guests, may_pass};

/// What the directory says about the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonFacts {
    /// Member or guest.
    pub kind: UserKind,
    /// Whether the object is deleted.
    pub deleted: bool,
    /// Whether sign-in to the tenant is allowed.
    pub enabled: bool,
    /// A guest's invitation state.
    pub guest_state: Option<GuestState>,
    /// The home account a guest is bound to.
    pub bound_to: Option<HomeAccount>,
    /// The account that proved who calls.
    pub signed_in_as: HomeAccount,
}

/// What is known about the person at the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenFacts {
    /// The person.
    pub person: PersonFacts,
    /// The level in effect at the place.
    pub level: SharingLevel,
    /// Whether the place is gone.
    pub root_deleted: bool,
    /// What its site as a whole lets happen (2.11).
    pub gate: SiteGate,
    /// By which road they come.
    pub road: Road,
    /// The best role that stands.
    pub role: Option<Role>,
    /// Whether a role stood until its time was over.
    pub expired: bool,
    /// How the person's domain stands to the lists for sharing (B07).
    pub domains: DomainFacts,
    /// Whether a guest holds roles that do not count because their time in the site is over (E-4).
    pub stay_over: bool,
}

/// Decides whether a person reaches a place.
#[must_use]
pub fn may_open(facts: &OpenFacts) -> Decision {
    let guest = facts.person.kind == UserKind::Guest;
    may_enter(&facts.person)
        .require(Reason::RootDeleted, !facts.root_deleted)
        .and(may_pass(&facts.gate, facts.road))
        .require(Reason::SharingClosed, !guest || admits_guests(facts.level))
        .require(Reason::DomainClosed, !guest || facts.domains.admits())
        .require(Reason::GuestStayOver, facts.role.is_some() || !facts.stay_over)
        .require(Reason::PermissionExpired, facts.role.is_some() || facts.stay_over || !facts.expired)
        .require(Reason::NoPermission, facts.role.is_some() || facts.stay_over || facts.expired)
}

/// Decides whether the person's account is good in the tenant at all.
#[must_use]
pub fn may_enter(person: &PersonFacts) -> Decision {
    let guest = person.kind == UserKind::Guest;
    let accepted = person.guest_state == Some(GuestState::Accepted);
    let decision = Decision::new()
        .require(Reason::AccountDeleted, !person.deleted)
        .require(Reason::AccountBlocked, person.enabled);
    if !guest {
        return decision;
    }
    decision
        .require(Reason::InvitationPending, accepted)
        .require(Reason::OtherHomeAccount, !accepted || person.bound_to == Some(person.signed_in_as))
}

#[cfg(test)]
pub(crate) mod tests {
    use model::{
        DeviceAccess, DomainMode, GuestState, HomeAccount, LockState, Road, Role, SharingLevel, SiteGate,
        TenantId, UserId, UserKind,
    };
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{OpenFacts, PersonFacts, may_open};
    use crate::domains::tests::standing;
    use crate::gate::tests::gate;
    use crate::{DomainFacts, DomainStanding, Listed, Reason};

    pub(crate) fn home(seed: u8) -> HomeAccount {
        HomeAccount { tenant: TenantId::from_random([seed; 16]), user: UserId::from_random([seed; 16]) }
    }

    pub(crate) fn accepted_guest() -> PersonFacts {
        PersonFacts {
            kind: UserKind::Guest,
            deleted: false,
            enabled: true,
            guest_state: Some(GuestState::Accepted),
            bound_to: Some(home(1)),
            signed_in_as: home(1),
        }
    }

    pub(crate) fn open_to(person: PersonFacts) -> OpenFacts {
        OpenFacts {
            person,
            level: SharingLevel::NewAndExistingGuests,
            root_deleted: false,
            gate: SiteGate::OPEN,
            road: Road::Sync,
            role: Some(Role::Write),
            expired: false,
            domains: DomainFacts::FREE,
            stay_over: false,
        }
    }

    fn refused() -> DomainFacts {
        let organization = DomainStanding { mode: DomainMode::AllowList, listed: Some(Listed::No) };
        DomainFacts { organization, ..DomainFacts::FREE }
    }

    #[test]
    fn each_way_to_lose_access_has_its_own_reason() {
        let good = open_to(accepted_guest());
        let person = |change: fn(&mut PersonFacts)| {
            let mut facts = good;
            change(&mut facts.person);
            facts
        };
        let cases = [
            ("nothing is the matter", good, None),
            ("guest deleted", person(|p| p.deleted = true), Some(Reason::AccountDeleted)),
            ("guest blocked", person(|p| p.enabled = false), Some(Reason::AccountBlocked)),
            (
                "not accepted",
                person(|p| p.guest_state = Some(GuestState::PendingAcceptance)),
                Some(Reason::InvitationPending),
            ),
            ("other account", person(|p| p.signed_in_as = home(2)), Some(Reason::OtherHomeAccount)),
            ("bound to nobody", person(|p| p.bound_to = None), Some(Reason::OtherHomeAccount)),
            ("site deleted", OpenFacts { root_deleted: true, ..good }, Some(Reason::RootDeleted)),
            (
                "level lowered",
                OpenFacts { level: SharingLevel::Disabled, ..good },
                Some(Reason::SharingClosed),
            ),
            ("permission removed", OpenFacts { role: None, ..good }, Some(Reason::NoPermission)),
            (
                "permission expired",
                OpenFacts { role: None, expired: true, ..good },
                Some(Reason::PermissionExpired),
            ),
            ("domain refused", OpenFacts { domains: refused(), ..good }, Some(Reason::DomainClosed)),
            ("stay over", OpenFacts { role: None, stay_over: true, ..good }, Some(Reason::GuestStayOver)),
            (
                "site locked",
                OpenFacts { gate: SiteGate { lock: LockState::NoAccess, ..SiteGate::OPEN }, ..good },
                Some(Reason::SiteLocked),
            ),
            (
                "browser only",
                OpenFacts { gate: SiteGate { devices: DeviceAccess::Limited, ..SiteGate::OPEN }, ..good },
                Some(Reason::BrowserOnly),
            ),
            ("stay over, in a group too", OpenFacts { stay_over: true, ..good }, None),
        ];
        for (name, facts, expected) in cases {
            assert_eq!(may_open(&facts).refusal(), expected, "{name}");
        }
    }

    #[test]
    fn neither_sharing_level_nor_lists_of_domains_concern_members() {
        let member =
            PersonFacts { kind: UserKind::Member, guest_state: None, bound_to: None, ..accepted_guest() };
        let facts = OpenFacts { level: SharingLevel::Disabled, domains: refused(), ..open_to(member) };
        assert!(may_open(&facts).allows());
    }

    proptest! {
        #[test]
        fn tightening_never_grants(
            guest in any::<bool>(), deleted in any::<bool>(), enabled in any::<bool>(), pending in any::<bool>(),
            root_deleted in any::<bool>(), role in 0_usize..4, expired in any::<bool>(), loose in 0_usize..4, tight in 0_usize..4,
            lists in (0_usize..3, 0_usize..3), listed in (any::<Option<bool>>(), any::<Option<bool>>()),
            added in (any::<bool>(), any::<bool>()),
            gates in ((0_usize..3, 0_usize..4, 0_usize..2), (0_usize..3, 0_usize..4, 0_usize..2)), road in 0_usize..3,
        ) {
            let (one, other) = gates;
            let open = gate((one.0.min(other.0), one.1.min(other.1), one.2.min(other.2)));
            let shut = gate((one.0.max(other.0), one.1.max(other.1), one.2.max(other.2)));
            let mut person = accepted_guest();
            person.kind = if guest { UserKind::Guest } else { UserKind::Member };
            person.deleted = deleted;
            person.enabled = enabled;
            if pending {
                person.guest_state = Some(GuestState::PendingAcceptance);
            }
            let all = DomainFacts { organization: standing(lists.0, listed.0), site: standing(lists.1, listed.1) };
            let fewer = DomainFacts {
                organization: if added.0 { DomainStanding::FREE } else { all.organization },
                site: if added.1 { DomainStanding::FREE } else { all.site },
            };
            let at = |level: usize, domains: DomainFacts, stay_over: bool, gate: SiteGate| OpenFacts {
                person,
                level: SharingLevel::ALL[level],
                root_deleted,
                gate,
                road: Road::ALL[road],
                role: Role::ALL.get(role).copied().filter(|_| !stay_over),
                expired,
                domains,
                stay_over,
            };
            let (loose, tight) = (loose.max(tight), loose.min(tight));
            let before = may_open(&at(loose, fewer, false, open)).allows();
            prop_assert!(before || !may_open(&at(tight, all, false, shut)).allows());
            prop_assert!(!may_open(&at(tight, all, true, shut)).allows());
        }
    }
}
