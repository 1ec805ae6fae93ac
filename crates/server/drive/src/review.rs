//! Access review (B09): who has access to what, through what, since and until when, and when it was last used; for one site,
//! for one guest, and everything that reaches outside. What is told are names and dates, never contents: administrators may
//! ask about every site, owners about their own.
//!
//! Lists come in pages by id, so that ten thousand guests cost no more than the page that is looked at.

mod decide;
mod report;
mod rows;

use directory::authority_of;
use model::{Actor, Caller, LinkId, PermissionId, Role, SiteId, Timestamp, UserId, UserKind};
use policy::{Administration, Reason, may_administer};
use storage::{Call, Held, PageOf, Scope, StorageError};

pub use decide::decide_access;
pub use report::{ReportRow, sharing_report};
pub use rows::{AccessRow, RowWho, Through};

use crate::access::site_access;
use crate::sites::SiteError;
use rows::Rows;

/// Most rows about one guest.
const MOST_OF_GUEST: usize = 1_000;

/// Where a list goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowsAfter {
    /// Behind a permission of somebody outside, by name or opened link; behind none at the start.
    People(Option<PermissionId>),
    /// Behind a permission of a group with people outside in it.
    Groups(Option<PermissionId>),
    /// Behind a link.
    Links(Option<LinkId>),
}

/// A page of rows.
#[derive(Debug, Clone)]
pub struct AccessPage {
    /// The rows; a page may have fewer than asked for.
    pub rows: Vec<AccessRow>,
    /// Where the next page begins.
    pub next: Option<RowsAfter>,
}

/// Lists what is shared with people outside: by name, by groups, by links. In one site, or in all of them.
///
/// # Errors
/// [`SiteError::Refused`] to whoever neither administers nor owns the site asked about, [`SiteError::NotFound`] for a site
/// that is hidden.
pub async fn shared_outside(
    call: &Call,
    caller: Caller,
    site: Option<SiteId>,
    after: RowsAfter,
    most: i64,
) -> Result<AccessPage, SiteError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        require_reviewer(scope, &caller, now, site)?;
        page(scope, [PageOf::Guests, PageOf::GroupsWithGuests], site, after, most, now)
    })
    .await
}

/// Lists everybody who has access to anything in a site, and its links.
///
/// # Errors
/// As [`shared_outside`].
pub async fn site_review(
    call: &Call,
    caller: Caller,
    site: SiteId,
    after: RowsAfter,
    most: i64,
) -> Result<AccessPage, SiteError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        require_reviewer(scope, &caller, now, Some(site))?;
        // Everybody is one stream; the second is passed over.
        let after = if let RowsAfter::Groups(_) = after { RowsAfter::Links(None) } else { after };
        page(scope, [PageOf::Everybody, PageOf::Everybody], Some(site), after, most, now)
    })
    .await
}

/// Lists what one guest has access to: by name, by groups, by links. Owners hear of their own sites.
///
/// # Errors
/// [`SiteError::NotFound`] for nobody or a member, [`SiteError::Refused`] to guests.
pub async fn guest_review(call: &Call, caller: Caller, guest: UserId) -> Result<Vec<AccessRow>, SiteError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        if caller.kind != UserKind::Member {
            return Err(Reason::RoleRequired.into());
        }
        let person = scope.users().find(guest)?.filter(|person| person.kind == UserKind::Guest);
        let person = person.ok_or(SiteError::NotFound)?;
        let all = reviews_everything(scope, &caller)?;
        let mut held = scope.permissions().list_held_by(guest, None, Held::Now)?;
        if !all {
            let mut own = std::collections::BTreeMap::new();
            for permission in &held {
                let site = permission.scope.site();
                if let std::collections::btree_map::Entry::Vacant(unknown) = own.entry(site) {
                    let open = site_access(scope, &caller, now, site)?;
                    unknown.insert(open.is_some_and(|open| open.role >= Some(Role::Owner)));
                }
            }
            held.retain(|permission| own.get(&permission.scope.site()).copied().unwrap_or(false));
        }
        held.truncate(MOST_OF_GUEST);
        Ok(Rows::new(now).of_permissions(scope, held, Some(&person))?)
    })
    .await
}

fn page<M>(
    scope: &mut Scope<'_, M>,
    streams: [PageOf; 2],
    site: Option<SiteId>,
    after: RowsAfter,
    most: i64,
    now: Timestamp,
) -> Result<AccessPage, SiteError> {
    let both = streams[0] != streams[1];
    let full = |found: usize| i64::try_from(found).unwrap_or(i64::MAX) >= most;
    let mut rows = Rows::new(now);
    let (rows, next) = match after {
        RowsAfter::People(last) => {
            let found = scope.permissions().page(streams[0], site, last, most)?;
            let last = found.last().filter(|_| full(found.len())).map(|last| last.id);
            let behind = if both { RowsAfter::Groups(None) } else { RowsAfter::Links(None) };
            let next = last.map_or(behind, |last| RowsAfter::People(Some(last)));
            (rows.of_permissions(scope, found, None)?, Some(next))
        }
        RowsAfter::Groups(last) => {
            let found = scope.permissions().page(streams[1], site, last, most)?;
            let last = found.last().filter(|_| full(found.len())).map(|last| last.id);
            let next = last.map_or(RowsAfter::Links(None), |last| RowsAfter::Groups(Some(last)));
            (rows.of_permissions(scope, found, None)?, Some(next))
        }
        RowsAfter::Links(last) => {
            let found = scope.links().page(site, last, most)?;
            let last = found.last().filter(|_| full(found.len())).map(|last| last.id);
            let rows = rows.of_links(scope, found, both)?;
            (rows, last.map(|last| RowsAfter::Links(Some(last))))
        }
    };
    Ok(AccessPage { rows, next })
}

fn reviews_everything<M>(scope: &mut Scope<'_, M>, caller: &Caller) -> Result<bool, StorageError> {
    let authority = authority_of(scope, Actor::Person(caller.user))?;
    Ok(may_administer(&authority, Administration::ReviewAccess).allows())
}

/// Fails unless the caller administers, or owns the site.
pub(crate) fn require_reviewer<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    site: Option<SiteId>,
) -> Result<(), SiteError> {
    let sites = site.map(|site| vec![site]);
    crate::audit_trail::require_reader(
        scope,
        Actor::Person(caller.user),
        Some(*caller),
        now,
        sites.as_deref(),
    )
}
