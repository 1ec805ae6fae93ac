//! Sharing policy: what an organization sets beside its levels, and what a site sets apart (sharing-and-guests.md 2.4 to
//! 2.11). Both are kept as they were set; what is in effect is computed by `policy` at every use (L-20).

use jiff::{SignedDuration, Timestamp};

use crate::{DomainMode, GroupId, LinkKind, OrganizationLinks, Role, SiteGate};

/// How long something lasts by policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifetime {
    /// Until somebody ends it.
    Unlimited,
    /// So many days.
    Days(u16),
}

impl Lifetime {
    /// Reads a number of days; 0 means no limit, as the original writes it.
    #[must_use]
    pub const fn from_days(days: u16) -> Self {
        if days == 0 { Self::Unlimited } else { Self::Days(days) }
    }

    /// Returns the number of days; 0 means no limit.
    #[must_use]
    pub const fn days(self) -> u16 {
        match self {
            Self::Unlimited => 0,
            Self::Days(days) => days,
        }
    }

    /// Returns the end of what began at a moment; none when it lasts.
    #[must_use]
    pub fn end_from(self, start: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Unlimited => None,
            Self::Days(days) => {
                let length = SignedDuration::from_hours(24 * i64::from(days));
                Some(start.checked_add(length).unwrap_or(Timestamp::MAX))
            }
        }
    }
}

/// Whether guests share on what they do not own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resharing {
    /// They need full control.
    OwnersOnly,
    /// Editing is enough, as it is for members.
    Editors,
}

impl Resharing {
    /// Both, in the order they are stored.
    pub const ALL: [Self; 2] = [Self::OwnersOnly, Self::Editors];
}

/// What an organization says about personal drives, or leaves to how everything else is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnerChoice {
    /// As it is elsewhere.
    Unspecified,
    /// Yes.
    On,
    /// No.
    Off,
}

impl OwnerChoice {
    /// All, in the order they are stored.
    pub const ALL: [Self; 3] = [Self::Unspecified, Self::On, Self::Off];

    /// Returns the original's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "Unspecified",
            Self::On => "On",
            Self::Off => "Off",
        }
    }
}

/// Who may share with people outside (G-1, B08).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sharers {
    /// Whoever may share.
    Everybody,
    /// Those of chosen security groups alone.
    Groups,
}

impl Sharers {
    /// Both, in the order they are stored.
    pub const ALL: [Self; 2] = [Self::Everybody, Self::Groups];
}

/// How far outside somebody may share (G-2), least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SharerReach {
    /// With nobody outside (G-3).
    Nobody,
    /// With people who sign in or prove their address.
    Guests,
    /// Also by links without sign-in.
    Anyone,
}

impl SharerReach {
    /// All, least first, in the order they are stored.
    pub const ALL: [Self; 3] = [Self::Nobody, Self::Guests, Self::Anyone];
}

/// A security group that may share with people outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SharerGroup {
    /// The group.
    pub group: GroupId,
    /// How far its members may share.
    pub reach: SharerReach,
}

/// What links without sign-in are worth at most (N-1, N-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnyoneLinkCaps {
    /// How long one lasts.
    pub life: Lifetime,
    /// What one lets do with a file.
    pub file_role: Role,
    /// What one lets do with a folder and what is in it.
    pub folder_role: Role,
}

impl AnyoneLinkCaps {
    /// No cap.
    pub const NONE: Self =
        Self { life: Lifetime::Unlimited, file_role: Role::Write, folder_role: Role::Write };
}

/// The link that is made when nobody says which (F-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultLink {
    /// Whom it opens for.
    pub kind: LinkKind,
    /// What it lets them do.
    pub role: Role,
}

/// What an organization sets beside its levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharingPolicy {
    /// What the organization's list of domains means.
    pub domains: DomainMode,
    /// Who may share with people outside.
    pub sharers: Sharers,
    /// Whether guests share on.
    pub resharing: Resharing,
    /// Whether members share on what was shared with them of a personal drive; where unspecified, who edits does.
    pub personal_resharing: OwnerChoice,
    /// Whether requests for access to a personal drive go to its owner; where unspecified, they do.
    pub personal_requests: OwnerChoice,
    /// How long a guest keeps what they were given in a site (E-1).
    pub guest_life: Lifetime,
    /// What links without sign-in are worth at most.
    pub anyone_links: AnyoneLinkCaps,
    /// The default link.
    pub default_link: DefaultLink,
}

impl SharingPolicy {
    /// What a new organization has: nothing restricted, and guests do not share on.
    pub const INITIAL: Self = Self {
        domains: DomainMode::Unrestricted,
        sharers: Sharers::Everybody,
        resharing: Resharing::OwnersOnly,
        personal_resharing: OwnerChoice::Unspecified,
        personal_requests: OwnerChoice::Unspecified,
        guest_life: Lifetime::Unlimited,
        anyone_links: AnyoneLinkCaps::NONE,
        default_link: DefaultLink { kind: LinkKind::Organization, role: Role::Read },
    };
}

/// What a site sets apart from its organization; none follows the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SitePolicy {
    /// What the site's own list of domains means. It narrows the organization's and never widens it (D-3).
    pub domains: DomainMode,
    /// How long a guest keeps what they were given (E-1).
    pub guest_life: Option<Lifetime>,
    /// How long a link without sign-in lasts (2.11).
    pub anyone_life: Option<Lifetime>,
    /// The default link (F-3).
    pub default_link: Option<DefaultLink>,
    /// What the site as a whole lets happen (2.11).
    pub gate: SiteGate,
    /// Whether it has links for the organization (2.11).
    pub organization_links: OrganizationLinks,
}

impl SitePolicy {
    /// What a new site has.
    pub const INITIAL: Self = Self {
        domains: DomainMode::Unrestricted,
        guest_life: None,
        anyone_life: None,
        default_link: None,
        gate: SiteGate::OPEN,
        organization_links: OrganizationLinks::Allowed,
    };
}

/// A guest's time in a site (E-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuestStay {
    /// When they first were given something there.
    pub joined: Timestamp,
    /// When what they were given themselves ends; none when no policy was in force (E-3).
    pub ends: Option<Timestamp>,
}
