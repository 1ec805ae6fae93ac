//! Browsing: what a site's or folder's page in the browser shows, read in one snapshot. Names above what is open to the
//! caller are not told.

use directory::open_site;
use model::{Caller, Drive, Item, ItemId, ItemKind, Role, Site, SiteGate, Tenant, Timestamp};
use storage::{Call, ChildrenAfter, Scope};

use crate::access::Roots;
use crate::sites::{WebAddress, is_open_to_outsiders};
use crate::{ItemError, SeenItem, Sight};

/// Most items of a folder that are shown.
const MOST: i64 = 1_000;

/// A page of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browsed {
    /// The organization that owns it.
    pub tenant: Tenant,
    /// The site.
    pub site: Site,
    /// What the site as a whole lets happen (2.11).
    pub gate: SiteGate,
    /// Whether people from outside have access to anything here (B14).
    pub open_to_outsiders: bool,
    /// What lies at the address.
    pub place: Place,
}

/// What lies at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A library or a folder of it.
    Folder(Box<FolderView>),
    /// A file.
    File {
        /// The library.
        drive: Drive,
        /// The file.
        file: Box<Item>,
        /// The caller's role at it.
        role: Role,
        /// The folders above it that the caller may see, outermost first.
        above: Vec<Item>,
    },
    /// The site's own address, where only parts of it are open: those parts, in no folder.
    Parts(Vec<Part>),
}

/// A library or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderView {
    /// The library.
    pub drive: Drive,
    /// The folder.
    pub folder: Item,
    /// The caller's role at it.
    pub role: Role,
    /// The folders above it that the caller may see, outermost first.
    pub above: Vec<Item>,
    /// What it holds, folders first.
    pub children: Vec<Item>,
    /// Whether it holds more than is shown.
    pub more: bool,
}

/// Something of a site that was shared alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The library.
    pub drive: Drive,
    /// The folder or file.
    pub item: Item,
}

/// Reads the page of an address of the caller's organization.
///
/// # Errors
/// [`ItemError::NotFound`] when nothing is there or it is hidden.
pub async fn browse(call: &Call, caller: Caller, address: WebAddress) -> Result<Browsed, ItemError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        if !scope.tenants().list_domains()?.contains(&address.domain) {
            return Err(ItemError::NotFound);
        }
        let site = scope.sites().find_by_name(&address.site)?.ok_or(ItemError::NotFound)?;
        let hidden = |gate: Option<_>| gate.map_or(ItemError::NotFound, ItemError::Refused);
        let gate = open_site(scope, &caller, now, site.id)?.map_err(hidden)?.gate;
        let place = match address.item {
            Some((drive, item)) => {
                let sight = Sight::open(scope, &caller, now, drive)?;
                if sight.access().site.id != site.id {
                    return Err(ItemError::NotFound);
                }
                let seen = sight.item(scope, item)?;
                if seen.item.kind == ItemKind::File {
                    let above = seen.above.into_iter().rev().collect();
                    let (drive, role) = (sight.drive().clone(), seen.role);
                    Place::File { drive, file: Box::new(seen.item), role, above }
                } else {
                    Place::Folder(Box::new(folder(scope, &sight, seen)?))
                }
            }
            None => whole_or_parts(scope, &caller, now, &site)?,
        };
        let open_to_outsiders = is_open_to_outsiders(scope, &site, now)?;
        Ok(Browsed { tenant: scope.tenants().load()?, site, gate, open_to_outsiders, place })
    })
    .await
}

/// Reads the first library when it is open as a whole, else every part of the site's libraries that is.
fn whole_or_parts<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    site: &Site,
) -> Result<Place, ItemError> {
    let mut parts = Vec::new();
    for drive in scope.drives().list_of_site(site.id)? {
        let sight = match Sight::open(scope, caller, now, drive.id) {
            Ok(sight) => sight,
            Err(ItemError::NotFound) => continue,
            Err(error) => return Err(error),
        };
        match sight.access().roots() {
            Roots::Drive => {
                let root = sight.item(scope, drive.root)?;
                return Ok(Place::Folder(Box::new(folder(scope, &sight, root)?)));
            }
            Roots::Items(items) => parts.extend(open_parts(scope, &sight, items)?),
        }
    }
    match parts.as_slice() {
        [] => Err(ItemError::NotFound),
        [Part { drive, item }] if item.kind == ItemKind::Folder => {
            let sight = Sight::open(scope, caller, now, drive.id)?;
            let seen = sight.item(scope, item.id)?;
            Ok(Place::Folder(Box::new(folder(scope, &sight, seen)?)))
        }
        _ => Ok(Place::Parts(parts)),
    }
}

/// Reads what was shared of a library; a part within another one is reached through that one.
fn open_parts<M>(
    scope: &mut Scope<'_, M>,
    sight: &Sight,
    items: impl IntoIterator<Item = ItemId>,
) -> Result<Vec<Part>, ItemError> {
    let mut parts = Vec::new();
    for item in items {
        match sight.item(scope, item) {
            Ok(seen) if seen.above.is_empty() => {
                parts.push(Part { drive: sight.drive().clone(), item: seen.item });
            }
            Ok(_) | Err(ItemError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(parts)
}

/// Reads a folder that was found open.
pub(crate) fn folder<M>(
    scope: &mut Scope<'_, M>,
    sight: &Sight,
    seen: SeenItem,
) -> Result<FolderView, ItemError> {
    seen.require_folder()?;
    let mut children = scope.items().list_children(seen.item.id, ChildrenAfter::Name(None), MOST + 1)?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let more = children.len() > most;
    children.truncate(most);
    children.retain(|child| sight.access().role_below(seen.role, child.id).is_some());
    // Stable: within folders and within files the order by name stays.
    children.sort_by_key(|child| child.kind == ItemKind::File);
    let above = seen.above.into_iter().rev().collect();
    Ok(FolderView { drive: sight.drive().clone(), folder: seen.item, role: seen.role, above, children, more })
}
