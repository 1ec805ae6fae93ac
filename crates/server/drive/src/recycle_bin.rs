//! The recycle bin of a site, in two stages (X10, sharing-and-guests.md B-1).
//!
//! Whoever owns the library sees all of it; whoever deleted something sees it in the first stage, as long as they may
//! still write where it was. What is deleted from the first stage goes on to the second, which is the owners' alone; what
//! is deleted there, or 93 days after it was deleted first, is destroyed. To everybody else an entry does not exist.

use std::collections::BTreeMap;

use model::{
    AuditEvent, BinEntry, BinKey, BinStage, Caller, DriveId, ItemId, ItemKind, Role, SiteId, Timestamp,
};
use storage::{BinQuery, Call, Commit, Operator, Scope, StorageError, System};

use crate::access::site_access;
use crate::items::RestorePlace;
use crate::reading::{Doer, Telling};
use crate::{EditRequest, Editor, ItemError, SeenItem, Sight, edit};

/// Most entries destroyed between two looks at the list.
const PURGED_AT_ONCE: i64 = 100;

/// Which part of a bin is wanted.
#[derive(Debug, Clone)]
pub struct BinRequest {
    /// The person.
    pub caller: Caller,
    /// The site.
    pub site: SiteId,
    /// The stage.
    pub stage: BinStage,
    /// The last entry of the page before.
    pub after: Option<(Timestamp, BinKey)>,
    /// Most entries of a page.
    pub most: i64,
}

/// An entry with what is told beyond itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BinView {
    /// The entry.
    pub entry: BinEntry,
    /// What the item was called.
    pub name: String,
    /// File or folder.
    pub kind: ItemKind,
    /// Bytes of everything in it; of a version its own.
    pub size: u64,
    /// Where it was: the library's name, then the folders the reader may see.
    pub location: Vec<String>,
    /// Who deleted it.
    pub deleted_by: Option<Doer>,
}

/// A page of a bin.
#[derive(Debug, Clone)]
pub struct BinPage {
    /// The site's name in addresses.
    pub site: String,
    /// What was deleted last comes first. A page may be short and not the last one.
    pub entries: Vec<BinView>,
    /// Where the next page goes on.
    pub next: Option<(Timestamp, BinKey)>,
}

/// What is done with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinAction {
    /// It goes back to where it was ([`RestorePlace`]).
    Restore,
    /// It goes on to the second stage, or from there for good.
    Delete,
}

/// Lists what the caller may see of a site's bin.
///
/// # Errors
/// [`ItemError::NotFound`] when the site is hidden.
pub async fn list_bin(call: &Call, request: BinRequest) -> Result<BinPage, ItemError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let site = site_access(scope, &request.caller, now, request.site)?.ok_or(ItemError::NotFound)?.site;
        let sights = open_libraries(scope, &request.caller, now, site.id)?;
        let is_owned = |sight: &Sight| sight.access().root_role() == Some(Role::Owner);
        let owned = |wanted: bool| -> Vec<DriveId> {
            sights.iter().filter(|(_, sight)| is_owned(sight) == wanted).map(|(id, _)| *id).collect()
        };
        // One more than asked tells whether there is another page.
        let wanted = BinQuery {
            stage: request.stage,
            whole: owned(true),
            own: (request.caller.user, owned(false)),
            after: request.after,
            most: request.most.saturating_add(1),
        };
        let mut entries = scope.recycle_bin().list(&wanted)?;
        let more = i64::try_from(entries.len()).unwrap_or(i64::MAX) > request.most;
        if more {
            entries.pop();
        }
        let next = entries.last().filter(|_| more).map(|last| (last.deleted.at, last.key));
        let entries = describe(scope, &request.caller, &sights, entries)?;
        Ok(BinPage { site: site.name, entries, next })
    })
    .await
}

/// Does something with entries of a site's bin, each on its own and in one transaction each.
///
/// # Errors
/// A failure of the server; refusals stand in the answer, one for each key.
pub async fn change_bin(
    call: &Call,
    caller: Caller,
    site: SiteId,
    keys: Vec<BinKey>,
    action: BinAction,
) -> Result<Vec<(BinKey, Result<(), ItemError>)>, ItemError> {
    let mut outcomes = Vec::with_capacity(keys.len());
    for key in keys {
        let outcome = change_one(call, caller, site, key, action).await;
        if outcome.as_ref().is_err_and(|error| error.refusal().is_none()) {
            outcome?;
            continue;
        }
        outcomes.push((key, outcome));
    }
    Ok(outcomes)
}

async fn change_one(
    call: &Call,
    caller: Caller,
    site: SiteId,
    key: BinKey,
    action: BinAction,
) -> Result<(), ItemError> {
    let found: Result<_, StorageError> = call.read(move |scope| scope.recycle_bin().find(key)).await;
    let drive = found?.ok_or(ItemError::NotFound)?.drive;
    let request = EditRequest { caller, drive, runtime: call.store().runtime().clone() };
    edit(call, request, move |editor| {
        if editor.sight().access().site.id != site {
            return Err(ItemError::NotFound);
        }
        let entry = editor.scope().recycle_bin().find(key)?.ok_or(ItemError::NotFound)?;
        let sight = editor.sight().clone();
        let seen = sight.item_ever(&mut editor.scope(), key.item)?;
        if !may_see(&caller, &seen, &entry) {
            return Err(ItemError::NotFound);
        }
        match action {
            BinAction::Restore => editor.restore_entry(&seen, &entry),
            BinAction::Delete => editor.delete_entry(&seen, &entry),
        }
    })
    .await
}

impl Editor<'_, '_> {
    fn restore_entry(&mut self, seen: &SeenItem, entry: &BinEntry) -> Result<(), ItemError> {
        let Some(number) = entry.key.version else {
            return self.restore(entry.key.item, &RestorePlace::default()).map(|_| ());
        };
        if seen.item.deleted.is_some() {
            return Err(ItemError::FileInBin);
        }
        let found = self.scope().item_versions().find_deleted(entry.key.item, number)?;
        self.changes.restore_version(&found.ok_or(ItemError::NotFound)?)?;
        self.note("FileVersionRestored", &seen.item);
        Ok(())
    }

    fn delete_entry(&mut self, seen: &SeenItem, entry: &BinEntry) -> Result<(), ItemError> {
        let file = seen.item.kind == ItemKind::File;
        let operation = match (entry.stage(), file) {
            (BinStage::First, true) => "FileDeletedFirstStageRecycleBin",
            (BinStage::First, false) => "FolderDeletedFirstStageRecycleBin",
            (BinStage::Second, true) => "FileDeletedSecondStageRecycleBin",
            (BinStage::Second, false) => "FolderDeletedSecondStageRecycleBin",
        };
        self.note(operation, &seen.item);
        match entry.stage() {
            BinStage::First => {
                let now = self.now;
                self.scope().recycle_bin().move_to_second_stage(entry.key, now)?;
            }
            BinStage::Second => {
                self.changes.purge(entry.key)?;
            }
        }
        Ok(())
    }
}

/// Destroys what was deleted more than 93 days ago, in all organizations. Returns how many entries went.
///
/// # Errors
/// A storage error; what went before it is gone.
pub async fn purge_expired(operator: &Operator) -> Result<usize, StorageError> {
    let store = operator.store().clone();
    let (now, mut purged) = (store.runtime().now(), 0);
    let before = BinEntry::kept_since(now);
    loop {
        let list = operator.read(move |cloud| cloud.list_expired_bin_entries(before, PURGED_AT_ONCE));
        let (expired, start): (_, usize) = (list.await?, purged);
        for (tenant, entry) in expired {
            let system = System::new(store.clone(), tenant, "recycle bin");
            let (actor, id) = (system.actor(), store.runtime().random());
            let gone = system.write(move |scope| -> Result<_, StorageError> {
                let gone = scope.change_drive(entry.drive, |changes| changes.purge(entry.key))?;
                let event = AuditEvent::new(now, actor, "RecycleBinExpired").item(entry.key.item);
                Ok(Commit::new(gone == Some(true), scope.audit().record(id, &event)?))
            });
            purged += usize::from(gone.await?);
        }
        if purged == start {
            return Ok(purged);
        }
    }
}

/// Opens the libraries of a site that are not hidden from the caller.
fn open_libraries<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    site: SiteId,
) -> Result<BTreeMap<DriveId, Sight>, ItemError> {
    let mut sights = BTreeMap::new();
    for drive in scope.drives().list_of_site(site)? {
        match Sight::open(scope, caller, now, drive.id) {
            Ok(sight) => {
                sights.insert(drive.id, sight);
            }
            Err(ItemError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sights)
}

/// Returns whether an entry exists for the caller, who sees the place of its item.
fn may_see(caller: &Caller, seen: &SeenItem, entry: &BinEntry) -> bool {
    let own = entry.deleted.by == Some(caller.user) && seen.role >= Role::Write;
    seen.role >= Role::Owner || (own && entry.stage() == BinStage::First)
}

fn describe<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    sights: &BTreeMap<DriveId, Sight>,
    entries: Vec<BinEntry>,
) -> Result<Vec<BinView>, ItemError> {
    let items: Vec<ItemId> = entries.iter().map(|entry| entry.key.item).collect();
    let sizes = scope.recycle_bin().sizes(&items)?;
    let mut views = Vec::with_capacity(entries.len());
    for entry in entries {
        let Some(sight) = sights.get(&entry.drive) else { continue };
        let seen = match sight.item_ever(scope, entry.key.item) {
            Ok(seen) if may_see(caller, &seen, &entry) => seen,
            Ok(_) | Err(ItemError::NotFound) => continue,
            Err(error) => return Err(error),
        };
        let size = match entry.key.version {
            Some(number) => {
                let version = scope.item_versions().find_deleted(entry.key.item, number)?;
                version.map_or(0, |version| version.content.size)
            }
            None => sizes.get(&entry.key.item).copied().unwrap_or(0),
        };
        let mut location = vec![sight.drive().name.clone()];
        let path = seen.path();
        let folders = path.split_last().map_or(&[][..], |(_, folders)| folders);
        // A folder that was destroyed since has no name any more.
        location.extend(folders.iter().filter(|name| !name.is_empty()).map(|name| (*name).to_owned()));
        let deleted_by = Telling::of(scope, sight.drive())?.doer(scope, entry.deleted.by)?;
        let (name, kind) = (seen.item.name, seen.item.kind);
        views.push(BinView { entry, name, kind, size, location, deleted_by });
    }
    Ok(views)
}
