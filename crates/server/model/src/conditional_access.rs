//! Conditional access: under which conditions an organization lets people in (sharing-and-guests.md section 5). Names are
//! Graph's. Kept as administrators wrote it; what it means for one sign-in is decided by `policy`.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use ipnet::IpNet;
use jiff::Timestamp;

use crate::{AccessPolicyId, DirectoryRole, GroupId, NamedLocationId, TenantId, TermsId, UserId};

/// Whether a policy counts (P-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyState {
    /// Not at all.
    Disabled,
    /// Its result is noted and changes nothing.
    ReportOnly,
    /// It is enforced.
    Enabled,
}

impl PolicyState {
    /// All states, in the order they are stored.
    pub const ALL: [Self; 3] = [Self::Disabled, Self::ReportOnly, Self::Enabled];

    /// Returns Graph's name.
    #[must_use]
    pub const fn graph_name(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::ReportOnly => "enabledForReportingButNotEnforced",
            Self::Enabled => "enabled",
        }
    }

    /// Reads Graph's name in any case; none for another text.
    #[must_use]
    pub fn from_graph_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.graph_name().eq_ignore_ascii_case(name))
    }
}

/// How somebody from outside stands to the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuestKind {
    /// Invited as a guest; everybody from outside whom this server knows is one today.
    CollaborationGuest,
    /// From outside, with the rights of a member.
    CollaborationMember,
    /// Without an object here.
    DirectConnect,
    /// A guest with a credential of this organization.
    InternalGuest,
    /// Of a service provider.
    ServiceProvider,
    /// Any other.
    Other,
}

impl GuestKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::CollaborationGuest,
        Self::CollaborationMember,
        Self::DirectConnect,
        Self::InternalGuest,
        Self::ServiceProvider,
        Self::Other,
    ];

    /// Returns Graph's name.
    #[must_use]
    pub const fn graph_name(self) -> &'static str {
        match self {
            Self::CollaborationGuest => "b2bCollaborationGuest",
            Self::CollaborationMember => "b2bCollaborationMember",
            Self::DirectConnect => "b2bDirectConnectUser",
            Self::InternalGuest => "internalGuest",
            Self::ServiceProvider => "serviceProvider",
            Self::Other => "otherExternalUser",
        }
    }

    /// Reads Graph's name in any case; none for another text.
    #[must_use]
    pub fn from_graph_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.graph_name().eq_ignore_ascii_case(name))
    }
}

/// Some home organizations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantSet {
    /// All.
    All,
    /// These.
    These(BTreeSet<TenantId>),
}

/// People from outside, by kind and home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestSet {
    /// The kinds.
    pub kinds: BTreeSet<GuestKind>,
    /// Their organizations.
    pub homes: TenantSet,
}

impl GuestSet {
    /// Returns everybody from outside (`GuestsOrExternalUsers`).
    #[must_use]
    pub fn everybody() -> Self {
        Self { kinds: GuestKind::ALL.into_iter().collect(), homes: TenantSet::All }
    }
}

/// Some people. Somebody is among them who is in any of its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserSet {
    /// Whether it is everybody.
    pub all: bool,
    /// People by name.
    pub users: BTreeSet<UserId>,
    /// Those in groups.
    pub groups: BTreeSet<GroupId>,
    /// Those with roles.
    pub roles: BTreeSet<DirectoryRole>,
    /// People from outside.
    pub guests: Option<GuestSet>,
}

/// Some resources, by their application ids; `Office365` is one of the words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplicationSet {
    /// Whether it is every one.
    pub all: bool,
    /// Which.
    pub ids: BTreeSet<String>,
}

/// Some places on the network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocationSet {
    /// Whether it is every place, unknown ones included.
    pub all: bool,
    /// Whether every trusted named location is among them.
    pub all_trusted: bool,
    /// Named ones.
    pub named: BTreeSet<NamedLocationId>,
}

/// An operating system, as the user agent claims it. Nobody verifies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// Android.
    Android,
    /// iOS.
    Ios,
    /// Windows.
    Windows,
    /// macOS.
    MacOs,
    /// Linux.
    Linux,
    /// Windows Phone.
    WindowsPhone,
}

impl Platform {
    /// All platforms.
    pub const ALL: [Self; 6] =
        [Self::Android, Self::Ios, Self::Windows, Self::MacOs, Self::Linux, Self::WindowsPhone];

    /// Returns Graph's name.
    #[must_use]
    pub const fn graph_name(self) -> &'static str {
        match self {
            Self::Android => "android",
            Self::Ios => "iOS",
            Self::Windows => "windows",
            Self::MacOs => "macOS",
            Self::Linux => "linux",
            Self::WindowsPhone => "windowsPhone",
        }
    }

    /// Reads Graph's name in any case; none for another text.
    #[must_use]
    pub fn from_graph_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.graph_name().eq_ignore_ascii_case(name))
    }
}

/// Some platforms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlatformSet {
    /// Whether it is every one, unknown ones included.
    pub all: bool,
    /// Which.
    pub platforms: BTreeSet<Platform>,
}

/// What kind of client somebody uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientApp {
    /// A browser.
    Browser,
    /// An application on a phone or computer.
    MobileAndDesktop,
    /// An old mail client.
    ExchangeActiveSync,
    /// Anything else.
    Other,
}

impl ClientApp {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Browser, Self::MobileAndDesktop, Self::ExchangeActiveSync, Self::Other];

    /// Returns Graph's name.
    #[must_use]
    pub const fn graph_name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::MobileAndDesktop => "mobileAppsAndDesktopClients",
            Self::ExchangeActiveSync => "exchangeActiveSync",
            Self::Other => "other",
        }
    }

    /// Reads Graph's name in any case; none for another text.
    #[must_use]
    pub fn from_graph_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.graph_name().eq_ignore_ascii_case(name))
    }
}

/// What is counted in and what is counted out again: exclusion beats inclusion (P-2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InAndOut<S> {
    /// Counted in.
    pub include: S,
    /// Counted out.
    pub exclude: S,
}

/// When a policy applies: all of it must hold (5.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessConditions {
    /// Who.
    pub users: InAndOut<UserSet>,
    /// To what.
    pub applications: InAndOut<ApplicationSet>,
    /// From where; none is anywhere.
    pub locations: Option<InAndOut<LocationSet>>,
    /// On what; none is anything.
    pub platforms: Option<InAndOut<PlatformSet>>,
    /// With which clients; empty is any.
    pub client_apps: BTreeSet<ClientApp>,
}

/// What a policy asks for (5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessControl {
    /// Nothing helps.
    Block,
    /// A second factor.
    Mfa,
    /// A device that its organization manages.
    CompliantDevice,
    /// A device that its organization's domain knows.
    JoinedDevice,
    /// Acceptance of terms of use.
    Terms(TermsId),
}

/// How several controls of one policy combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantOperator {
    /// All of them.
    And,
    /// One of them.
    Or,
}

impl GrantOperator {
    /// Both, in the order they are stored.
    pub const ALL: [Self; 2] = [Self::And, Self::Or];
}

/// A conditional access policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPolicy {
    /// Its id.
    pub id: AccessPolicyId,
    /// The organization.
    pub tenant: TenantId,
    /// Name shown to people.
    pub display_name: String,
    /// Whether it counts.
    pub state: PolicyState,
    /// When it applies.
    pub conditions: AccessConditions,
    /// How its controls combine.
    pub operator: GrantOperator,
    /// What it asks for.
    pub controls: BTreeSet<AccessControl>,
    /// Seconds after which somebody signs in again; none is never.
    pub sign_in_every_s: Option<i64>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
}

/// A country, by two letters (ISO 3166-1) in upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads two letters in any case; none for another text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 2] = text.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|letter| letter.to_ascii_uppercase())))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| f.write_char(char::from(*letter)))
    }
}

/// What a named location is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocationKind {
    /// Ranges of addresses.
    Addresses {
        /// The ranges.
        ranges: Vec<IpNet>,
        /// Whether the organization trusts them.
        trusted: bool,
    },
    /// Countries.
    Countries {
        /// The countries.
        countries: BTreeSet<Country>,
        /// Whether addresses of no known country count.
        unknown: bool,
    },
}

/// A place on the network with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedLocation {
    /// Its id.
    pub id: NamedLocationId,
    /// The organization.
    pub tenant: TenantId,
    /// Name shown to people.
    pub display_name: String,
    /// What it is.
    pub kind: LocationKind,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
}

/// Which claims of other organizations an organization trusts (4.10).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboundTrust {
    /// That a second factor was given at home.
    pub mfa: bool,
    /// That a device is managed at home.
    pub compliant_device: bool,
    /// That a device is joined at home.
    pub joined_device: bool,
}
