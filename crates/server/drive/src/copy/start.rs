//! Beginning a copy: everything that can be refused is, before anything is made.

use std::time::Duration;

use model::{Caller, CopyId, CopyState, DriveId, Item, ItemCopy, ItemId, ItemKind, ItemName, JobId, JobKind};
use storage::{Call, NewItem};

use super::MonitorKey;
use crate::reading::ItemAddress;
use crate::{ConflictBehavior, EditRequest, Editor, ItemError, SeenItem, Sight, edit};

/// How long a monitor answers.
const MONITORED: Duration = Duration::from_secs(24 * 3_600);

/// What is to be copied where.
#[derive(Debug, Clone)]
pub struct CopyRequest {
    /// The person.
    pub caller: Caller,
    /// The library of the original.
    pub source_drive: DriveId,
    /// The original.
    pub source: ItemAddress,
    /// The library and folder of the copy; the original's own folder when not told.
    pub target: Option<(DriveId, ItemAddress)>,
    /// The copy's name; the original's when not told.
    pub name: Option<String>,
    /// What to do when the name is taken.
    pub conflict: ConflictBehavior,
}

/// A copy that began, and may be done already.
pub struct StartedCopy {
    /// What opens its monitor.
    pub monitor: MonitorKey,
    /// The copy of the item itself.
    pub target: ItemId,
}

/// Where a copy goes, once every check passed.
enum Place {
    New(ItemName),
    /// The file whose content is replaced.
    Over(Box<SeenItem>),
}

/// Begins a copy: a file is copied, of a folder the folder itself, with a job for what it holds.
///
/// # Errors
/// Refusals of right, name, conflict, room and cycle.
pub async fn start_copy(call: &Call, request: CopyRequest) -> Result<StartedCopy, ItemError> {
    let runtime = call.store().runtime().clone();
    let drive = request.target.as_ref().map_or(request.source_drive, |(drive, _)| *drive);
    let edited = EditRequest { caller: request.caller, drive, runtime: runtime.clone() };
    edit(call, edited, move |editor| {
        let now = editor.now;
        let sight = Sight::open(&mut editor.scope(), &request.caller, now, request.source_drive)?;
        let source = sight.find(&mut editor.scope(), &request.source)?;
        if source.item.parent.is_none() {
            return Err(ItemError::Root);
        }
        // A copy within the library stays behind the same gate.
        if drive != request.source_drive {
            source.require_download()?;
        }
        let parent = match &request.target {
            Some((_, folder)) => editor.find(folder)?.item.id,
            None => source.above.first().map(|parent| parent.id).ok_or(ItemError::Root)?,
        };
        let parent = editor.folder_to_write(parent)?;
        let below = editor.check_source(&source, &parent)?;
        let place = editor.place_of_copy(&source.item, &parent, &request)?;
        let target = editor.copy_item(&source.item, &parent, place)?;
        let id = CopyId::from_random(runtime.random());
        let monitor = MonitorKey::fresh(&runtime, request.caller.tenant, id);
        let running = source.item.kind == ItemKind::Folder;
        let copy = ItemCopy {
            id,
            caller: request.caller,
            source_drive: request.source_drive,
            target_drive: drive,
            target: target.id,
            total: below.saturating_add(1),
            done: 1,
            state: if running { CopyState::Running } else { CopyState::Completed },
            created: now,
            expires: now.checked_add(MONITORED).unwrap_or(now),
        };
        let mut scope = editor.scope();
        scope.copies().create(&copy, monitor.hash())?;
        if running {
            scope.copies().add_folder(id, source.item.id, target.id)?;
            let job = JobId::from_random(runtime.random());
            scope.jobs().create(job, JobKind::Copy, id.to_string(), now)?;
        }
        Ok(StartedCopy { monitor, target: target.id })
    })
    .await
}

impl Editor<'_, '_> {
    /// Checks that the copy would not hold itself and that it fits; returns how many items are below the source.
    fn check_source(&mut self, source: &SeenItem, parent: &SeenItem) -> Result<i64, ItemError> {
        let item = &source.item;
        if item.kind == ItemKind::File {
            self.require_room(item.size())?;
            return Ok(0);
        }
        let above = self.scope().items().list_chain(parent.item.drive, parent.item.id)?;
        if above.iter().any(|folder| folder.id == item.id) {
            return Err(ItemError::Cycle);
        }
        let (count, bytes) = self.scope().items().count_below(item.drive, item.id)?;
        self.require_room(bytes)?;
        Ok(count)
    }

    fn place_of_copy(
        &mut self,
        source: &Item,
        parent: &SeenItem,
        request: &CopyRequest,
    ) -> Result<Place, ItemError> {
        let text = request.name.as_deref().unwrap_or(&source.name);
        let mut name = self.name_for(parent, text, source.kind)?;
        if let Some(holder) = self.holder(parent, &name, None)? {
            let files = holder.item.kind == ItemKind::File && source.kind == ItemKind::File;
            match request.conflict {
                ConflictBehavior::Rename => name = self.free_name(parent, text, source.kind)?,
                ConflictBehavior::Replace if files && holder.item.id != source.id => {
                    holder.require_write()?;
                    return Ok(Place::Over(Box::new(holder)));
                }
                _ => return Err(ItemError::NameTaken(Some(Box::new(holder.remote())))),
            }
        }
        // What is in the folder must fit as well, also when it comes from another library.
        if source.kind == ItemKind::Folder {
            let below = self.scope().items().longest_path_below(source.drive, source.id)?;
            self.require_path(parent, name.as_str(), usize::try_from(below).unwrap_or(usize::MAX / 2))?;
        }
        Ok(Place::New(name))
    }

    fn copy_item(&mut self, source: &Item, parent: &SeenItem, place: Place) -> Result<Item, ItemError> {
        match place {
            Place::New(name) => self.make_copy(source, parent, name),
            Place::Over(holder) => {
                let content = source.content.ok_or(ItemError::NotAFile)?;
                let modified = source.file_modified;
                let item = self.changes.replace_content(holder.item, content, modified, &self.by)?;
                self.note("FileCopied", &item);
                Ok(item)
            }
        }
    }

    /// Makes an item like the source, with the same content.
    pub(super) fn make_copy(
        &mut self,
        source: &Item,
        parent: &SeenItem,
        name: ItemName,
    ) -> Result<Item, ItemError> {
        let new = NewItem {
            id: self.fresh_id(),
            parent: parent.item.id,
            name,
            kind: source.kind,
            content: source.content,
            file_created: source.file_created,
            file_modified: source.file_modified,
        };
        let item = self.changes.create_item(new, &self.by)?;
        self.note(if item.kind == ItemKind::File { "FileCopied" } else { "FolderCopied" }, &item);
        Ok(item)
    }
}
