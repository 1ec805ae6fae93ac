//! Going on with the copy of a folder: one batch, and the mark of how far it came, in one commit.

use model::{Actor, CopyId, CopyState, Item, ItemCopy, ItemKind, TenantId};
use storage::{Call, ChildrenAfter, Commit, StorageError, Store, System, Unaudited};

use crate::{EditRequest, Editor, ItemError, SeenItem, Sight, edit};

/// Items copied in one commit, about.
const BATCH: i64 = 200;

/// Whether a copy needs more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advance {
    /// There is more to copy.
    More,
    /// It is completed, failed, or forgotten.
    Over,
}

/// Copies one more batch. A refusal ends the copy; what was copied stays.
///
/// # Errors
/// A failure of the server; the copy may go on later.
pub async fn advance_copy(store: &Store, tenant: TenantId, id: CopyId) -> Result<Advance, ItemError> {
    let system = System::new(store.clone(), tenant, "copy");
    let found: Result<_, StorageError> = system.read(move |scope| scope.copies().find(id)).await;
    let Some(copy) = found?.filter(|copy| copy.state == CopyState::Running) else { return Ok(Advance::Over) };
    // The person is not asked again, but what they may do is: the batch opens both libraries for them anew.
    let call = Call::new(store.clone(), tenant, Actor::Person(copy.caller.user));
    let runtime = store.runtime().clone();
    let request = EditRequest { caller: copy.caller, drive: copy.target_drive, runtime };
    let error = match edit(&call, request, move |editor| editor.copy_batch(id)).await {
        Ok(advance) => return Ok(advance),
        Err(error) => error,
    };
    let Some((_, code, _)) = error.refusal() else { return Err(error) };
    let state = CopyState::Failed { code: code.to_owned(), message: error.to_string() };
    system
        .write(move |scope| -> Result<_, StorageError> {
            let done = scope.copies().find(id)?.map_or(0, |copy| copy.done);
            scope.copies().update(id, done, &state)?;
            Ok(Commit::unaudited(Advance::Over, Unaudited::Housekeeping))
        })
        .await
        .map_err(ItemError::from)
}

impl Editor<'_, '_> {
    fn copy_batch(&mut self, id: CopyId) -> Result<Advance, ItemError> {
        // Read again with the drive taken: another worker may have been at it.
        let copy = self.scope().copies().find(id)?.filter(|copy| copy.state == CopyState::Running);
        let Some(copy) = copy else { return Ok(Advance::Over) };
        let now = self.now;
        let sight = Sight::open(&mut self.scope(), &copy.caller, now, copy.source_drive)?;
        let (mut room, mut done) = (BATCH, copy.done);
        while room > 0 {
            let Some(copied) = self.copy_children(&copy, &sight, room)? else {
                self.scope().copies().update(id, done, &CopyState::Completed)?;
                return Ok(Advance::Over);
            };
            done = done.saturating_add(copied);
            room -= copied.max(1);
        }
        self.scope().copies().update(id, done, &CopyState::Running)?;
        Ok(Advance::More)
    }

    /// Copies children of the next folder; returns how many, none when no folder is left.
    fn copy_children(&mut self, copy: &ItemCopy, sight: &Sight, most: i64) -> Result<Option<i64>, ItemError> {
        let Some(folder) = self.scope().copies().find_next_folder(copy.id)? else { return Ok(None) };
        let source = match sight.item(&mut self.scope(), folder.source) {
            Ok(source) => source,
            // It was deleted or closed meanwhile: nothing of it is there to be copied.
            Err(ItemError::NotFound) => {
                self.scope().copies().delete_folder(copy.id, folder.position)?;
                return Ok(Some(0));
            }
            Err(error) => return Err(error),
        };
        if copy.source_drive != copy.target_drive {
            source.require_download()?;
        }
        let target = self.folder_to_write(folder.target)?;
        let children =
            self.scope().items().list_children(source.item.id, ChildrenAfter::Id(folder.after), most)?;
        // What has permissions of its own may be hidden from who copies.
        for child in
            children.iter().filter(|child| sight.access().role_below(source.role, child.id).is_some())
        {
            self.copy_child(copy, &target, child)?;
        }
        let copied = i64::try_from(children.len()).unwrap_or(i64::MAX);
        match children.last().filter(|_| copied == most) {
            Some(last) => self.scope().copies().update_folder(copy.id, folder.position, last.id)?,
            None => self.scope().copies().delete_folder(copy.id, folder.position)?,
        }
        Ok(Some(copied))
    }

    fn copy_child(&mut self, copy: &ItemCopy, target: &SeenItem, child: &Item) -> Result<(), ItemError> {
        let mut name = self.name_for(target, &child.name, child.kind)?;
        // Somebody may have put something into the unfinished copy.
        if self.holder(target, &name, None)?.is_some() {
            name = self.free_name(target, &child.name, child.kind)?;
        }
        self.require_room(child.size())?;
        let made = self.make_copy(child, target, name)?;
        if child.kind == ItemKind::Folder {
            self.scope().copies().add_folder(copy.id, child.id, made.id)?;
        }
        Ok(())
    }
}
