//! Root state: what to tell somebody who had access about a root they sync. To everybody else it does not exist.

use directory::{Grants, open_facts, person_facts, person_standing};
use model::{
    DriveId, HomeAccount, ItemId, LockState, Road, Role, SharingLevel, SiteGate, Timestamp, User, UserId,
};
use policy::{DomainFacts, OpenFacts, Reason, may_open};
use storage::{Held, Scope, StorageError};
use transfer::{AccessReason, AccessState};

use super::rights::Rights;

/// The facts behind a [`transfer::AccessReport`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootState {
    /// The state.
    pub state: AccessState,
    /// Why, unless active.
    pub reason: Option<AccessReason>,
    /// For people: what happened.
    pub message: &'static str,
    /// For people: what to do.
    pub remedy: &'static str,
}

/// Tells the state of a root to a home account that was told about it before; none to anybody else.
///
/// The question comes with the home account's own credential, because a deleted guest has no other.
///
/// # Errors
/// A storage error.
pub fn root_state<M>(
    scope: &mut Scope<'_, M>,
    home: HomeAccount,
    now: Timestamp,
    drive: DriveId,
    item: ItemId,
) -> Result<Option<RootState>, StorageError> {
    let Some(last_known) = scope.sync_roots().find(drive, item, home)? else { return Ok(None) };
    let Some(person) = person_now(scope, home, last_known)? else { return Ok(None) };
    let facts = facts_of(scope, &person, home, now, drive, item)?;
    Ok(Some(RootState::of(&facts)))
}

/// Returns who the home account is here now: the live guest if there is one, else the one who was told last.
fn person_now<M>(
    scope: &mut Scope<'_, M>,
    home: HomeAccount,
    last_known: UserId,
) -> Result<Option<User>, StorageError> {
    if home.tenant == scope.tenant() {
        return scope.users().find_even_deleted(home.user);
    }
    match scope.users().find_by_home(home)? {
        Some(person) => Ok(Some(person)),
        None => scope.users().find_even_deleted(last_known),
    }
}

/// Loads what [`may_open`] judges about a person at an item, whether they may see it or not.
pub(crate) fn facts_of<M>(
    scope: &mut Scope<'_, M>,
    person: &User,
    home: HomeAccount,
    now: Timestamp,
    drive: DriveId,
    item: ItemId,
) -> Result<OpenFacts, StorageError> {
    let Some((drive, found)) = scope.sites().find_drive_with_person(drive, person.id)? else {
        return Ok(OpenFacts {
            person: person_facts(person, home),
            level: SharingLevel::Anyone,
            root_deleted: true,
            gate: SiteGate::OPEN,
            road: Road::Sync,
            role: None,
            expired: false,
            domains: DomainFacts::FREE,
            stay_over: false,
        });
    };
    let held = scope.permissions().list_held_by(person.id, Some(found.site.id), Held::Now)?;
    let grants = Grants::of(&held, found.stay, now);
    let chain = scope.permissions().list_chains(drive.id, &[item])?.remove(&item).unwrap_or_default();
    let broken = scope.inheritance().list_broken(drive.id)?;
    let role = Rights::of(&grants, &drive, broken, found.gate).given_along(&chain);
    let domains = person_standing(scope, &found)?;
    let mut facts = open_facts(&found, (home, Road::Sync), role, &grants, domains);
    facts.root_deleted |= chain.is_empty() || scope.permissions().has_deleted_item(&chain)?;
    Ok(facts)
}

impl RootState {
    fn of(facts: &OpenFacts) -> Self {
        let locked = facts.gate.lock == LockState::ReadOnly;
        match may_open(facts).refusal() {
            Some(reason) => {
                let (state, told) = told_as(reason);
                Self { state, reason: Some(told), message: reason.message(), remedy: reason.remedy() }
            }
            None if locked => Self {
                state: AccessState::ReadOnly,
                reason: Some(AccessReason::SiteReadOnly),
                message: Reason::SiteReadOnly.message(),
                remedy: Reason::SiteReadOnly.remedy(),
            },
            None if facts.role == Some(Role::Read) => Self {
                state: AccessState::ReadOnly,
                reason: Some(AccessReason::ViewOnly),
                message: "It was shared with you for viewing; what you change here is not sent.",
                remedy: "Ask the site's owner for permission to edit.",
            },
            None => Self {
                state: AccessState::Active,
                reason: None,
                message: "Everything is in order.",
                remedy: "",
            },
        }
    }
}

/// Says a refusal in the words of the transfer API. What the owner's policy closed may open again: suspended.
fn told_as(reason: Reason) -> (AccessState, AccessReason) {
    match reason {
        Reason::AccountDeleted => (AccessState::Revoked, AccessReason::GuestDeleted),
        Reason::AccountBlocked => (AccessState::Suspended, AccessReason::GuestBlocked),
        Reason::InvitationPending | Reason::OtherHomeAccount => {
            (AccessState::InteractionNeeded, AccessReason::InvitationPending)
        }
        Reason::SharingClosed => (AccessState::Suspended, AccessReason::SharingLevelLowered),
        Reason::DomainClosed => (AccessState::Suspended, AccessReason::DomainBlocked),
        Reason::GuestStayOver => (AccessState::Suspended, AccessReason::GuestAccessExpired),
        Reason::SiteLocked => (AccessState::Suspended, AccessReason::SiteLocked),
        Reason::DeviceNotManaged
        | Reason::BrowserOnly
        | Reason::AuthenticationContext
        | Reason::DownloadBlocked => (AccessState::Suspended, AccessReason::SyncNotAllowed),
        Reason::RootDeleted => (AccessState::Revoked, AccessReason::RootDeleted),
        _ => (AccessState::Revoked, AccessReason::PermissionRemoved),
    }
}
