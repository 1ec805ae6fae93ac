//! Upload sessions: a file that arrives in fragments (graph-surface.md 3.8).
//!
//! Rights, name, conflict, condition and room are checked when a session is made, so that nobody sends what cannot be
//! kept; the right again at every fragment; all of it again when the file is written. A session that could not be
//! written is kept: what is in the way may go.

use content::ContentStore;
use content::upload_sessions::{SessionWriter, UploadSession, begin, cancel, find, note_total};
use content::uploads::Uploader;
use model::{Caller, ItemId, ItemKind, Timestamp, UploadId};
use runtime::Runtime;
use serde::{Deserialize, Serialize};
use storage::{Call, Commit, Scope, Unaudited};

use crate::items::{Condition, FileBytes, FileTarget, Put, Written};
use crate::reading::ItemAddress;
use crate::{ConflictBehavior, EditRequest, Editor, ItemError, SeenItem, Sight, edit};

/// What a session shall write.
#[derive(Debug, Clone)]
pub struct NewUploadSession {
    /// The file, or a new one in the folder above it.
    pub address: ItemAddress,
    /// The name of a file in the folder that the address names.
    pub name: Option<String>,
    /// What to do when the name is taken.
    pub conflict: ConflictBehavior,
    /// What must still hold of a file that exists.
    pub condition: Condition,
    /// How long the file will be, if its sender knows.
    pub length: Option<u64>,
    /// The file's own time of creation.
    pub created: Option<Timestamp>,
    /// The file's own time of modification.
    pub modified: Option<Timestamp>,
    /// When the file is written.
    pub ending: Ending,
}

/// When the file of a session is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// With its last fragment.
    LastFragment,
    /// When its sender says so.
    WhenTold,
}

/// A session that its person may go on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// The session.
    pub session: UploadSession,
    /// When its file is written.
    pub ending: Ending,
}

/// Who goes on with which session.
#[derive(Debug, Clone)]
pub struct SessionCaller {
    /// The person.
    pub caller: Caller,
    /// The session.
    pub id: UploadId,
    /// Time and randomness.
    pub runtime: Runtime,
}

/// A target as it is stored with its session.
#[derive(Debug, Serialize, Deserialize)]
struct StoredTarget {
    /// The folder of a named file, else the file.
    at: String,
    name: Option<String>,
    conflict: StoredConflict,
    tag: Option<String>,
    created: Option<Timestamp>,
    modified: Option<Timestamp>,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum StoredConflict {
    Fail,
    Replace,
    Rename,
}

/// Makes a session.
///
/// # Errors
/// Refusals of right, name, condition, conflict and room, as for writing the file.
pub async fn create_session(
    call: &Call,
    request: EditRequest,
    new: NewUploadSession,
) -> Result<UploadSession, ItemError> {
    let runtime = request.runtime.clone();
    edit(call, request, move |editor| {
        let target = target_of(editor, &new)?;
        editor.check_file(&target, &new.condition, new.length.unwrap_or(0))?;
        let stored = serde_json::to_string(&stored(&target, &new)).map_err(|_| ItemError::UploadNotFound)?;
        let uploader = Uploader { drive: editor.sight().drive().id, user: editor.uploader() };
        let id = UploadId::from_random(runtime.random());
        Ok(begin(&mut editor.scope(), id, uploader, stored, runtime.now())?)
    })
    .await
}

fn target_of(editor: &mut Editor<'_, '_>, new: &NewUploadSession) -> Result<FileTarget, ItemError> {
    let mut folder = new.address.clone();
    let name = new.name.clone().or_else(|| folder.path.pop());
    let found = editor.find(&folder)?;
    let (at, conflict) = (found.item.id, new.conflict);
    Ok(match name {
        // Clients repeat the name of the file they address by its id.
        Some(name) if found.item.kind == ItemKind::File && name == found.item.name => {
            FileTarget::Existing(at)
        }
        Some(name) => FileTarget::Named { parent: at, name, conflict },
        None => FileTarget::Existing(at),
    })
}

/// Finds a session whose target is still open to its person.
///
/// # Errors
/// [`ItemError::UploadNotFound`] when it ended or is somebody else's, [`ItemError::NotFound`] or
/// [`ItemError::ReadOnly`] when its place is closed to them.
pub async fn find_session(call: &Call, who: SessionCaller) -> Result<OpenSession, ItemError> {
    call.read(move |scope| open(scope, &who)).await
}

/// Finds a session for a fragment that tells the whole's length.
///
/// # Errors
/// As [`find_session`]; [`ItemError::OtherLength`], [`ItemError::QuotaReached`].
pub async fn open_fragment(call: &Call, who: SessionCaller, total: u64) -> Result<OpenSession, ItemError> {
    call.write(move |scope| {
        let mut open = open(scope, &who)?;
        if open.session.finished.is_none() && open.session.total != Some(total) {
            require_room(scope, &who, &open.session, total)?;
            note_total(scope, &mut open.session, total)?;
        }
        Ok(Commit::unaudited(open, Unaudited::TransferPlumbing))
    })
    .await
}

/// Checks that a file of this length fits.
fn require_room<M>(
    scope: &mut Scope<'_, M>,
    who: &SessionCaller,
    session: &UploadSession,
    total: u64,
) -> Result<(), ItemError> {
    let sight = Sight::open(scope, &who.caller, who.runtime.now(), session.drive)?;
    let Some(room) = scope.quotas().room(sight.drive())? else { return Ok(()) };
    // What is replaced stays as a version, so it makes no room.
    if total <= room { Ok(()) } else { Err(ItemError::QuotaReached) }
}

fn open<M>(scope: &mut Scope<'_, M>, who: &SessionCaller) -> Result<OpenSession, ItemError> {
    let now = who.runtime.now();
    let session = find(scope, who.id, who.caller.user, now)?;
    let target = read_target(&session)?;
    let sight = Sight::open(scope, &who.caller, now, session.drive)?;
    let at = match session.finished {
        Some((item, _)) => item,
        None => target.at()?,
    };
    sight.item(scope, at)?.require_write()?;
    Ok(OpenSession { session, ending: target.ending })
}

/// Takes a session up for more bytes.
///
/// # Errors
/// A failure of storage.
pub async fn resume(
    store: &ContentStore,
    call: &Call,
    session: UploadSession,
) -> Result<SessionWriter, ItemError> {
    Ok(SessionWriter::resume(store.clone(), call.clone(), session).await?)
}

/// Writes the file of a complete session. Once it is written, the answer is the same at every repeat.
///
/// # Errors
/// Refusals of right, name, condition, conflict and room; the session is kept then.
pub async fn commit_session(
    call: &Call,
    request: EditRequest,
    id: UploadId,
    instead: Option<NewPlaceOfFile>,
) -> Result<(SeenItem, Written), ItemError> {
    let now = request.runtime.now();
    edit(call, request, move |editor| {
        let user = editor.uploader();
        let session = find(&mut editor.scope(), id, user, now)?;
        if let Some((item, new)) = session.finished {
            let written = if new { Written::New } else { Written::Replaced };
            return Ok((editor.item(item)?, written));
        }
        let stored = read_target(&session)?;
        let target = match instead {
            Some(place) => FileTarget::Named {
                parent: editor.find(&place.folder)?.item.id,
                name: place.name,
                conflict: place.conflict,
            },
            None => stored.target()?,
        };
        let condition = stored.tag.clone().map_or(Condition::None, Condition::AnyTag);
        let (modified, created) = (stored.modified, stored.created);
        let bytes = FileBytes::Session(id);
        let (seen, written) = editor.put_file(Put { target, bytes, condition, modified, created })?;
        editor.scope().upload_sessions().finish(id, seen.item.id, written == Written::New)?;
        Ok((seen, written))
    })
    .await
}

/// Where a session's file goes after all, when its first place was taken.
#[derive(Debug, Clone)]
pub struct NewPlaceOfFile {
    /// The folder.
    pub folder: ItemAddress,
    /// The name.
    pub name: String,
    /// What to do when that is taken too.
    pub conflict: ConflictBehavior,
}

/// Ends a session without a file.
///
/// # Errors
/// As [`find_session`].
pub async fn cancel_session(call: &Call, who: SessionCaller) -> Result<(), ItemError> {
    call.write(move |scope| {
        let open = open(scope, &who)?;
        cancel(scope, open.session.id)?;
        Ok(Commit::unaudited((), Unaudited::TransferPlumbing))
    })
    .await
}

fn read_target(session: &UploadSession) -> Result<StoredTarget, ItemError> {
    // Nothing but this file writes targets; one of a later version is a session that cannot be gone on with.
    serde_json::from_str(&session.target).map_err(|_| ItemError::UploadNotFound)
}

fn stored(target: &FileTarget, new: &NewUploadSession) -> StoredTarget {
    let (at, name) = match target {
        FileTarget::Named { parent, name, .. } => (parent, Some(name.clone())),
        FileTarget::Existing(item) => (item, None),
    };
    StoredTarget {
        at: at.to_string(),
        name,
        conflict: match new.conflict {
            ConflictBehavior::Fail => StoredConflict::Fail,
            ConflictBehavior::Replace => StoredConflict::Replace,
            ConflictBehavior::Rename => StoredConflict::Rename,
        },
        tag: match &new.condition {
            Condition::None => None,
            Condition::ETag(tag) | Condition::CTag(tag) | Condition::AnyTag(tag) => Some(tag.clone()),
        },
        created: new.created,
        modified: new.modified,
        ending: new.ending,
    }
}

impl StoredTarget {
    fn at(&self) -> Result<ItemId, ItemError> {
        self.at.parse().map_err(|_| ItemError::UploadNotFound)
    }

    fn target(&self) -> Result<FileTarget, ItemError> {
        let at = self.at()?;
        let conflict = match self.conflict {
            StoredConflict::Fail => ConflictBehavior::Fail,
            StoredConflict::Replace => ConflictBehavior::Replace,
            StoredConflict::Rename => ConflictBehavior::Rename,
        };
        Ok(match self.name.clone() {
            Some(name) => FileTarget::Named { parent: at, name, conflict },
            None => FileTarget::Existing(at),
        })
    }
}
