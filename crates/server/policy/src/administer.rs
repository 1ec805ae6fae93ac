//! May administer: which administrative roles an operation needs (A01, L-11).

use model::{ApplicationPermission, DirectoryRole, UserKind};

use crate::{Decision, Reason};

/// Who asks, with what they are allowed by office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authority {
    /// The operator or the server itself.
    Operator,
    /// A person with their roles.
    Person {
        /// Member or guest.
        kind: UserKind,
        /// Administrative roles.
        roles: Vec<DirectoryRole>,
    },
    /// A program of the organization with what it was allowed.
    Application {
        /// Its permissions.
        permissions: Vec<ApplicationPermission>,
    },
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Administration {
    /// Add members, aliases, domains, roles and applications.
    ManageDirectory,
    /// Make groups and change who is in them.
    ManageGroups,
    /// Delete a person, or block or allow their sign-in.
    ManageGuests,
    /// Set the organization's or a site's sharing level.
    SetSharing,
    /// See every site of the organization.
    ListEverySite,
    /// Make a site.
    CreateSite,
    /// See the organization's people.
    ReadDirectory,
    /// See the organization's groups.
    ReadGroups,
    /// See the audit trail, who has access to what, and what is shared outside.
    ReviewAccess,
}

/// Decides by role. Members may make sites, as is the original's default; guests may not. A program may what
/// its permissions name, and never what they do not. Inviting is [`crate::may_invite`]'s.
#[must_use]
pub fn may_administer(authority: &Authority, what: Administration) -> Decision {
    match authority {
        Authority::Operator => Decision::new(),
        Authority::Person { kind, roles } => by_role(*kind, roles, what),
        Authority::Application { permissions } => {
            let passed = needed(what).iter().any(|wanted| permissions.contains(wanted));
            Decision::new().require(Reason::ApplicationPermissionRequired, passed)
        }
    }
}

/// Returns the permissions of which a program needs one.
const fn needed(what: Administration) -> &'static [ApplicationPermission] {
    use ApplicationPermission::{
        GroupReadAll, GroupReadWriteAll, SitesReadAll, UserReadAll, UserReadWriteAll,
    };
    match what {
        Administration::ReadDirectory => &[UserReadAll, UserReadWriteAll],
        Administration::ManageGuests => &[UserReadWriteAll],
        Administration::ReadGroups => &[GroupReadAll, GroupReadWriteAll],
        Administration::ManageGroups => &[GroupReadWriteAll],
        Administration::ListEverySite => &[SitesReadAll],
        Administration::ManageDirectory
        | Administration::SetSharing
        | Administration::CreateSite
        | Administration::ReviewAccess => &[],
    }
}

fn by_role(kind: UserKind, roles: &[DirectoryRole], what: Administration) -> Decision {
    use DirectoryRole::{GlobalAdministrator, SharePointAdministrator};
    let has = |wanted: &[DirectoryRole]| roles.iter().any(|role| wanted.contains(role));
    let member = kind == UserKind::Member;
    let passed = match what {
        Administration::ManageDirectory | Administration::ManageGroups | Administration::ManageGuests => {
            has(&[GlobalAdministrator])
        }
        Administration::SetSharing | Administration::ListEverySite | Administration::ReviewAccess => {
            has(&[GlobalAdministrator, SharePointAdministrator])
        }
        Administration::CreateSite | Administration::ReadDirectory | Administration::ReadGroups => member,
    };
    Decision::new().require(Reason::RoleRequired, passed)
}

#[cfg(test)]
mod tests {
    use model::ApplicationPermission::{
        self, GroupReadAll, GroupReadWriteAll, SitesReadAll, UserInviteAll, UserReadAll, UserReadWriteAll,
    };
    use model::DirectoryRole::{self, GlobalAdministrator, GuestInviter, SharePointAdministrator};
    use model::UserKind::{self, Guest, Member};

    use super::{Administration, Authority, may_administer};
    use crate::Reason;

    const ALL: [Administration; 9] = [
        Administration::ReviewAccess,
        Administration::ManageDirectory,
        Administration::ManageGroups,
        Administration::ManageGuests,
        Administration::SetSharing,
        Administration::ListEverySite,
        Administration::CreateSite,
        Administration::ReadDirectory,
        Administration::ReadGroups,
    ];

    #[test]
    fn roles_open_what_they_name_and_nothing_else() {
        use Administration::{
            CreateSite, ListEverySite, ManageDirectory, ManageGroups, ManageGuests, ReadDirectory,
            ReadGroups, ReviewAccess, SetSharing,
        };
        let cases: [(UserKind, &[DirectoryRole], &[Administration]); 6] = [
            (Member, &[], &[CreateSite, ReadDirectory, ReadGroups]),
            (Member, &[GuestInviter], &[CreateSite, ReadDirectory, ReadGroups]),
            (
                Member,
                &[SharePointAdministrator],
                &[CreateSite, ReadDirectory, ReadGroups, SetSharing, ListEverySite, ReviewAccess],
            ),
            (
                Member,
                &[GlobalAdministrator],
                &[
                    CreateSite,
                    ReadDirectory,
                    ReadGroups,
                    SetSharing,
                    ListEverySite,
                    ManageDirectory,
                    ManageGroups,
                    ManageGuests,
                    ReviewAccess,
                ],
            ),
            (Guest, &[], &[]),
            (Guest, &[GuestInviter], &[]),
        ];
        for (kind, roles, allowed) in cases {
            let authority = Authority::Person { kind, roles: roles.to_vec() };
            for what in ALL {
                let expected = allowed.contains(&what);
                assert_eq!(
                    may_administer(&authority, what).allows(),
                    expected,
                    "{kind:?} {roles:?} {what:?}"
                );
            }
        }
    }

    #[test]
    fn a_program_may_what_its_permissions_name_and_nothing_else() {
        use Administration::{ListEverySite, ManageGroups, ManageGuests, ReadDirectory, ReadGroups};
        let cases: [(&[ApplicationPermission], &[Administration]); 8] = [
            (&[], &[]),
            (&[UserReadAll], &[ReadDirectory]),
            (&[UserReadWriteAll], &[ReadDirectory, ManageGuests]),
            (&[UserInviteAll], &[]),
            (&[GroupReadAll], &[ReadGroups]),
            (&[GroupReadWriteAll], &[ReadGroups, ManageGroups]),
            (&[SitesReadAll], &[ListEverySite]),
            (&[UserInviteAll, GroupReadAll], &[ReadGroups]),
        ];
        for (permissions, allowed) in cases {
            let authority = Authority::Application { permissions: permissions.to_vec() };
            for what in ALL {
                let decision = may_administer(&authority, what);
                assert_eq!(decision.allows(), allowed.contains(&what), "{permissions:?} {what:?}");
                let refused = decision.into_result().err();
                assert!(refused.is_none_or(|reason| reason == Reason::ApplicationPermissionRequired));
            }
        }
    }
}
