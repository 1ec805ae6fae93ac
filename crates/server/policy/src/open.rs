//! May open: whether a person reaches a place at all, judged at every request on what is stored now
//! (sharing-and-guests.md 3.3). A refusal is shown to outsiders as "not found".

use model::{GuestState, HomeAccount, Role, SharingLevel, UserKind};

use crate::{Decision, Reason, admits_guests};

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
    /// The best role that stands.
    pub role: Option<Role>,
    /// Whether a role stood until its time was over.
    pub expired: bool,
}

/// Decides whether a person reaches a place.
#[must_use]
pub fn may_open(facts: &OpenFacts) -> Decision {
    let guest = facts.person.kind == UserKind::Guest;
    may_enter(&facts.person)
        .require(Reason::RootDeleted, !facts.root_deleted)
        .require(Reason::SharingClosed, !guest || admits_guests(facts.level))
        .require(Reason::PermissionExpired, facts.role.is_some() || !facts.expired)
        .require(Reason::NoPermission, facts.role.is_some() || facts.expired)
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
    use model::{GuestState, HomeAccount, Role, SharingLevel, TenantId, UserId, UserKind};
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{OpenFacts, PersonFacts, may_open};
    use crate::Reason;

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
            role: Some(Role::Write),
            expired: false,
        }
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
        ];
        for (name, facts, expected) in cases {
            assert_eq!(may_open(&facts).refusal(), expected, "{name}");
        }
    }

    #[test]
    fn the_sharing_level_does_not_concern_members() {
        let member =
            PersonFacts { kind: UserKind::Member, guest_state: None, bound_to: None, ..accepted_guest() };
        let facts = OpenFacts { level: SharingLevel::Disabled, ..open_to(member) };
        assert!(may_open(&facts).allows());
    }

    proptest! {
        #[test]
        fn tightening_never_grants(
            guest in any::<bool>(), deleted in any::<bool>(), enabled in any::<bool>(), pending in any::<bool>(),
            root_deleted in any::<bool>(), role in 0_usize..4, expired in any::<bool>(), loose in 0_usize..4, tight in 0_usize..4,
        ) {
            let mut person = accepted_guest();
            person.kind = if guest { UserKind::Guest } else { UserKind::Member };
            person.deleted = deleted;
            person.enabled = enabled;
            if pending {
                person.guest_state = Some(GuestState::PendingAcceptance);
            }
            let at = |level: usize| OpenFacts {
                person,
                level: SharingLevel::ALL[level],
                root_deleted,
                role: Role::ALL.get(role).copied(),
                expired,
            };
            let (loose, tight) = (loose.max(tight), loose.min(tight));
            prop_assert!(may_open(&at(loose)).allows() || !may_open(&at(tight)).allows());
        }
    }
}
