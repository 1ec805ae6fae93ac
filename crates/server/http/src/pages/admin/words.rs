//! Words of the admin center: how each setting is written in a form and said to a person.

use model::{
    DomainMode, GuestIntegration, GuestState, InvitesFrom, LinkKind, Resharing, Role, Sharers, SharingLevel,
    User,
};

/// One value of a setting: in a form, as its name, and what it means.
pub(super) struct Word<T: 'static> {
    pub(super) means: T,
    pub(super) value: &'static str,
    pub(super) label: &'static str,
    pub(super) about: &'static str,
}

const fn word<T>(means: T, value: &'static str, label: &'static str, about: &'static str) -> Word<T> {
    Word { means, value, label, about }
}

pub(super) const LEVELS: [Word<SharingLevel>; 4] = [
    word(
        SharingLevel::Anyone,
        "anyone",
        "Anyone",
        "Files and folders can be shared by links that need no sign-in. Whoever gets hold of such a link can open it.",
    ),
    word(
        SharingLevel::NewAndExistingGuests,
        "new-and-existing",
        "New and existing guests",
        "People outside sign in or prove their address. Sharing with somebody new gives them a guest account.",
    ),
    word(
        SharingLevel::ExistingGuests,
        "existing",
        "Existing guests",
        "Only people outside who already have a guest account here.",
    ),
    word(
        SharingLevel::Disabled,
        "disabled",
        "Only people in your organization",
        "Nothing is shared outside. Guests are refused from their next request on.",
    ),
];

pub(super) const DOMAIN_MODES: [Word<DomainMode>; 3] = [
    word(DomainMode::Unrestricted, "none", "Any domain", ""),
    word(DomainMode::AllowList, "allow", "Only the domains listed below", ""),
    word(DomainMode::BlockList, "block", "All but the domains listed below", ""),
];

pub(super) const SHARERS: [Word<Sharers>; 2] = [
    word(Sharers::Everybody, "everybody", "Everybody who may share", ""),
    word(
        Sharers::Groups,
        "groups",
        "Only members of the groups below",
        "Who is in none of them shares inside the organization only. What is shared already stays.",
    ),
];

pub(super) const RESHARING: [Word<Resharing>; 2] = [
    word(Resharing::OwnersOnly, "owners", "Only what they own", ""),
    word(Resharing::Editors, "editors", "Also what they can edit", ""),
];

pub(super) const INTEGRATION: [Word<GuestIntegration>; 2] = [
    word(
        GuestIntegration::On,
        "on",
        "They get a guest account",
        "They sign in with their own organization's account and can sync folders to their computer.",
    ),
    word(
        GuestIntegration::Off,
        "off",
        "They get a code by mail each time",
        "What is shared opens in the browser and does not sync. Guests who are there stay guests.",
    ),
];

pub(super) const ROLES: [Word<Role>; 2] =
    [word(Role::Read, "view", "View", ""), word(Role::Write, "edit", "View and edit", "")];

pub(super) const LINK_KINDS: [Word<LinkKind>; 4] = [
    word(LinkKind::Anyone, "anyone", "Anyone with the link", ""),
    word(LinkKind::Organization, "organization", "People in your organization", ""),
    word(LinkKind::SpecificPeople, "people", "Specific people", ""),
    word(LinkKind::ExistingAccess, "existing", "People who already have access", ""),
];

pub(super) const INVITES_FROM: [Word<InvitesFrom>; 4] = [
    word(InvitesFrom::Everyone, "everyone", "Everybody, guests included", ""),
    word(InvitesFrom::Members, "members", "Members, and administrators", ""),
    word(InvitesFrom::Administrators, "administrators", "Administrators and guest inviters", ""),
    word(InvitesFrom::Nobody, "nobody", "Nobody, administrators included", ""),
];

/// Whether a site follows its organization in something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    Organization,
    Itself,
}

pub(super) const FOLLOWS: [Word<Follows>; 2] = [
    word(Follows::Organization, "follow", "As the organization has it", ""),
    word(Follows::Itself, "own", "As written below", ""),
];

/// Returns the word for a value.
pub(super) fn word_of<T: PartialEq>(words: &'static [Word<T>], value: &T) -> &'static Word<T> {
    words.iter().find(|word| word.means == *value).unwrap_or(&words[0])
}

/// Returns a level's name.
pub(super) fn level_name(level: SharingLevel) -> &'static str {
    word_of(&LEVELS, &level).label
}

/// Says how a guest stands.
pub(super) fn standing(guest: &User) -> &'static str {
    match (guest.deleted.is_some(), guest.enabled, guest.guest_state) {
        (true, ..) => "Removed",
        (false, false, _) => "Blocked",
        (false, true, Some(GuestState::PendingAcceptance)) => "Invited, has not accepted yet",
        (false, true, Some(GuestState::Accepted) | None) => "Accepted",
    }
}
