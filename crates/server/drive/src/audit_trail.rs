//! The audit trail as people read it: administrators all of it, a site's owners what happened in their site. Records are
//! told with the names of whom and what they are about.

use std::collections::BTreeMap;

use directory::{authority_of, event, record};
use model::{
    Actor, Address, AuditRecord, Caller, Item, ItemId, RecordedActor, Role, Site, SiteId, Timestamp, User,
    UserId,
};
use policy::{Administration, Reason, may_administer};
use storage::{AuditPlace, AuditSearch, Call, Commit, Scope, StorageError, Unaudited};

use crate::access::site_access;
use crate::sites::{SiteError, WebAddress};

/// How long records may be kept, in days.
pub const RETENTION_DAYS: std::ops::RangeInclusive<i64> = 30..=3_650;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct AuditQuestion {
    /// Which records.
    pub search: AuditSearch,
    /// The address of the person they are about, in the place of their id.
    pub address: Option<Address>,
}

/// A record with the names of what it is about, as far as they are still known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditView {
    /// The record.
    pub record: AuditRecord,
    /// The person who acted.
    pub actor: Option<User>,
    /// The person it was done to.
    pub target: Option<User>,
    /// The site.
    pub site: Option<Site>,
    /// The item.
    pub item: Option<Item>,
    /// Where site or item open in the browser.
    pub address: Option<WebAddress>,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The records, newest first.
    pub records: Vec<AuditView>,
    /// Where the next page begins.
    pub next: Option<AuditPlace>,
}

/// Reads a page of the audit trail. `caller` is none for a program.
///
/// # Errors
/// [`SiteError::Refused`] to whoever neither administers nor asks about sites of their own alone, [`SiteError::NotFound`]
/// for a site that is hidden from them.
pub async fn search_audit(
    call: &Call,
    caller: Option<Caller>,
    asked: AuditQuestion,
    most: i64,
) -> Result<AuditPage, SiteError> {
    let (actor, now) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| {
        require_reader(scope, actor, caller, now, asked.search.sites.as_deref())?;
        let mut search = asked.search;
        if let Some(address) = asked.address {
            match scope.users().find_by_address(&address)? {
                Some(person) => search.person = Some(person.id),
                None => return Ok(AuditPage { records: Vec::new(), next: None }),
            }
        }
        let found = scope.audit().search(&search, most)?;
        let full = i64::try_from(found.len()).unwrap_or(i64::MAX) == most;
        let next = found.last().filter(|_| full);
        let next = next.map(|last| AuditPlace { at: last.at.as_microsecond(), id: last.id });
        Ok(AuditPage { records: Names::default().tell(scope, found)?, next })
    })
    .await
}

/// Tells for how many days records are kept. Administrators may ask.
///
/// # Errors
/// [`SiteError::Refused`].
pub async fn audit_retention(call: &Call) -> Result<i64, SiteError> {
    let actor = call.actor();
    call.read(move |scope| {
        may_administer(&authority_of(scope, actor)?, Administration::ReviewAccess).into_result()?;
        Ok(scope.audit().load_retention()?.days)
    })
    .await
}

/// Sets for how many days records are kept; what is older is forgotten by a job. Global administrators may.
///
/// # Errors
/// [`SiteError::Refused`], also for a number of days out of range.
pub async fn set_audit_retention(call: &Call, days: i64) -> Result<i64, SiteError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        may_administer(&authority_of(scope, actor)?, Administration::ManageDirectory).into_result()?;
        if !RETENTION_DAYS.contains(&days) {
            return Err(Reason::RetentionOutOfRange.into());
        }
        let before = scope.audit().load_retention()?.days;
        if before == days {
            return Ok(Commit::unaudited(days, Unaudited::NothingChanged));
        }
        scope.audit().update_retention(days)?;
        let done = event(&runtime, actor, "AuditRetentionChanged")
            .detail("Before", before.to_string())
            .detail("After", days.to_string());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(days, proof))
    })
    .await
}

/// Fails unless somebody may see the audit trail of these sites, or of everything.
///
/// # Errors
/// As [`search_audit`].
pub async fn require_audit_reader(
    call: &Call,
    caller: Option<Caller>,
    sites: Option<Vec<SiteId>>,
) -> Result<(), SiteError> {
    let (actor, now) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| require_reader(scope, actor, caller, now, sites.as_deref())).await
}

pub(crate) fn require_reader<M>(
    scope: &mut Scope<'_, M>,
    actor: Actor,
    caller: Option<Caller>,
    now: Timestamp,
    sites: Option<&[SiteId]>,
) -> Result<(), SiteError> {
    let office = may_administer(&authority_of(scope, actor)?, Administration::ReviewAccess);
    if office.allows() {
        for site in sites.unwrap_or_default() {
            scope.sites().find(*site)?.ok_or(SiteError::NotFound)?;
        }
        return Ok(());
    }
    let (Some(caller), Some(sites)) = (caller, sites) else { return Ok(office.into_result()?) };
    if sites.is_empty() {
        return Ok(office.into_result()?);
    }
    for site in sites {
        let open = site_access(scope, &caller, now, *site)?.ok_or(SiteError::NotFound)?;
        if open.role < Some(Role::Owner) {
            return Err(Reason::MayNotManageSharing.into());
        }
    }
    Ok(())
}

/// Names that were looked up before: many records are about the same.
#[derive(Default)]
struct Names {
    people: BTreeMap<UserId, Option<User>>,
    sites: BTreeMap<SiteId, Option<Site>>,
}

impl Names {
    fn tell<M>(
        mut self,
        scope: &mut Scope<'_, M>,
        records: Vec<AuditRecord>,
    ) -> Result<Vec<AuditView>, StorageError> {
        let domain = scope.tenants().load()?.initial_domain;
        let items: Vec<ItemId> = records.iter().filter_map(|record| record.item).collect();
        let items = scope.items().list_anywhere(&items)?;
        let mut views = Vec::with_capacity(records.len());
        for record in records {
            let actor = match record.actor {
                RecordedActor::Person(user) => self.person(scope, user)?,
                _ => None,
            };
            let target = record.target.map_or(Ok(None), |target| self.person(scope, target))?;
            let site = record.site.map_or(Ok(None), |site| self.site(scope, site))?;
            let item = record.item.and_then(|item| items.get(&item).cloned());
            let address = site.as_ref().map(|site| WebAddress {
                domain: domain.clone(),
                site: site.name.clone(),
                item: item.as_ref().map(|item| (item.drive, item.id)),
            });
            views.push(AuditView { record, actor, target, site, item, address });
        }
        Ok(views)
    }

    fn person<M>(&mut self, scope: &mut Scope<'_, M>, user: UserId) -> Result<Option<User>, StorageError> {
        if let Some(known) = self.people.get(&user) {
            return Ok(known.clone());
        }
        let found = scope.users().find_even_deleted(user)?;
        self.people.insert(user, found.clone());
        Ok(found)
    }

    fn site<M>(&mut self, scope: &mut Scope<'_, M>, site: SiteId) -> Result<Option<Site>, StorageError> {
        if let Some(known) = self.sites.get(&site) {
            return Ok(known.clone());
        }
        let found = scope.sites().find(site)?;
        self.sites.insert(site, found.clone());
        Ok(found)
    }
}
