//! Editor: the one road on which a person or a link's bearer changes a drive. One transaction takes the drive, opens it for the caller on
//! the stored truth, applies the changes, and records them in the audit trail.

use model::{
    Actor, AuditEvent, Caller, DriveId, Item, ItemId, ItemName, ItemPlace, ItemStamp, Timestamp, UserId,
};
use runtime::Runtime;
use storage::{Call, ChangeStamp, Commit, DriveChanges, Scope, StorageError, Unaudited, Writing};

use crate::reading::ItemAddress;
use crate::{ItemError, SeenItem, Sight};

/// A drive taken for changes by one caller.
pub struct Editor<'e, 's> {
    pub(crate) changes: &'e mut DriveChanges<'s>,
    pub(crate) sight: Sight,
    pub(crate) by: ChangeStamp,
    pub(crate) now: Timestamp,
    runtime: Runtime,
    author: Author,
    events: Vec<AuditEvent>,
}

/// Who changes a drive, for the records.
#[derive(Debug, Clone)]
pub(crate) struct Author {
    /// Who acts.
    pub(crate) actor: Actor,
    /// The person that items name; none for whoever came by a link alone.
    pub(crate) by: Option<UserId>,
    /// Whose uploads are taken.
    pub(crate) uploader: UserId,
    /// What else is recorded of them.
    pub(crate) detail: Option<(&'static str, String)>,
}

impl Author {
    fn person(caller: &Caller) -> Self {
        let (user, actor) = (caller.user, Actor::Person(caller.user));
        Self { actor, by: Some(user), uploader: user, detail: None }
    }
}

/// Who changes which drive.
#[derive(Debug, Clone)]
pub struct EditRequest {
    /// The person.
    pub caller: Caller,
    /// The drive.
    pub drive: DriveId,
    /// Time and fresh ids.
    pub runtime: Runtime,
}

/// What to do when a name is taken (graph-surface.md 3.15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictBehavior {
    /// Refuse.
    Fail,
    /// Take the place of the item that is there.
    Replace,
    /// Find a free name.
    Rename,
}

/// Takes a drive and changes it. What `work` fails with undoes everything it did.
///
/// # Errors
/// [`ItemError::NotFound`] when the drive is hidden from the caller, or what `work` fails with.
pub async fn edit<T: Send + 'static>(
    call: &Call,
    request: EditRequest,
    work: impl FnOnce(&mut Editor<'_, '_>) -> Result<T, ItemError> + Send + 'static,
) -> Result<T, ItemError> {
    call.write(move |scope| {
        let (drive, runtime) = (request.drive, request.runtime.clone());
        let done = scope.change_drive(drive, |changes| {
            let now = request.runtime.now();
            let sight = Sight::open(&mut changes.scope(), &request.caller, now, drive)?;
            edit_taken(changes, sight, Author::person(&request.caller), request.runtime, work)
        })?;
        let (value, events) = done.ok_or(ItemError::NotFound)?;
        Ok(recorded(scope, &runtime, value, &events)?)
    })
    .await
}

/// Changes a drive that was taken and opened for its author; returns what was done for the audit trail.
pub(crate) fn edit_taken<T>(
    changes: &mut DriveChanges<'_>,
    sight: Sight,
    author: Author,
    runtime: Runtime,
    work: impl FnOnce(&mut Editor<'_, '_>) -> Result<T, ItemError>,
) -> Result<(T, Vec<AuditEvent>), ItemError> {
    let now = runtime.now();
    let stamp = ItemStamp { at: now, by: author.by };
    let by = ChangeStamp { stamp, operation: None };
    let mut editor = Editor { changes, sight, by, now, runtime, author, events: Vec::new() };
    let value = work(&mut editor)?;
    Ok((value, editor.events))
}

/// Records what was done, for the commit that does it.
pub(crate) fn recorded<T>(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    value: T,
    events: &[AuditEvent],
) -> Result<Commit<T>, StorageError> {
    if events.is_empty() {
        return Ok(Commit::unaudited(value, Unaudited::NothingChanged));
    }
    let events: Vec<([u8; 16], &AuditEvent)> = events.iter().map(|event| (runtime.random(), event)).collect();
    let proof = scope.audit().record_all(events)?;
    Ok(Commit::new(value, proof))
}

impl Editor<'_, '_> {
    /// Returns the drive as the caller sees it.
    #[must_use]
    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Returns whose uploads are taken and whose operations are remembered.
    #[must_use]
    pub fn uploader(&self) -> UserId {
        self.author.uploader
    }

    /// Returns the scope, for reading within the same transaction.
    pub fn scope(&mut self) -> Scope<'_, Writing> {
        self.changes.scope()
    }

    /// Loads an item the caller may see.
    ///
    /// # Errors
    /// [`ItemError::NotFound`].
    pub fn item(&mut self, item: ItemId) -> Result<SeenItem, ItemError> {
        self.sight.item(&mut self.changes.scope(), item)
    }

    /// Finds what an address names.
    ///
    /// # Errors
    /// [`ItemError::NotFound`].
    pub fn find(&mut self, address: &ItemAddress) -> Result<SeenItem, ItemError> {
        self.sight.find(&mut self.changes.scope(), address)
    }

    /// Loads a folder in which the caller may make things.
    pub(crate) fn folder_to_write(&mut self, folder: ItemId) -> Result<SeenItem, ItemError> {
        let folder = self.item(folder)?;
        folder.require_folder()?;
        folder.require_write()?;
        Ok(folder)
    }

    /// Checks a name for a place, the length of the whole path included.
    pub(crate) fn name_for(
        &mut self,
        parent: &SeenItem,
        text: &str,
        kind: model::ItemKind,
    ) -> Result<ItemName, ItemError> {
        let root = self.sight.drive().root;
        let place = if parent.item.id == root { ItemPlace::LibraryRoot } else { ItemPlace::Folder };
        let name = ItemName::parse(text, kind, place)?;
        self.require_path(parent, text, 0)?;
        Ok(name)
    }

    /// Checks the length of the path to `name` in a folder, with `below` characters of what hangs below it. The rule
    /// counts the whole path, also the part above what the caller may see.
    pub(crate) fn require_path(
        &mut self,
        parent: &SeenItem,
        name: &str,
        below: usize,
    ) -> Result<(), ItemError> {
        let above = match self.sight.access().root_role() {
            Some(_) => std::iter::once(&parent.item).chain(&parent.above).cloned().collect(),
            None => self.changes.scope().items().list_chain(parent.item.drive, parent.item.id)?,
        };
        let folders = above.iter().filter(|folder| folder.parent.is_some());
        let length: usize = folders.map(|folder| ItemName::length_of(&folder.name) + 1).sum();
        let length = length + ItemName::length_of(name) + below;
        if length > ItemName::MAX_PATH { Err(ItemError::PathTooLong(length)) } else { Ok(()) }
    }

    /// Checks that nothing below a folder gets too long a path when the folder stands as `name` in `parent`. This is
    /// also what keeps trees from growing ever deeper by moves.
    pub(crate) fn require_paths_below(
        &mut self,
        folder: &Item,
        parent: &SeenItem,
        name: &str,
    ) -> Result<(), ItemError> {
        if folder.kind == model::ItemKind::File {
            return Ok(());
        }
        let below = self.changes.scope().items().longest_path_below(folder.drive, folder.id)?;
        self.require_path(parent, name, usize::try_from(below).unwrap_or(usize::MAX / 2))
    }

    /// Finds who has a name in a folder, other than `except`. A holder that the caller may not see refuses the name and
    /// tells nothing about itself.
    pub(crate) fn holder(
        &mut self,
        parent: &SeenItem,
        name: &ItemName,
        except: Option<ItemId>,
    ) -> Result<Option<SeenItem>, ItemError> {
        let found = self.changes.scope().items().find_child(parent.item.id, name.key())?;
        let found = found.filter(|found| Some(found.id) != except);
        match found {
            Some(found) => self.sight.below(parent, found).map(Some).ok_or(ItemError::NameTaken(None)),
            None => Ok(None),
        }
    }

    /// Returns a child of a seen folder as the caller sees it after the change.
    pub(crate) fn below(&self, parent: &SeenItem, child: Item) -> Result<SeenItem, ItemError> {
        self.sight.below(parent, child).ok_or(ItemError::NotFound)
    }

    /// Checks that a folder holds nothing with permissions of its own that keep the caller from changing it.
    pub(crate) fn require_write_below(&mut self, folder: &Item) -> Result<(), ItemError> {
        let kept: Vec<ItemId> = self.sight.access().unchangeable().into_iter().collect();
        if folder.kind == model::ItemKind::File || kept.is_empty() {
            return Ok(());
        }
        for (item, chain) in self.changes.scope().permissions().list_chains(folder.drive, &kept)? {
            let live = self.changes.scope().items().find(folder.drive, item)?.is_some();
            if live && chain.contains(&folder.id) {
                return Err(ItemError::ReadOnly);
            }
        }
        Ok(())
    }

    /// Finds a free name like `text`.
    pub(crate) fn free_name(
        &mut self,
        parent: &SeenItem,
        text: &str,
        kind: model::ItemKind,
    ) -> Result<ItemName, ItemError> {
        const TRIES: u32 = 1_000;
        for number in 1..TRIES {
            let name = self.name_for(parent, &ItemName::numbered(text, number, kind), kind)?;
            if self.changes.scope().items().find_child(parent.item.id, name.key())?.is_none() {
                return Ok(name);
            }
        }
        Err(ItemError::NameTaken(None))
    }

    /// Returns a fresh item id.
    pub(crate) fn fresh_id(&self) -> ItemId {
        ItemId::from_random(self.runtime.random())
    }

    /// Checks that bytes still fit.
    pub(crate) fn require_room(&mut self, more: u64) -> Result<(), ItemError> {
        let fits = more == 0 || self.changes.room()?.is_none_or(|room| more <= room);
        if fits { Ok(()) } else { Err(ItemError::QuotaReached) }
    }

    /// Notes what was done for the audit trail.
    pub(crate) fn note(&mut self, operation: &'static str, item: &Item) {
        let event = AuditEvent::new(self.now, self.author.actor, operation)
            .site(self.sight.access().site.id)
            .item(item.id)
            .detail("name", item.name.clone());
        self.events.push(match &self.author.detail {
            Some((name, value)) => event.detail(name, value.clone()),
            None => event,
        });
    }
}

/// Rounds a file's own time to what is stored, so that every answer tells the same.
#[must_use]
pub fn stored_time(time: Timestamp) -> Timestamp {
    // Earlier times come from broken clocks and would print with a sign that clients cannot read.
    let earliest = Timestamp::from_second(-11_644_473_600).unwrap_or(Timestamp::UNIX_EPOCH);
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(earliest).max(earliest)
}
