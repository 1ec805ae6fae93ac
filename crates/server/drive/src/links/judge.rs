//! Judging a link at the moment it is used: facts of the link, its item, the level and whoever uses it, in one snapshot.

use directory::{SharingLists, Ticket, domain_of, person_facts, sharing_standing, widest_level};
use model::{
    Address, Caller, Item, Link, LinkKind, LinkRecipient, PermissionScope, Road, SharingLevel, Site,
    Timestamp, User, UserKind,
};
use policy::{
    Decision, DomainFacts, LinkFacts, LinkPassword, LinkUser, Opened, effective_level, is_over, may_enter,
    may_use_link,
};
use storage::{Scope, StorageError};

use super::LinkError;
use super::in_effect::in_effect;
use crate::Sight;
use crate::access::{DriveAccess, drive_access};

/// Who uses a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkViewer {
    /// Nobody who is known.
    Bearer,
    /// Somebody signed in to the link's organization.
    Person(Caller),
    /// Whoever proved by a code that this address is theirs, as `Address::key`.
    Address(String),
}

/// One use of a link.
#[derive(Clone)]
pub struct LinkUse {
    /// The link's secret.
    pub ticket: Ticket,
    /// Who uses it.
    pub viewer: LinkViewer,
    /// The stored password hash that was proven in this browser.
    pub password: Option<String>,
}

impl LinkUse {
    /// Returns how what the link opens counts for syncing.
    #[must_use]
    pub fn opened(&self, kind: LinkKind) -> Opened {
        match (&self.viewer, kind) {
            (_, LinkKind::Anyone) | (LinkViewer::Bearer, _) => Opened::WithoutSignIn,
            (LinkViewer::Address(_), _) => Opened::ByCode,
            (LinkViewer::Person(_), _) => Opened::SignedIn,
        }
    }
}

/// A link that opens for whoever uses it.
pub(super) struct OpenLink {
    pub(super) link: Link,
    pub(super) item: Item,
    /// The item and what is beneath it, in the link's role.
    pub(super) sight: Sight,
}

/// What a link is about.
pub(super) struct Target {
    pub(super) site: Site,
    pub(super) drive: model::Drive,
    pub(super) item: Item,
    pub(super) level: SharingLevel,
    pub(super) gone: bool,
}

/// Finds a link by its secret.
pub(super) fn find<M>(scope: &mut Scope<'_, M>, ticket: &Ticket) -> Result<Option<Link>, StorageError> {
    if ticket.tenant() != scope.tenant() {
        return Ok(None);
    }
    scope.links().find_by_token(ticket.hash())
}

/// Loads what a link is about; none when nothing is left of it.
pub(super) fn target<M>(scope: &mut Scope<'_, M>, link: &Link) -> Result<Option<Target>, StorageError> {
    let PermissionScope::Item { site, drive, item } = link.scope else { return Ok(None) };
    let Some(site) = scope.sites().find(site)? else { return Ok(None) };
    let Some(drive) = scope.drives().find(drive)? else { return Ok(None) };
    let Some(item) = scope.items().find(drive.id, item)? else { return Ok(None) };
    let chain = scope.permissions().list_chains(drive.id, &[item.id])?.remove(&item.id).unwrap_or_default();
    let gone = chain.is_empty() || scope.permissions().has_deleted_item(&chain)? || site.deleted.is_some();
    let tenant = scope.tenants().load()?;
    let widest = widest_level(&site, tenant.site_sharing, tenant.personal_sharing);
    let level = effective_level(widest, site.sharing);
    Ok(Some(Target { site, drive, item, level, gone }))
}

/// Opens a link for whoever uses it.
///
/// # Errors
/// [`LinkError::NotFound`] when it is not for them, [`LinkError::Refused`] when it is and something is in the way.
pub(super) fn open<M>(
    scope: &mut Scope<'_, M>,
    now: Timestamp,
    used: &LinkUse,
) -> Result<OpenLink, LinkError> {
    let link = find(scope, &used.ticket)?.ok_or(LinkError::NotFound)?;
    let target = target(scope, &link)?.ok_or(LinkError::NotFound)?;
    let link = in_effect(scope, link, target.item.kind)?;
    let person = person_of(scope, &used.viewer)?;
    let stay = match &person {
        Some(person) => scope.guest_stays().find(target.site.id, person.id)?,
        None => None,
    };
    let of_site = scope.sharing_policies().load_of_site(target.site.id)?;
    let proven = link.password.is_none() || link.password == used.password;
    let facts = LinkFacts {
        kind: link.kind,
        level: target.level,
        user: user_of(&used.viewer),
        named: is_named(scope, &link, &used.viewer)?,
        has_access: link.kind == LinkKind::ExistingAccess && has_access(scope, now, &target, &used.viewer)?,
        gone: target.gone,
        expired: link.expires.is_some_and(|end| end <= now),
        password: if proven { LinkPassword::Settled } else { LinkPassword::Missing },
        domains: standing(scope, &target.site, &used.viewer, person.as_ref())?,
        stay_over: is_over(stay, now),
        gate: of_site.gate,
        road: road_of(&used.viewer),
        organization_links: of_site.organization_links,
    };
    enters(&used.viewer, person.as_ref()).and(may_use_link(&facts)).into_result().map_err(LinkError::of)?;
    let at = (target.item.id, link.role);
    let place = (target.level, of_site.gate);
    let access = DriveAccess::by_link(scope, target.drive, target.site, place, at)?;
    Ok(OpenLink { sight: Sight::by_link(access), link, item: target.item })
}

fn user_of(viewer: &LinkViewer) -> LinkUser {
    match viewer {
        LinkViewer::Bearer => LinkUser::Bearer,
        LinkViewer::Address(_) => LinkUser::ByCode,
        LinkViewer::Person(caller) if caller.kind == UserKind::Guest => LinkUser::Guest,
        LinkViewer::Person(_) => LinkUser::Member,
    }
}

/// Who is not signed in comes by the pages: programs have tokens.
fn road_of(viewer: &LinkViewer) -> Road {
    match viewer {
        LinkViewer::Bearer | LinkViewer::Address(_) => Road::Page,
        LinkViewer::Person(caller) => caller.road,
    }
}

fn is_named<M>(scope: &mut Scope<'_, M>, link: &Link, viewer: &LinkViewer) -> Result<bool, StorageError> {
    let recipient = match viewer {
        LinkViewer::Bearer => return Ok(false),
        LinkViewer::Person(caller) => LinkRecipient::Person(caller.user),
        LinkViewer::Address(key) => LinkRecipient::Address(key.clone()),
    };
    scope.link_recipients().names(link.id, &recipient)
}

fn has_access<M>(
    scope: &mut Scope<'_, M>,
    now: Timestamp,
    target: &Target,
    viewer: &LinkViewer,
) -> Result<bool, StorageError> {
    let LinkViewer::Person(caller) = viewer else { return Ok(false) };
    let Some(access) = drive_access(scope, caller, now, target.drive.id)? else { return Ok(false) };
    let item = target.item.id;
    let chain = scope.permissions().list_chains(target.drive.id, &[item])?.remove(&item).unwrap_or_default();
    Ok(access.role_along(&chain).is_some())
}

/// Loads who uses a link, if they are somebody of the directory.
fn person_of<M>(scope: &mut Scope<'_, M>, viewer: &LinkViewer) -> Result<Option<User>, LinkError> {
    let LinkViewer::Person(caller) = viewer else { return Ok(None) };
    Ok(Some(scope.users().find(caller.user)?.ok_or(LinkError::NotFound)?))
}

/// Says how the domain of whoever uses a link stands to the lists of the place; they concern people from outside.
fn standing<M>(
    scope: &mut Scope<'_, M>,
    site: &Site,
    viewer: &LinkViewer,
    person: Option<&User>,
) -> Result<DomainFacts, StorageError> {
    let domain = match (viewer, person) {
        (LinkViewer::Address(key), _) => {
            key.parse::<Address>().ok().and_then(|address| address.domain().parse().ok())
        }
        (_, Some(person)) if person.kind == UserKind::Guest => domain_of(person),
        _ => return Ok(DomainFacts::FREE),
    };
    let organization = scope.sharing_policies().load()?.domains;
    let of_site = scope.sharing_policies().load_of_site(site.id)?.domains;
    sharing_standing(scope, SharingLists { organization, of_site, site: site.id }, domain.as_ref())
}

/// Decides whether the account of a person is good at all; who has none is judged by the link alone.
fn enters(viewer: &LinkViewer, person: Option<&User>) -> Decision {
    match (viewer, person) {
        (LinkViewer::Person(caller), Some(person)) => may_enter(&person_facts(person, caller.home)),
        _ => Decision::new(),
    }
}
