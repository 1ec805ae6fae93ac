//! Finding sites: a caller sees the sites in which anything is open to them; administrators see all in their own list.

use std::collections::BTreeSet;

use directory::{authority_of, widest_level};
use model::{Actor, Caller, Drive, Role, SharingLevel, Site, SiteId, Timestamp};
use policy::{Administration, effective_level, may_administer};
use storage::{Call, Held, Scope, StorageError};

use super::{SiteError, WebAddress, is_open_to_outsiders};
use crate::access::{DriveAccess, drive_access, site_access};

/// A library as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryView {
    /// The library.
    pub drive: Drive,
    /// How many bytes still fit; none when there is no limit.
    pub room: Option<u64>,
}

/// A site as a caller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteView {
    /// The site.
    pub site: Site,
    /// The sharing level in effect.
    pub level: SharingLevel,
    /// The caller's role at the site itself; none when only a part of it is open to them.
    pub role: Option<Role>,
    /// Libraries open to the caller as a whole.
    pub libraries: Vec<LibraryView>,
    /// Whether people from outside have access to anything here (B14).
    pub open_to_outsiders: bool,
    /// Where it opens in the browser.
    pub address: WebAddress,
}

impl SiteView {
    /// Returns whether one of the site's names holds a text, which is in lower case.
    #[must_use]
    pub fn is_named(&self, search: &str) -> bool {
        [&self.site.name, &self.site.display_name].iter().any(|name| name.to_lowercase().contains(search))
    }
}

/// Finds a site by id; none when it is hidden from the caller.
///
/// # Errors
/// A storage error.
pub async fn find_site(call: &Call, caller: Caller, site: SiteId) -> Result<Option<SiteView>, StorageError> {
    let now = call.store().runtime().now();
    call.read(move |scope| view(scope, &caller, now, site)).await
}

/// Finds a site by its name in addresses; none when it is hidden from the caller.
///
/// # Errors
/// A storage error.
pub async fn find_site_by_name(
    call: &Call,
    caller: Caller,
    name: String,
) -> Result<Option<SiteView>, StorageError> {
    let now = call.store().runtime().now();
    call.read(move |scope| match scope.sites().find_by_name(&name)? {
        Some(site) => view(scope, &caller, now, site.id),
        None => Ok(None),
    })
    .await
}

/// Lists the sites in which anything is open to the caller, by name; only those whose names hold `search`.
///
/// # Errors
/// A storage error.
pub async fn list_sites(call: &Call, caller: Caller, search: String) -> Result<Vec<SiteView>, StorageError> {
    let now = call.store().runtime().now();
    let search = search.to_lowercase();
    call.read(move |scope| {
        let held = scope.permissions().list_held_by(caller.user, None, Held::Now)?;
        let sites: BTreeSet<SiteId> = held.iter().map(|permission| permission.scope.site()).collect();
        let mut views = Vec::new();
        for site in sites {
            views.extend(view(scope, &caller, now, site)?);
        }
        // One's own drive is found at its own address.
        views.retain(|view| view.site.personal_of != Some(caller.user) && view.is_named(&search));
        views.sort_by_key(|view| (view.site.display_name.to_lowercase(), view.site.id));
        Ok(views)
    })
    .await
}

/// Lists every site of the organization for its administrators (B13). It opens none of them.
///
/// # Errors
/// [`SiteError::Refused`].
pub async fn list_every_site(call: &Call) -> Result<Vec<SiteView>, SiteError> {
    let (actor, now): (Actor, Timestamp) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| {
        let authority = authority_of(scope, actor)?;
        may_administer(&authority, Administration::ListEverySite).into_result()?;
        let tenant = scope.tenants().load()?;
        let mut views = Vec::new();
        for site in scope.sites().list()? {
            views.push(SiteView {
                level: effective_level(
                    widest_level(&site, tenant.site_sharing, tenant.personal_sharing),
                    site.sharing,
                ),
                role: None,
                libraries: Vec::new(),
                open_to_outsiders: is_open_to_outsiders(scope, &site, now)?,
                address: address_of(&tenant.initial_domain, &site),
                site,
            });
        }
        Ok(views)
    })
    .await
}

fn view<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    site: SiteId,
) -> Result<Option<SiteView>, StorageError> {
    let Some(open) = site_access(scope, caller, now, site)? else { return Ok(None) };
    let mut libraries = Vec::new();
    for drive in scope.drives().list_of_site(site)? {
        let open = drive_access(scope, caller, now, drive.id)?;
        if let Some(DriveAccess { drive, .. }) = open.filter(|open| open.root_role().is_some()) {
            let room = scope.quotas().room(&drive)?;
            libraries.push(LibraryView { drive, room });
        }
    }
    let open_to_outsiders = is_open_to_outsiders(scope, &open.site, now)?;
    let domain = scope.tenants().load()?.initial_domain;
    let address = address_of(&domain, &open.site);
    let (level, role) = (open.level, open.role);
    Ok(Some(SiteView { site: open.site, level, role, libraries, open_to_outsiders, address }))
}

fn address_of(domain: &str, site: &Site) -> WebAddress {
    WebAddress { domain: domain.to_owned(), site: site.name.clone(), item: None }
}
