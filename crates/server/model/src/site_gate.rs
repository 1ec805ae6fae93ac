//! Site gate: what a site as a whole lets happen — its lock, from which devices it opens, whether its files may be taken
//! along — and by which road somebody comes to it (sharing-and-guests.md 2.11, S-1, S-2). What follows is decided by `policy`.
//!
//! Footbridge manages no devices, so every device counts as unmanaged.

/// A site's lock, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockState {
    /// None.
    Unlock,
    /// Nothing in it changes.
    ReadOnly,
    /// Nobody gets in.
    NoAccess,
}

impl LockState {
    /// All, in the order they are stored.
    pub const ALL: [Self; 3] = [Self::Unlock, Self::ReadOnly, Self::NoAccess];

    /// Returns the original's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unlock => "Unlock",
            Self::ReadOnly => "ReadOnly",
            Self::NoAccess => "NoAccess",
        }
    }
}

/// What a site lets devices do that nobody manages, loosest first (`ConditionalAccessPolicy` of a site).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceAccess {
    /// Everything.
    Full,
    /// Everything in the browser; programs cannot prove an authentication context and stay out (S-1).
    AuthenticationContext,
    /// The browser, and no bytes of files (S-2).
    Limited,
    /// Nothing.
    Blocked,
}

impl DeviceAccess {
    /// All, in the order they are stored.
    pub const ALL: [Self; 4] = [Self::Full, Self::AuthenticationContext, Self::Limited, Self::Blocked];

    /// Returns the original's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "AllowFullAccess",
            Self::AuthenticationContext => "AuthenticationContext",
            Self::Limited => "AllowLimitedAccess",
            Self::Blocked => "BlockAccess",
        }
    }
}

/// Whether a site's files may be taken along (`BlockDownloadPolicy`), loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Downloads {
    /// They may.
    Allowed,
    /// They are neither downloaded nor synced, by anybody.
    Blocked,
}

impl Downloads {
    /// Both, in the order they are stored.
    pub const ALL: [Self; 2] = [Self::Allowed, Self::Blocked];
}

/// Whether a site has links for the organization (`DisableCompanyWideSharingLinks`), loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrganizationLinks {
    /// It has.
    Allowed,
    /// None is made, and those there are open for nobody new.
    Disabled,
}

impl OrganizationLinks {
    /// Both, in the order they are stored.
    pub const ALL: [Self; 2] = [Self::Allowed, Self::Disabled];
}

/// What a site as a whole lets happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SiteGate {
    /// Its lock.
    pub lock: LockState,
    /// From which devices it opens.
    pub devices: DeviceAccess,
    /// Whether its files may be taken along.
    pub downloads: Downloads,
}

impl SiteGate {
    /// What a new site has: nothing in the way.
    pub const OPEN: Self =
        Self { lock: LockState::Unlock, devices: DeviceAccess::Full, downloads: Downloads::Allowed };
}

/// By which road somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Road {
    /// The pages in the browser.
    Page,
    /// A program with a token, or an address that a program was given.
    Program,
    /// A client that syncs.
    Sync,
}

impl Road {
    /// All.
    pub const ALL: [Self; 3] = [Self::Page, Self::Program, Self::Sync];
}
