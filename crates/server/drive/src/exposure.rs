//! Exposure: what an organization's administrators are shown of what is open to the outside — sites with their levels,
//! guests with the sites they were given, and the sums of it (B13). It opens no site to them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use directory::{SharingSettings, widest_level};
use model::{AccessPolicy, SharingLevel, Site, Timestamp, User, UserId};
use policy::{admits_anyone_links, effective_level};
use storage::{Call, FirstInvitation, GuestCounts, ListPage, Scope, StorageError};

use crate::sites::{SiteError, is_open_to_outsiders, require_administrator};

/// The sums of what is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// The organization's settings.
    pub settings: SharingSettings,
    /// All sites, personal drives included.
    pub sites: u64,
    /// Those where people outside have access to something (B14).
    pub open_sites: u64,
    /// The guests.
    pub guests: GuestCounts,
    /// Links without sign-in that work.
    pub anyone_links: u64,
    /// Links without sign-in that stand and that a level keeps from working.
    pub masked_links: u64,
    /// Conditional access policies.
    pub policies: Vec<AccessPolicy>,
}

/// A site as its administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveSite {
    /// The site, with the level set for it.
    pub site: Site,
    /// The level in effect.
    pub level: SharingLevel,
    /// Whether people outside have access to anything there (B14).
    pub open_to_outsiders: bool,
}

/// A guest as administrators see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedGuest {
    /// The guest.
    pub guest: User,
    /// How they came; none for who was made without an invitation.
    pub invited: Option<FirstInvitation>,
    /// Who invited them, while the directory knows them.
    pub inviter: Option<User>,
    /// Where anything was given to them, by name. A level may keep them out.
    pub sites: Vec<Site>,
}

/// Reads the sums.
///
/// # Errors
/// [`SiteError::Refused`].
pub async fn exposure(call: &Call) -> Result<Exposure, SiteError> {
    let (actor, now) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| {
        require_administrator(scope, actor)?;
        let settings = SharingSettings::load(scope)?;
        let outward = scope.exposure().list_outward_sites(now)?;
        let links = scope.exposure().count_anyone_links(now)?;
        let (mut open_sites, mut anyone_links, mut masked_links) = (0, 0, 0);
        for site in scope.sites().list()? {
            let anyone = admits_anyone_links(level_of(&settings, &site));
            let linked = outward.anyone.contains(&site.id);
            open_sites += u64::from(outward.named.contains(&site.id) || (linked && anyone));
            let count = links.get(&site.id).copied().unwrap_or_default();
            if anyone { anyone_links += count } else { masked_links += count }
        }
        Ok(Exposure {
            sites: scope.exposure().count_sites()?,
            open_sites,
            guests: scope.exposure().count_guests()?,
            anyone_links,
            masked_links,
            policies: scope.access_policies().list()?,
            settings,
        })
    })
    .await
}

/// Lists a page of sites, personal drives included.
///
/// # Errors
/// [`SiteError::Refused`].
pub async fn list_active_sites(call: &Call, page: ListPage) -> Result<Vec<ActiveSite>, SiteError> {
    let (actor, now) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| {
        require_administrator(scope, actor)?;
        let settings = SharingSettings::load(scope)?;
        let mut listed = Vec::new();
        for site in scope.exposure().list_sites(&page)? {
            let open_to_outsiders = is_open_to_outsiders(scope, &site, now)?;
            listed.push(ActiveSite { level: level_of(&settings, &site), open_to_outsiders, site });
        }
        Ok(listed)
    })
    .await
}

/// Lists a page of guests.
///
/// # Errors
/// [`SiteError::Refused`].
pub async fn list_guests(call: &Call, page: ListPage) -> Result<Vec<ListedGuest>, SiteError> {
    let (actor, now) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| {
        require_administrator(scope, actor)?;
        let guests = scope.exposure().list_guests(&page)?;
        Ok(with_origin(scope, guests, now)?)
    })
    .await
}

/// Lists the guests who were deleted last.
///
/// # Errors
/// [`SiteError::Refused`].
pub async fn list_deleted_guests(call: &Call, most: i64) -> Result<Vec<ListedGuest>, SiteError> {
    let (actor, now) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| {
        require_administrator(scope, actor)?;
        let guests = scope.exposure().list_deleted_guests(most)?;
        Ok(with_origin(scope, guests, now)?)
    })
    .await
}

/// Finds one guest, deleted or not; none for a member.
///
/// # Errors
/// [`SiteError::Refused`].
pub async fn find_guest(call: &Call, guest: UserId) -> Result<Option<ListedGuest>, SiteError> {
    let (actor, now) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| {
        require_administrator(scope, actor)?;
        let found = scope.users().find_even_deleted(guest)?;
        let found = found.filter(|person| person.kind == model::UserKind::Guest);
        Ok(with_origin(scope, found.into_iter().collect(), now)?.pop())
    })
    .await
}

fn level_of(settings: &SharingSettings, site: &Site) -> SharingLevel {
    effective_level(widest_level(site, settings.sites, settings.personal), site.sharing)
}

/// Adds how guests came and what they were given; the same few inviters are read once.
fn with_origin<M>(
    scope: &mut Scope<'_, M>,
    guests: Vec<User>,
    now: Timestamp,
) -> Result<Vec<ListedGuest>, StorageError> {
    let ids: Vec<UserId> = guests.iter().map(|guest| guest.id).collect();
    let invitations = scope.exposure().list_first_invitations(&ids)?;
    let mut sites = scope.exposure().list_sites_of(&ids, now)?;
    let mut inviters: BTreeMap<UserId, Option<User>> = BTreeMap::new();
    for inviter in invitations.values().filter_map(|invitation| invitation.by) {
        if let Entry::Vacant(unread) = inviters.entry(inviter) {
            unread.insert(scope.users().find_even_deleted(inviter)?);
        }
    }
    let listed = |guest: User| {
        let invited = invitations.get(&guest.id).copied();
        let inviter = invited.and_then(|invited| inviters.get(&invited.by?)?.clone());
        ListedGuest { invited, inviter, sites: sites.remove(&guest.id).unwrap_or_default(), guest }
    };
    Ok(guests.into_iter().map(listed).collect())
}
