//! What must hold, in words that are true whether it does or not: a list of conditions, passed and failed, reads like one
//! (X02). Only the conditions between a person and syncing a place have such words; others are told by their message.

use crate::Reason;

impl Reason {
    /// Returns the condition whose failure this is, for people.
    #[must_use]
    pub const fn condition(self) -> &'static str {
        match self {
            Self::AccountDeleted => "The account in this organization is not deleted.",
            Self::AccountBlocked => "The account may sign in to this organization.",
            Self::InvitationPending => "The invitation to this organization was accepted.",
            Self::OtherHomeAccount => "The account is the one that accepted the invitation.",
            Self::RootDeleted => "The site, library or folder is there.",
            Self::SharingClosed => "Organization and site are open to people outside.",
            Self::DomainClosed => "Organization and site admit the domain of the account.",
            Self::GuestStayOver => "The time the organization gives guests in this site is not over.",
            Self::PermissionExpired => "The permission has not ended.",
            Self::NoPermission => "There is a permission, by name, by a group or by a link that was opened.",
            Self::SharedWithoutSignIn => "It is shared in a way that needs sign-in.",
            Self::OpenedByCode => {
                "The person has an account here; codes from mails open it in the browser alone."
            }
            Self::SingleFile => "A site, library or folder is shared, not one file.",
            other => other.message(),
        }
    }
}
