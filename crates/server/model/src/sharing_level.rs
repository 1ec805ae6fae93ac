//! Sharing level: how far an organization or a site opens to outsiders (sharing-and-guests.md 2.1).

/// The four levels, from strictest to loosest, so that `min` gives the effective one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SharingLevel {
    /// Only people in the organization.
    Disabled,
    /// Guests already in the directory.
    ExistingGuests,
    /// New and existing guests.
    NewAndExistingGuests,
    /// Anyone, also by links without sign-in.
    Anyone,
}

impl SharingLevel {
    /// All levels, strictest first.
    pub const ALL: [Self; 4] =
        [Self::Disabled, Self::ExistingGuests, Self::NewAndExistingGuests, Self::Anyone];

    /// Returns Graph's name (`sharingCapability`).
    #[must_use]
    pub const fn graph_name(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::ExistingGuests => "existingExternalUserSharingOnly",
            Self::NewAndExistingGuests => "externalUserSharingOnly",
            Self::Anyone => "externalUserAndGuestSharing",
        }
    }

    /// Reads Graph's name in any case; none for another text.
    #[must_use]
    pub fn from_graph_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.graph_name().eq_ignore_ascii_case(name))
    }
}
