//! May administer: which administrative roles an operation needs (A01, L-11).

use model::{DirectoryRole, UserKind};

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
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Administration {
    /// Add members, aliases, domains and roles; manage security groups.
    ManageDirectory,
    /// Delete a person, or block or allow their sign-in.
    ManageGuests,
    /// Invite a guest into the directory.
    InviteGuest,
    /// Set the organization's or a site's sharing level.
    SetSharing,
    /// See every site of the organization.
    ListEverySite,
    /// Make a site.
    CreateSite,
    /// See the organization's people and groups.
    ReadDirectory,
}

/// Decides by role. Members may invite guests and make sites, as is the original's default; guests may neither.
#[must_use]
pub fn may_administer(authority: &Authority, what: Administration) -> Decision {
    use DirectoryRole::{GlobalAdministrator, GuestInviter, SharePointAdministrator};
    let Authority::Person { kind, roles } = authority else { return Decision::new() };
    let has = |wanted: &[DirectoryRole]| roles.iter().any(|role| wanted.contains(role));
    let member = *kind == UserKind::Member;
    let passed = match what {
        Administration::ManageDirectory | Administration::ManageGuests => has(&[GlobalAdministrator]),
        Administration::SetSharing | Administration::ListEverySite => {
            has(&[GlobalAdministrator, SharePointAdministrator])
        }
        Administration::InviteGuest => member || has(&[GlobalAdministrator, GuestInviter]),
        Administration::CreateSite | Administration::ReadDirectory => member,
    };
    let reason =
        if what == Administration::InviteGuest { Reason::MayNotInvite } else { Reason::RoleRequired };
    Decision::new().require(reason, passed)
}

#[cfg(test)]
mod tests {
    use model::DirectoryRole::{self, GlobalAdministrator, GuestInviter, SharePointAdministrator};
    use model::UserKind::{self, Guest, Member};

    use super::{Administration, Authority, may_administer};

    #[test]
    fn roles_open_what_they_name_and_nothing_else() {
        use Administration::{
            CreateSite, InviteGuest, ListEverySite, ManageDirectory, ManageGuests, ReadDirectory, SetSharing,
        };
        let cases: [(UserKind, &[DirectoryRole], &[Administration]); 6] = [
            (Member, &[], &[InviteGuest, CreateSite, ReadDirectory]),
            (Member, &[GuestInviter], &[InviteGuest, CreateSite, ReadDirectory]),
            (
                Member,
                &[SharePointAdministrator],
                &[InviteGuest, CreateSite, ReadDirectory, SetSharing, ListEverySite],
            ),
            (
                Member,
                &[GlobalAdministrator],
                &[
                    InviteGuest,
                    CreateSite,
                    ReadDirectory,
                    SetSharing,
                    ListEverySite,
                    ManageDirectory,
                    ManageGuests,
                ],
            ),
            (Guest, &[], &[]),
            (Guest, &[GuestInviter], &[InviteGuest]),
        ];
        let all = [
            ManageDirectory,
            ManageGuests,
            InviteGuest,
            SetSharing,
            ListEverySite,
            CreateSite,
            ReadDirectory,
        ];
        for (kind, roles, allowed) in cases {
            let authority = Authority::Person { kind, roles: roles.to_vec() };
            for what in all {
                let expected = allowed.contains(&what);
                assert_eq!(
                    may_administer(&authority, what).allows(),
                    expected,
                    "{kind:?} {roles:?} {what:?}"
                );
            }
        }
    }
}
