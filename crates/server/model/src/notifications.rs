//! Who is told when something is shared with people outside (sharing-and-guests.md 7.5).

use crate::Address;

/// Whether somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Telling {
    /// They are not.
    Off,
    /// They are.
    On,
}

impl Telling {
    /// Reads a switch.
    #[must_use]
    pub const fn of(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }

    /// Returns whether somebody is told.
    #[must_use]
    pub const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

/// What an organization set about telling owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerNotifications {
    /// Somebody else gave people outside access, or more of it (`NotifyOwnersWhenItemsReshared`).
    pub reshared: Telling,
    /// Somebody outside accepted (`NotifyOwnersWhenInvitationsAccepted`).
    pub accepted: Telling,
    /// A link for anyone was made or changed (`OwnerAnonymousNotification`).
    pub anyone_links: Telling,
    /// Mailboxes that are told of every invitation of somebody outside (`BccExternalSharingInvitationsList`).
    pub mailboxes: Vec<Address>,
}
