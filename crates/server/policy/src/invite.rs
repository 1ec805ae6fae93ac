//! May invite: who brings guests into the directory, and whether an invited person may still accept
//! (sharing-and-guests.md 4.9).

use model::{ApplicationPermission, DirectoryRole, InvitesFrom, UserKind};

use crate::{Authority, Decision, DomainStanding, Reason};

/// Decides whether somebody may invite. *Nobody* stops administrators and programs too; programs invite only where
/// every member may. The operator at the server is above the setting.
#[must_use]
pub fn may_invite(authority: &Authority, from: InvitesFrom) -> Decision {
    match authority {
        Authority::Operator => Decision::new(),
        Authority::Person { kind, roles } => {
            let office = roles
                .iter()
                .any(|role| matches!(role, DirectoryRole::GlobalAdministrator | DirectoryRole::GuestInviter));
            let passed = match from {
                InvitesFrom::Nobody => false,
                InvitesFrom::Administrators => office,
                InvitesFrom::Members => office || *kind == UserKind::Member,
                InvitesFrom::Everyone => true,
            };
            Decision::new().require(Reason::MayNotInvite, passed)
        }
        Authority::Application { permissions } => {
            let named = permissions.iter().any(|permission| {
                matches!(
                    permission,
                    ApplicationPermission::UserInviteAll | ApplicationPermission::UserReadWriteAll
                )
            });
            Decision::new()
                .require(Reason::ApplicationPermissionRequired, named)
                .require(Reason::MayNotInvite, from >= InvitesFrom::Members)
        }
    }
}

/// Decides whether an invitation may still be accepted: a domain that became refused refuses here. Who has accepted
/// before is not asked again.
#[must_use]
pub fn may_redeem(directory: DomainStanding) -> Decision {
    Decision::new().require(Reason::DomainRefusedByDirectory, directory.admits())
}

#[cfg(test)]
mod tests {
    use model::ApplicationPermission::{UserInviteAll, UserReadAll};
    use model::DirectoryRole::{GlobalAdministrator, GuestInviter, SharePointAdministrator};
    use model::{DirectoryRole, DomainMode, InvitesFrom, UserKind};
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{may_invite, may_redeem};
    use crate::domains::tests::list;
    use crate::{Authority, DomainStanding, Reason};

    fn person(kind: UserKind, roles: &[DirectoryRole]) -> Authority {
        Authority::Person { kind, roles: roles.to_vec() }
    }

    fn program() -> Authority {
        Authority::Application { permissions: vec![UserInviteAll] }
    }

    #[test]
    fn s_4_9_each_value_of_the_setting_lets_invite_whom_it_names() {
        use InvitesFrom::{Administrators, Everyone, Members, Nobody};
        use UserKind::{Guest, Member};
        let cases = [
            (person(Guest, &[]), [false, false, false, true]),
            (person(Member, &[]), [false, false, true, true]),
            (person(Member, &[SharePointAdministrator]), [false, false, true, true]),
            (person(Member, &[GlobalAdministrator]), [false, true, true, true]),
            (person(Guest, &[GuestInviter]), [false, true, true, true]),
            (program(), [false, false, true, true]),
            (Authority::Operator, [true, true, true, true]),
        ];
        for (authority, expected) in cases {
            for (from, allowed) in [Nobody, Administrators, Members, Everyone].into_iter().zip(expected) {
                assert_eq!(may_invite(&authority, from).allows(), allowed, "{authority:?} {from:?}");
            }
        }
        let reader = Authority::Application { permissions: vec![UserReadAll] };
        let refusal = may_invite(&reader, Everyone).refusal();
        assert_eq!(refusal, Some(Reason::ApplicationPermissionRequired));
    }

    #[test]
    fn s_4_9_a_pending_invitation_to_a_domain_that_became_refused_fails() {
        let listed = list(DomainMode::BlockList, &["fabrikam.example"]);
        let redeem = |domain| may_redeem(DomainStanding::of(&listed, Some(domain))).refusal();
        assert_eq!(redeem("fabrikam.example"), Some(Reason::DomainRefusedByDirectory));
        assert_eq!(redeem("tailspin.example"), None);
    }

    proptest! {
        #[test]
        fn a_narrower_setting_never_lets_more_people_invite(
            wide in 0_usize..4, narrow in 0_usize..4, guest in any::<bool>(), inviter in any::<bool>(),
        ) {
            let (wide, narrow) = (InvitesFrom::ALL[wide.max(narrow)], InvitesFrom::ALL[wide.min(narrow)]);
            let kind = if guest { UserKind::Guest } else { UserKind::Member };
            let roles: &[DirectoryRole] = if inviter { &[GuestInviter] } else { &[] };
            for authority in [person(kind, roles), program()] {
                prop_assert!(may_invite(&authority, wide).allows() || !may_invite(&authority, narrow).allows());
            }
        }
    }
}
