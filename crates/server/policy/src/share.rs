//! May share: the order of sharing-and-guests.md 3.2, judged for each recipient by itself.

use model::{LockState, Resharing, Role, SharerReach, SharingLevel, UserKind};

use crate::{Decision, DomainFacts, DomainStanding, Reason, admits_guests, admits_new_guests, may_change_at};

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
    /// How far outside their groups let them share (B08).
    pub reach: SharerReach,
    /// The site's lock.
    pub lock: LockState,
    /// Who shares on.
    pub resharers: Resharers,
}

/// Who shares on what they do not own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resharers {
    /// Guests.
    pub guests: Resharing,
    /// Members; in personal drives the organization may leave it to the owner.
    pub members: Resharing,
}

/// What is known about one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecipientFacts {
    /// Who they are to the directory.
    pub class: Recipient,
    /// How their domain stands to the lists for sharing (B07).
    pub domains: DomainFacts,
    /// How it stands to the directory's list for new guests.
    pub directory: DomainStanding,
}

/// Decides whether a recipient may be given the role: the order of conditions is that of sharing-and-guests.md 3.2.
///
/// Owners share everything. Members who may edit share libraries, folders and files, as in the original, unless it is left
/// to a personal drive's owner; a guest needs full control unless guests may share on. A recipient whom a list of domains refuses is refused here, not only
/// when they come (D-7).
#[must_use]
pub fn may_share(facts: &ShareFacts, recipient: &RecipientFacts) -> Decision {
    let RecipientFacts { class: recipient, domains, directory } = *recipient;
    let unknown = recipient == Recipient::Unknown;
    let new = unknown || recipient == Recipient::ByCode;
    let outside = new || recipient == Recipient::Guest;
    let manages = manages_sharing(facts.target, facts.actor, facts.actor_role, facts.resharers);
    Decision::new()
        .require(Reason::MayNotManageSharing, manages)
        .and(may_change_at(facts.lock))
        .require(Reason::OwnerIsNotShared, facts.role != Role::Owner)
        .require(Reason::RoleAboveOwn, facts.role <= facts.actor_role)
        .require(Reason::NoSuchMember, recipient != Recipient::UnknownMember)
        .require(Reason::RecipientBlocked, recipient != Recipient::Blocked)
        .require(Reason::LevelAdmitsNoOutsider, !outside || admits_guests(facts.level))
        .require(Reason::LevelAdmitsNoNewGuest, !new || admits_new_guests(facts.level))
        .require(Reason::SharerInNoGroup, !outside || facts.reach >= SharerReach::Guests)
        .require(Reason::DomainRefusedByOrganization, !outside || domains.organization.admits())
        .require(Reason::DomainRefusedBySite, !outside || domains.site.admits())
        .require(Reason::MayNotInvite, !unknown || facts.actor_may_invite)
        .require(Reason::DomainRefusedByDirectory, !unknown || directory.admits())
}

/// Returns whether somebody with a role decides who has access to a place.
pub(crate) fn manages_sharing(
    target: ShareTarget,
    actor: UserKind,
    role: Role,
    resharers: Resharers,
) -> bool {
    let resharing = match actor {
        UserKind::Guest => resharers.guests,
        UserKind::Member => resharers.members,
    };
    match (target, resharing) {
        (ShareTarget::Site, _) | (ShareTarget::Item, Resharing::OwnersOnly) => role >= Role::Owner,
        (ShareTarget::Item, Resharing::Editors) => role >= Role::Write,
    }
}

#[cfg(test)]
mod tests {
    use model::{DomainMode, LockState, Resharing, Role, SharerReach, SharingLevel, UserKind};
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::{Recipient, RecipientFacts, Resharers, ShareFacts, ShareTarget, may_share};
    use crate::domains::tests::standing;
    use crate::{Decision, DomainFacts, DomainStanding, Listed, Reason};

    const REFUSED: DomainStanding = DomainStanding { mode: DomainMode::BlockList, listed: Some(Listed::Yes) };

    fn free(class: Recipient) -> RecipientFacts {
        RecipientFacts { class, domains: DomainFacts::FREE, directory: DomainStanding::FREE }
    }

    fn judge(facts: &ShareFacts, class: Recipient) -> Decision {
        may_share(facts, &free(class))
    }

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
            reach: SharerReach::Anyone,
            lock: LockState::Unlock,
            resharers: Resharers { guests: Resharing::OwnersOnly, members: Resharing::Editors },
        }
    }

    #[test]
    fn l_05_each_level_admits_whom_it_names() {
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
            let decision = judge(&ShareFacts { level, ..owner() }, recipient);
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
            assert_eq!(judge(&facts, recipient).refusal(), expected, "{name}");
        }
    }

    #[test]
    fn d_06_d_07_whom_a_list_refuses_is_refused_when_shared_with_known_or_not() {
        use Recipient::{ByCode, Guest, Member, Unknown};
        let by_organization = DomainFacts { organization: REFUSED, ..DomainFacts::FREE };
        let by_site = DomainFacts { site: REFUSED, ..DomainFacts::FREE };
        let cases = [
            (Member, by_organization, None),
            (Guest, by_organization, Some(Reason::DomainRefusedByOrganization)),
            (Unknown, by_organization, Some(Reason::DomainRefusedByOrganization)),
            (ByCode, by_site, Some(Reason::DomainRefusedBySite)),
            (Guest, by_site, Some(Reason::DomainRefusedBySite)),
            (
                Guest,
                DomainFacts { site: REFUSED, ..by_organization },
                Some(Reason::DomainRefusedByOrganization),
            ),
        ];
        for (class, domains, expected) in cases {
            let decision = may_share(&owner(), &RecipientFacts { domains, ..free(class) });
            assert_eq!(decision.refusal(), expected, "{class:?} {domains:?}");
        }
    }

    #[test]
    fn d_08_the_directorys_list_counts_beside_sharings_for_new_guests() {
        let refused = |class| RecipientFacts { directory: REFUSED, ..free(class) };
        let cases = [
            (Recipient::Unknown, Some(Reason::DomainRefusedByDirectory)),
            (Recipient::Guest, None),
            (Recipient::ByCode, None),
        ];
        for (class, expected) in cases {
            assert_eq!(may_share(&owner(), &refused(class)).refusal(), expected, "{class:?}");
        }
    }

    #[test]
    fn g_03_g_04_who_is_in_no_chosen_group_shares_inside_only_and_inviting_needs_the_directory_too() {
        use Recipient::{ByCode, Guest, Member, Unknown};
        let nobody = ShareFacts { reach: SharerReach::Nobody, ..owner() };
        let guests = ShareFacts { reach: SharerReach::Guests, ..owner() };
        let not_inviting = ShareFacts { actor_may_invite: false, ..guests };
        let cases = [
            (nobody, Member, None),
            (nobody, Guest, Some(Reason::SharerInNoGroup)),
            (nobody, Unknown, Some(Reason::SharerInNoGroup)),
            (nobody, ByCode, Some(Reason::SharerInNoGroup)),
            (guests, Guest, None),
            (guests, Unknown, None),
            (not_inviting, Guest, None),
            (not_inviting, Unknown, Some(Reason::MayNotInvite)),
        ];
        for (facts, class, expected) in cases {
            assert_eq!(judge(&facts, class).refusal(), expected, "{facts:?} {class:?}");
        }
    }

    #[test]
    fn a_02_guests_share_on_what_they_edit_where_the_organization_lets_them() {
        let editor = ShareFacts {
            actor: UserKind::Guest,
            actor_role: Role::Write,
            target: ShareTarget::Item,
            ..owner()
        };
        let both = Resharers { guests: Resharing::Editors, members: Resharing::Editors };
        let reshares = ShareFacts { resharers: both, ..editor };
        let cases = [
            (editor, Some(Reason::MayNotManageSharing)),
            (ShareFacts { actor_role: Role::Owner, ..editor }, None),
            (reshares, None),
            (
                ShareFacts { actor_role: Role::Read, role: Role::Read, ..reshares },
                Some(Reason::MayNotManageSharing),
            ),
            (ShareFacts { target: ShareTarget::Site, ..reshares }, Some(Reason::MayNotManageSharing)),
        ];
        for (facts, expected) in cases {
            assert_eq!(judge(&facts, Recipient::Guest).refusal(), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_03_members_share_on_what_they_edit_of_a_personal_drive_unless_it_is_its_owners() {
        let editor = ShareFacts { actor_role: Role::Write, target: ShareTarget::Item, ..owner() };
        let kept = Resharers { members: Resharing::OwnersOnly, ..editor.resharers };
        let cases = [
            (editor, None),
            (ShareFacts { resharers: kept, ..editor }, Some(Reason::MayNotManageSharing)),
            (ShareFacts { resharers: kept, actor_role: Role::Owner, ..editor }, None),
        ];
        for (facts, expected) in cases {
            assert_eq!(judge(&facts, Recipient::Member).refusal(), expected, "{facts:?}");
        }
    }

    #[test]
    fn s_3_2_a_locked_site_shares_nothing_and_says_so_before_it_asks_who_is_shared_with() {
        let locked = |lock| ShareFacts { lock, level: SharingLevel::Disabled, ..owner() };
        let reason = |lock| judge(&locked(lock), Recipient::Unknown).refusal();
        assert_eq!(reason(LockState::ReadOnly), Some(Reason::SiteReadOnly));
        assert_eq!(reason(LockState::NoAccess), Some(Reason::SiteLocked));
        assert_eq!(reason(LockState::Unlock), Some(Reason::LevelAdmitsNoOutsider));
    }

    proptest! {
        #[test]
        fn tightening_anything_never_grants(
            recipient in 0_usize..6, levels in (0_usize..4, 0_usize..4), roles in (0_usize..3, 0_usize..3),
            reaches in (0_usize..3, 0_usize..3), role in 0_usize..3,
            flags in (any::<bool>(), any::<bool>(), any::<bool>()), resharing in (0_usize..2, 0_usize..2),
            members in (0_usize..2, 0_usize..2), locks in (0_usize..3, 0_usize..3),
            lists in (0_usize..3, 0_usize..3, 0_usize..3),
            listed in (any::<Option<bool>>(), any::<Option<bool>>(), any::<Option<bool>>()),
            added in (any::<bool>(), any::<bool>(), any::<bool>()),
        ) {
            let (guest, invite, site) = flags;
            let facts = |pick: fn(usize, usize) -> usize, actor_may_invite: bool| ShareFacts {
                actor: if guest { UserKind::Guest } else { UserKind::Member },
                actor_role: Role::ALL[pick(roles.0, roles.1)],
                actor_may_invite,
                target: if site { ShareTarget::Site } else { ShareTarget::Item },
                role: Role::ALL[role],
                level: SharingLevel::ALL[pick(levels.0, levels.1)],
                reach: SharerReach::ALL[pick(reaches.0, reaches.1)],
                lock: LockState::ALL[2 - pick(2 - locks.0, 2 - locks.1)],
                resharers: Resharers {
                    guests: Resharing::ALL[pick(resharing.0, resharing.1)],
                    members: Resharing::ALL[pick(members.0, members.1)],
                },
            };
            let all = RecipientFacts {
                class: RECIPIENTS[recipient],
                domains: DomainFacts {
                    organization: standing(lists.0, listed.0),
                    site: standing(lists.1, listed.1),
                },
                directory: standing(lists.2, listed.2),
            };
            let mut fewer = all;
            if added.0 { fewer.domains.organization = DomainStanding::FREE; }
            if added.1 { fewer.domains.site = DomainStanding::FREE; }
            if added.2 { fewer.directory = DomainStanding::FREE; }
            let loose = may_share(&facts(usize::max, true), &fewer);
            let tight = may_share(&facts(usize::min, invite), &all);
            prop_assert!(loose.allows() || !tight.allows());
            prop_assert_eq!(tight.newly_refused(&loose).is_some(), loose.allows() && !tight.allows());
        }
    }
}
