//! Reading: items by id and by path, what a folder holds, and what people are told about an item beyond itself.

use std::collections::BTreeMap;

use model::{Caller, Drive, DriveId, Item, ItemId, UserId};
use runtime::Runtime;
use storage::{Call, ChildrenAfter, Scope, StorageError};

use crate::sites::WebAddress;
use crate::{ItemError, SeenItem, Sight};

/// What an address names: an item, or what a path leads to from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemAddress {
    /// Where the path starts; the drive's root when none.
    pub start: Option<ItemId>,
    /// Names to follow.
    pub path: Vec<String>,
}

/// Who reads which drive.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The person.
    pub caller: Caller,
    /// The drive.
    pub drive: DriveId,
    /// Time.
    pub runtime: Runtime,
}

/// Who did something to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doer {
    /// The person's object.
    pub id: UserId,
    /// Name shown to people.
    pub display_name: String,
}

/// An item with what is told beyond itself.
#[derive(Debug, Clone)]
pub struct ItemView {
    /// The item.
    pub seen: SeenItem,
    /// How many items a folder holds that the reader may see.
    pub child_count: i64,
    /// Who made it.
    pub created_by: Option<Doer>,
    /// Who changed it last.
    pub modified_by: Option<Doer>,
    /// SHA-256 of a file's bytes, once it was made.
    pub sha256: Option<[u8; 32]>,
    /// Where it opens in the browser.
    pub address: WebAddress,
}

/// A drive with what is told beyond itself.
#[derive(Debug, Clone)]
pub struct DriveView {
    /// The drive.
    pub drive: Drive,
    /// Where it opens in the browser.
    pub address: WebAddress,
    /// Whether the reader sees all of it; only then its size is told.
    pub whole: Whole,
    /// Whose personal drive it is; none for a site's library.
    pub personal_of: Option<UserId>,
    /// How many bytes still fit; none when there is no limit.
    pub room: Option<u64>,
}

/// How much of a drive somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// All of it.
    Yes,
    /// Parts that were shared.
    No,
}

/// A page of what a folder holds.
#[derive(Debug, Clone)]
pub struct ChildrenPage {
    /// The items, by name.
    pub items: Vec<ItemView>,
    /// After which name the next page starts.
    pub next: Option<String>,
}

impl Sight {
    /// Finds what an address names.
    ///
    /// # Errors
    /// [`ItemError::NotFound`].
    pub fn find<M>(&self, scope: &mut Scope<'_, M>, address: &ItemAddress) -> Result<SeenItem, ItemError> {
        let start = self.item(scope, address.start.unwrap_or(self.drive().root))?;
        self.descend(scope, start, &address.path)
    }
}

/// Loads a drive.
///
/// # Errors
/// [`ItemError::NotFound`] when it is hidden.
pub async fn load_drive(call: &Call, reader: Reader) -> Result<DriveView, ItemError> {
    call.read(move |scope| {
        let sight = Sight::open(scope, &reader.caller, reader.runtime.now(), reader.drive)?;
        let drive = sight.drive().clone();
        let whole = if sight.access().root_role().is_some() { Whole::Yes } else { Whole::No };
        let address = Telling::of(scope, &drive)?.address(drive.root);
        // Who sees a part of it is told the site's address: nothing above what was shared has an id for them.
        let address = if whole == Whole::Yes { address } else { WebAddress { item: None, ..address } };
        let personal_of = sight.access().site.personal_of;
        let room = scope.quotas().room(&drive)?;
        Ok(DriveView { drive, address, whole, personal_of, room })
    })
    .await
}

/// Loads what an address names.
///
/// # Errors
/// [`ItemError::NotFound`] when it does not exist or is hidden.
pub async fn load_item(call: &Call, reader: Reader, address: ItemAddress) -> Result<ItemView, ItemError> {
    call.read(move |scope| {
        let sight = Sight::open(scope, &reader.caller, reader.runtime.now(), reader.drive)?;
        let seen = sight.find(scope, &address)?;
        let mut views = describe_in(scope, &sight, vec![seen])?;
        views.pop().ok_or(ItemError::NotFound)
    })
    .await
}

/// Fewest children read at once, so that many hidden ones do not cost a query each.
const LOOKED_AT: usize = 200;

/// Lists what a folder holds, by name, after a name's key.
///
/// # Errors
/// [`ItemError::NotFound`] when it is hidden, [`ItemError::NotAFolder`] for a file.
pub async fn list_children(
    call: &Call,
    reader: Reader,
    address: ItemAddress,
    after: Option<String>,
    most: i64,
) -> Result<ChildrenPage, ItemError> {
    call.read(move |scope| {
        let sight = Sight::open(scope, &reader.caller, reader.runtime.now(), reader.drive)?;
        let folder = sight.find(scope, &address)?;
        folder.require_folder()?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let (mut seen, mut after, mut more): (Vec<SeenItem>, _, _) = (Vec::new(), after, true);
        // One more than asked tells whether there is another page. What is hidden is neither counted nor ever named, so
        // a page begins behind a child that was told.
        while more && seen.len() <= most {
            let asked = i64::try_from(most.saturating_add(1).max(LOOKED_AT)).unwrap_or(i64::MAX);
            let from = ChildrenAfter::Name(after.as_deref());
            let children = scope.items().list_children(folder.item.id, from, asked)?;
            more = i64::try_from(children.len()).unwrap_or(i64::MAX) == asked;
            after = children.last().map(|last| model::ItemName::key_of(&last.name));
            seen.extend(children.into_iter().filter_map(|child| sight.below(&folder, child)));
        }
        let another = seen.len() > most;
        seen.truncate(most);
        let next = seen.last().filter(|_| another).map(|last| model::ItemName::key_of(&last.item.name));
        Ok(ChildrenPage { items: describe_in(scope, &sight, seen)?, next })
    })
    .await
}

/// Adds to seen items what is told beyond them.
///
/// # Errors
/// [`ItemError::NotFound`] when the drive is hidden from the reader by now.
pub async fn describe(call: &Call, reader: Reader, seen: Vec<SeenItem>) -> Result<Vec<ItemView>, ItemError> {
    call.read(move |scope| {
        let sight = Sight::open(scope, &reader.caller, reader.runtime.now(), reader.drive)?;
        Ok(describe_in(scope, &sight, seen)?)
    })
    .await
}

/// What is looked up once for many items.
pub(crate) struct Telling {
    site: WebAddress,
    drive: DriveId,
    people: BTreeMap<UserId, Option<Doer>>,
}

impl Telling {
    pub(crate) fn of<M>(scope: &mut Scope<'_, M>, drive: &Drive) -> Result<Self, StorageError> {
        let domain = scope.tenants().load()?.initial_domain;
        let site = scope.sites().find(drive.site)?.map(|site| site.name).unwrap_or_default();
        let site = WebAddress { domain, site, item: None };
        Ok(Self { site, drive: drive.id, people: BTreeMap::new() })
    }

    fn address(&self, item: ItemId) -> WebAddress {
        WebAddress { item: Some((self.drive, item)), ..self.site.clone() }
    }

    pub(crate) fn doer<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        user: Option<UserId>,
    ) -> Result<Option<Doer>, StorageError> {
        let Some(user) = user else { return Ok(None) };
        if let Some(known) = self.people.get(&user) {
            return Ok(known.clone());
        }
        let found = scope.users().find_even_deleted(user)?;
        let doer = found.map(|found| Doer { id: found.id, display_name: found.display_name });
        self.people.insert(user, doer.clone());
        Ok(doer)
    }
}

/// Adds to seen items what is told beyond them, in one snapshot.
pub(crate) fn describe_in<M>(
    scope: &mut Scope<'_, M>,
    sight: &Sight,
    seen: Vec<SeenItem>,
) -> Result<Vec<ItemView>, StorageError> {
    let is_folder = |item: &Item| item.kind == model::ItemKind::Folder;
    let folders: Vec<ItemId> =
        seen.iter().map(|seen| &seen.item).filter(|item| is_folder(item)).map(|item| item.id).collect();
    let mut counts = scope.items().count_children(&folders)?;
    let hidden: Vec<ItemId> = sight.access().hidden().into_iter().collect();
    let hidden = scope.items().list_ever(sight.drive().id, &hidden)?;
    for folder in hidden.values().filter(|item| item.deleted.is_none()).filter_map(|item| item.parent) {
        counts.entry(folder).and_modify(|count| *count -= 1);
    }
    let contents: Vec<[u8; 32]> =
        seen.iter().filter_map(|seen| seen.item.content).map(|content| content.id).collect();
    let hashes = scope.content_hashes().list(&contents)?;
    let mut telling = Telling::of(scope, sight.drive())?;
    let mut views = Vec::with_capacity(seen.len());
    for seen in seen {
        views.push(ItemView {
            sha256: seen.item.content.and_then(|content| hashes.get(&content.id).copied()),
            child_count: counts.get(&seen.item.id).copied().unwrap_or(0),
            created_by: telling.doer(scope, seen.item.created.by)?,
            modified_by: telling.doer(scope, seen.item.modified.by)?,
            address: telling.address(seen.item.id),
            seen,
        });
    }
    Ok(views)
}
