//! Application: a program of an organization that acts as itself, without a person (graph-surface.md 2.5).

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{ApplicationId, SecretHash, TenantId};

/// What an organization can allow a program to do in it. There is none for the content of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApplicationPermission {
    /// See people.
    UserReadAll,
    /// See people, block and delete them, and invite guests.
    UserReadWriteAll,
    /// Invite guests.
    UserInviteAll,
    /// See groups; those of sites only together with [`Self::SitesReadAll`].
    GroupReadAll,
    /// See groups, make them and change who is in them.
    GroupReadWriteAll,
    /// See the list of sites and their levels. It opens none of them.
    SitesReadAll,
}

/// A text is no application permission of this server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no application permission of this name; there are {}", names())]
pub struct UnknownPermission;

impl ApplicationPermission {
    /// Every permission there is.
    pub const ALL: [Self; 6] = [
        Self::UserReadAll,
        Self::UserReadWriteAll,
        Self::UserInviteAll,
        Self::GroupReadAll,
        Self::GroupReadWriteAll,
        Self::SitesReadAll,
    ];

    /// Returns Graph's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserReadAll => "User.Read.All",
            Self::UserReadWriteAll => "User.ReadWrite.All",
            Self::UserInviteAll => "User.Invite.All",
            Self::GroupReadAll => "Group.Read.All",
            Self::GroupReadWriteAll => "Group.ReadWrite.All",
            Self::SitesReadAll => "Sites.Read.All",
        }
    }
}

fn names() -> String {
    ApplicationPermission::ALL.map(ApplicationPermission::name).join(", ")
}

impl fmt::Display for ApplicationPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ApplicationPermission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        Self::ALL.into_iter().find(|known| known.name() == text).ok_or(UnknownPermission)
    }
}

/// A program registered in one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id: what it signs in with, and its object in the organization.
    pub id: ApplicationId,
    /// The organization.
    pub tenant: TenantId,
    /// Name shown to people and in records.
    pub display_name: String,
    /// What it may do, each once, in order.
    pub permissions: Vec<ApplicationPermission>,
    /// Hash of its secret.
    pub secret: SecretHash,
    /// When the secret ends.
    pub secret_expires: Timestamp,
    /// When it was registered.
    pub created: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::ApplicationPermission;

    #[test]
    fn permissions_are_read_by_their_names_alone() {
        for permission in ApplicationPermission::ALL {
            assert_eq!(permission.name().parse(), Ok(permission));
        }
        for other in ["", "user.read.all", "Files.Read.All", "User.Read.All "] {
            let refused = other.parse::<ApplicationPermission>().expect_err(other);
            assert!(refused.to_string().contains("User.Invite.All"));
        }
    }
}
