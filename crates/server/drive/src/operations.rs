//! Operations: a batch of conditional changes in one transaction, each with its own answer, each idempotent by its id.
//!
//! An operation checks everything before it writes anything, so one that is refused has no trace and harms no other.
//! A failure of the server undoes the whole batch. Only applied operations are remembered: a refused one may be asked
//! again and is judged anew.

use content::{ContentStore, PreparedContent};
use model::{Caller, DriveId, ItemId};
use runtime::Runtime;
use serde::{Deserialize, Serialize};
use storage::{Call, StorageError, StoredOperation};
use transfer::{
    ChunkKey, ConflictOrigin, ContentId, ContentSource, Operation, OperationChange, OperationId, Outcome,
    OutcomeBatch, PutTarget,
};

use crate::editor::{ConflictBehavior, EditRequest, Editor, edit};
use crate::items::{Condition, DeletionReach, FileBytes, FileTarget, NewPlace, Put, RestorePlace};
use crate::{ItemError, SeenItem, Sight};

/// One operation with its inline bytes, hashed and durable.
#[derive(Debug, Clone)]
pub struct ReadyOperation {
    /// The operation.
    pub operation: Operation,
    /// The bytes that came with it.
    pub inline: Option<PreparedContent>,
}

/// What is remembered of an applied operation.
#[derive(Serialize, Deserialize)]
struct Remembered {
    drive: String,
    item: String,
    outcome: Outcome,
}

/// Hashes the inline bytes of an operation and makes them durable, or ready to be with its transaction.
///
/// # Errors
/// A failure of storage.
pub async fn prepare_inline(
    store: &ContentStore,
    call: &Call,
    key: &ChunkKey,
    bytes: bytes::Bytes,
) -> Result<PreparedContent, ItemError> {
    if bytes.is_empty() {
        return Ok(PreparedContent::of_chunk(None));
    }
    let chunk = store.prepare_chunk(call, key, bytes).await?;
    Ok(PreparedContent::of_chunk(Some(chunk)))
}

/// Applies a batch.
///
/// # Errors
/// [`ItemError::NotFound`] when the drive is hidden from the caller, or a failure of the server; nothing is changed then.
pub async fn apply(
    call: &Call,
    request: EditRequest,
    operations: Vec<ReadyOperation>,
) -> Result<OutcomeBatch, ItemError> {
    edit(call, request, move |editor| {
        let outcomes: Result<Vec<Outcome>, ItemError> =
            operations.into_iter().map(|ready| editor.answer(ready)).collect();
        Ok(OutcomeBatch { outcomes: outcomes? })
    })
    .await
}

/// Finds the answer an applied operation of the caller got in a drive, if its item is still open to them.
///
/// # Errors
/// [`ItemError::NotFound`].
pub async fn find_outcome(
    call: &Call,
    caller: Caller,
    runtime: Runtime,
    drive: DriveId,
    operation: OperationId,
) -> Result<Outcome, ItemError> {
    call.read(move |scope| {
        let sight = Sight::open(scope, &caller, runtime.now(), drive)?;
        let stored = scope.drive_operations().find(caller.user, &operation.0)?.ok_or(ItemError::NotFound)?;
        let remembered = Remembered::read(&stored)?;
        let item: ItemId = remembered.item.parse().map_err(|_| ItemError::NotFound)?;
        if remembered.drive != drive.to_string() {
            return Err(ItemError::NotFound);
        }
        sight.item_ever(scope, item)?;
        Ok(remembered.outcome)
    })
    .await
}

impl Remembered {
    fn read(stored: &StoredOperation) -> Result<Self, ItemError> {
        let corrupt = StorageError::Corrupt { table: "drive_operations", column: "outcome" };
        serde_json::from_str(&stored.outcome).map_err(|_| ItemError::Storage(corrupt))
    }
}

impl Editor<'_, '_> {
    fn answer(&mut self, ready: ReadyOperation) -> Result<Outcome, ItemError> {
        match self.apply_once(ready) {
            Ok(outcome) => Ok(outcome),
            Err(error) => error.into_operation_error().map(|error| Outcome::Refused { error }),
        }
    }

    fn apply_once(&mut self, ready: ReadyOperation) -> Result<Outcome, ItemError> {
        let id = ready.operation.op.0.clone();
        if id.is_empty() || id.len() > OperationId::MAX_LENGTH || id.chars().any(char::is_control) {
            return Err(ItemError::OperationId);
        }
        let json = serde_json::to_vec(&ready.operation).map_err(|_| ItemError::OperationId)?;
        let digest = *blake3::hash(&json).as_bytes();
        let (user, drive, now) = (self.uploader(), self.sight.drive().id, self.now);
        if let Some(stored) = self.scope().drive_operations().find(user, &id)? {
            let remembered = Remembered::read(&stored)?;
            if stored.digest != digest || remembered.drive != drive.to_string() {
                return Err(ItemError::OperationReused);
            }
            return Ok(remembered.outcome);
        }
        self.by.operation = Some(id.clone());
        let done = self.apply_change(ready);
        self.by.operation = None;
        let seen = done?;
        let outcome = Outcome::Done { item: seen.remote() };
        let remembered =
            Remembered { drive: drive.to_string(), item: seen.item.id.to_string(), outcome: outcome.clone() };
        let text = serde_json::to_string(&remembered).map_err(|_| ItemError::OperationId)?;
        self.scope().drive_operations().create(user, &id, &StoredOperation { digest, outcome: text }, now)?;
        Ok(outcome)
    }

    fn apply_change(&mut self, ready: ReadyOperation) -> Result<SeenItem, ItemError> {
        match ready.operation.change {
            OperationChange::CreateFolder { parent, name } => {
                self.create_folder(parse(&parent)?, &name, ConflictBehavior::Fail, None)
            }
            OperationChange::PutFile { target, source, content, size, modified, conflict_of } => {
                let bytes = file_bytes(&source, ready.inline, content, size)?;
                let (target, condition) = put_target(target)?;
                let put = Put { target, bytes, condition, modified: Some(modified), created: None };
                let (seen, _) = self.put_file(put)?;
                self.note_conflict(&seen, conflict_of.as_ref());
                Ok(seen)
            }
            OperationChange::Move { item, parent, name, if_match } => {
                let parent = Some(parse(&parent)?);
                let place = NewPlace { parent, name: Some(name), conflict: ConflictBehavior::Fail };
                self.move_item(parse(&item)?, &place, &Condition::ETag(if_match))
            }
            OperationChange::Delete { item, if_match } => {
                self.delete(parse(&item)?, DeletionReach::Empty, &Condition::ETag(if_match))
            }
            OperationChange::Restore { item, parent, name } => {
                let (parent, name) = (Some(parse(&parent)?), Some(name));
                self.restore(parse(&item)?, &RestorePlace { parent, name, conflict: None })
            }
        }
    }

    fn note_conflict(&mut self, seen: &SeenItem, origin: Option<&ConflictOrigin>) {
        if origin.is_some() {
            self.note("FileSyncConflictCopied", &seen.item);
        }
    }
}

fn parse(item: &str) -> Result<ItemId, ItemError> {
    item.parse().map_err(|_| ItemError::NotFound)
}

fn put_target(target: PutTarget) -> Result<(FileTarget, Condition), ItemError> {
    Ok(match target {
        PutTarget::New { parent, name } => {
            let (parent, conflict) = (parse(&parent)?, ConflictBehavior::Fail);
            (FileTarget::Named { parent, name, conflict }, Condition::None)
        }
        PutTarget::Existing { item, if_match } => {
            (FileTarget::Existing(parse(&item)?), Condition::CTag(if_match))
        }
    })
}

fn file_bytes(
    source: &ContentSource,
    inline: Option<PreparedContent>,
    content: ContentId,
    size: u64,
) -> Result<FileBytes, ItemError> {
    match source {
        ContentSource::Inline => {
            let inline = inline.unwrap_or_else(|| PreparedContent::of_chunk(None));
            if inline.named.id != content || inline.named.size != size {
                return Err(ItemError::ContentMismatch);
            }
            Ok(FileBytes::Prepared(Box::new(inline), None))
        }
        ContentSource::Upload { upload } => {
            let upload = upload.parse().map_err(|_| ItemError::UploadNotFound)?;
            Ok(FileBytes::Upload(upload, content))
        }
    }
}
