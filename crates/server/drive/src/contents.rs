//! Contents: the bytes of files a person may read, and bytes on their way up.

use bytes::Bytes;
use content::uploads::{self, Upload, Uploader, chunk_key};
use content::{ContentReader, ContentStore, read_whole};
use model::{Caller, DriveId, ItemId, ItemKind, Role, UploadId, UserId};
use policy::may_change_at;
use runtime::Runtime;
use storage::{Call, Commit, Scope, Unaudited};
use transfer::{ChunkKey, ContentId, ContentRequest, OperationError, UploadOffer};

use crate::reading::ItemAddress;
use crate::{ItemError, SeenItem, Sight};

/// Who reads or sends bytes of which drive.
#[derive(Debug, Clone)]
pub struct ContentCaller {
    /// The person.
    pub caller: Caller,
    /// The drive.
    pub drive: DriveId,
    /// Time and fresh ids.
    pub runtime: Runtime,
}

/// A file whose bytes may be read.
#[derive(Debug, Clone)]
pub struct OpenFile {
    /// The file.
    pub seen: SeenItem,
    /// Its bytes.
    pub reader: ContentReader,
}

/// One answer to many requests.
#[derive(Debug, Clone)]
pub enum OpenContent {
    /// All of it.
    Whole(Bytes),
    /// To be streamed.
    Stream(ContentReader),
}

/// Opens a file for reading.
///
/// # Errors
/// [`ItemError::NotFound`] when it is hidden, [`ItemError::NotAFile`] for a folder, [`ItemError::Refused`] where the site
/// hands no files out.
pub async fn open_file(call: &Call, who: &ContentCaller, item: ItemId) -> Result<OpenFile, ItemError> {
    let who = who.clone();
    call.read(move |scope| {
        let sight = Sight::open(scope, &who.caller, who.runtime.now(), who.drive)?;
        let seen = sight.item(scope, item)?;
        let content = seen.item.content.ok_or(ItemError::NotAFile)?;
        seen.require_download()?;
        let reader = ContentReader::open(scope, &content)?;
        Ok(OpenFile { seen, reader })
    })
    .await
}

/// Opens what an address names for reading.
///
/// # Errors
/// As [`open_file`].
pub async fn open_at(call: &Call, who: &ContentCaller, address: ItemAddress) -> Result<OpenFile, ItemError> {
    let who = who.clone();
    call.read(move |scope| {
        let sight = Sight::open(scope, &who.caller, who.runtime.now(), who.drive)?;
        let seen = sight.find(scope, &address)?;
        let content = seen.item.content.ok_or(ItemError::NotAFile)?;
        seen.require_download()?;
        let reader = ContentReader::open(scope, &content)?;
        Ok(OpenFile { seen, reader })
    })
    .await
}

/// Checks, before its bytes are taken, that a file could be written where an address says: the file itself, or a new
/// one in the folder above. Returns how many bytes may come; none when there is no limit.
///
/// # Errors
/// [`ItemError::NotFound`], [`ItemError::ReadOnly`], [`ItemError::NotAFile`] or [`ItemError::NotAFolder`].
pub async fn check_put(
    call: &Call,
    who: &ContentCaller,
    mut address: ItemAddress,
) -> Result<Option<u64>, ItemError> {
    let who = who.clone();
    call.read(move |scope| {
        let sight = Sight::open(scope, &who.caller, who.runtime.now(), who.drive)?;
        let room = scope.quotas().room(sight.drive())?;
        match sight.find(scope, &address) {
            Ok(seen) if seen.item.content.is_none() => Err(ItemError::NotAFile),
            Ok(seen) => {
                seen.require_write()?;
                Ok(room)
            }
            Err(ItemError::NotFound) if address.path.pop().is_some() => {
                let parent = sight.find(scope, &address)?;
                parent.require_folder()?;
                parent.require_write()?;
                Ok(room)
            }
            Err(error) => Err(error),
        }
    })
    .await
}

/// Where bytes may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Into a folder, or in place of a file's.
    pub kind: ItemKind,
    /// How many may come; none when there is no limit.
    pub most: Option<u64>,
    /// Who sends them.
    pub uploader: Uploader,
}

/// Checks, before bytes are taken, that they may be written into a folder or in place of a file's.
///
/// # Errors
/// [`ItemError::NotFound`] or [`ItemError::ReadOnly`].
pub async fn find_room(call: &Call, who: &ContentCaller, item: ItemId) -> Result<Room, ItemError> {
    let who = who.clone();
    call.read(move |scope| {
        let sight = Sight::open(scope, &who.caller, who.runtime.now(), who.drive)?;
        room_in(scope, &sight, item, who.caller.user)
    })
    .await
}

/// Finds the room at an item of a drive that was opened.
pub(crate) fn room_in<M>(
    scope: &mut Scope<'_, M>,
    sight: &Sight,
    item: ItemId,
    user: UserId,
) -> Result<Room, ItemError> {
    let seen = sight.item(scope, item)?;
    seen.require_write()?;
    let uploader = Uploader { drive: sight.drive().id, user };
    Ok(Room { kind: seen.item.kind, most: scope.quotas().room(sight.drive())?, uploader })
}

/// Opens a file that must still have a given content.
///
/// # Errors
/// As [`open_file`]; [`ItemError::Changed`] when it has another content now.
pub async fn open_content(
    call: &Call,
    who: &ContentCaller,
    item: ItemId,
    content: ContentId,
) -> Result<OpenFile, ItemError> {
    let file = open_file(call, who, item).await?;
    let same = file.seen.item.content.is_some_and(|present| present.id == *content.as_bytes());
    if same { Ok(file) } else { Err(ItemError::Changed(Box::new(file.seen.remote()))) }
}

/// Opens many files in one snapshot; each is judged on its own.
///
/// # Errors
/// [`ItemError::NotFound`] when the drive is hidden, or a failure of the server.
pub async fn open_many(
    call: &Call,
    who: &ContentCaller,
    requests: Vec<ContentRequest>,
) -> Result<Vec<Result<OpenContent, OperationError>>, ItemError> {
    let who = who.clone();
    call.read(move |scope| {
        let sight = Sight::open(scope, &who.caller, who.runtime.now(), who.drive)?;
        let key = chunk_key(scope)?;
        let open = |request: &ContentRequest| match open_one(scope, &sight, &key, request) {
            Ok(open) => Ok(Ok(open)),
            Err(error) => error.into_operation_error().map(Err),
        };
        requests.iter().map(open).collect()
    })
    .await
}

fn open_one<M>(
    scope: &mut Scope<'_, M>,
    sight: &Sight,
    key: &ChunkKey,
    request: &ContentRequest,
) -> Result<OpenContent, ItemError> {
    let item = request.item.parse().map_err(|_| ItemError::NotFound)?;
    let seen = sight.item(scope, item)?;
    let content = seen.item.content.ok_or(ItemError::NotAFile)?;
    seen.require_download()?;
    if content.id != *request.content.as_bytes() {
        return Err(ItemError::Changed(Box::new(seen.remote())));
    }
    match read_whole(scope, key, &content)? {
        Some(bytes) => Ok(OpenContent::Whole(bytes)),
        None => Ok(OpenContent::Stream(ContentReader::open(scope, &content)?)),
    }
}

/// Makes an upload. Chunks of base items the caller may read need not be sent; others are asked for.
///
/// # Errors
/// [`ItemError::NotFound`] when the drive is hidden, [`ItemError::ReadOnly`] when the caller may change nothing in it,
/// [`ItemError::QuotaReached`].
pub async fn offer_upload(call: &Call, who: &ContentCaller, offer: UploadOffer) -> Result<Upload, ItemError> {
    let who = who.clone();
    call.write(move |scope| {
        let now = who.runtime.now();
        let sight = Sight::open(scope, &who.caller, now, who.drive)?;
        require_write_somewhere(&sight)?;
        let room = scope.quotas().room(sight.drive())?;
        if room.is_some_and(|room| offer.manifest.size() > room) {
            return Err(ItemError::QuotaReached);
        }
        let mut readable = Vec::new();
        for item in &offer.base_items {
            // A base item that is hidden, gone or a folder offers nothing, and nothing is told about it.
            let Ok(item) = item.parse() else { continue };
            match sight.item(scope, item) {
                Ok(seen) => {
                    let content = seen.item.content.map(|content| ContentId::from_bytes(content.id));
                    readable.extend(content.map(|content| (seen.item.id, content)));
                }
                Err(ItemError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        let id = UploadId::from_random(who.runtime.random());
        let uploader = Uploader { drive: who.drive, user: who.caller.user };
        let upload = uploads::offer(scope, id, uploader, offer.manifest, &readable, now)?;
        Ok(Commit::unaudited(upload, Unaudited::TransferPlumbing))
    })
    .await
}

/// Checks that the caller may change something in the drive, and returns the tenant's key of chunk names.
///
/// # Errors
/// [`ItemError::NotFound`] when the drive is hidden, [`ItemError::ReadOnly`] when they may change nothing in it.
pub async fn open_for_writing(call: &Call, who: &ContentCaller) -> Result<ChunkKey, ItemError> {
    let who = who.clone();
    call.read(move |scope| {
        let sight = Sight::open(scope, &who.caller, who.runtime.now(), who.drive)?;
        require_write_somewhere(&sight)?;
        Ok(chunk_key(scope)?)
    })
    .await
}

/// Finds an upload of the caller whose drive is still open to them.
///
/// # Errors
/// [`ItemError::UploadNotFound`] or [`ItemError::NotFound`].
pub async fn find_upload(
    call: &Call,
    caller: Caller,
    runtime: Runtime,
    upload: UploadId,
) -> Result<Upload, ItemError> {
    call.read(move |scope| {
        let now = runtime.now();
        let mut found = uploads::find(scope, upload, caller.user, now)?;
        let sight = Sight::open(scope, &caller, now, found.drive)?;
        withdraw_lost(scope, &sight, &mut found)?;
        require_write_somewhere(&sight)?;
        Ok(found)
    })
    .await
}

/// Withdraws from an upload what was promised from items that are not open to the caller any more. An item that was
/// deleted since the offer still counts, as long as its place is open to them.
pub(crate) fn withdraw_lost<M>(
    scope: &mut Scope<'_, M>,
    sight: &Sight,
    upload: &mut Upload,
) -> Result<(), ItemError> {
    for base in upload.bases() {
        match sight.item_ever(scope, base) {
            Ok(_) => {}
            Err(ItemError::NotFound) => upload.withdraw(base),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Takes one chunk of an upload.
///
/// # Errors
/// [`ItemError::ContentMismatch`] when the bytes are not what was offered.
pub async fn receive_chunk(
    store: &ContentStore,
    call: &Call,
    runtime: &Runtime,
    upload: &mut Upload,
    announced: transfer::ChunkHash,
    bytes: Bytes,
) -> Result<(), ItemError> {
    Ok(uploads::receive(store, call, upload, announced, bytes, runtime.now()).await?)
}

/// Checks that the caller may change anything at all in the drive.
fn require_write_somewhere(sight: &Sight) -> Result<(), ItemError> {
    may_change_at(sight.access().gate.lock).into_result().map_err(ItemError::Refused)?;
    if sight.access().best_role() >= Some(Role::Write) { Ok(()) } else { Err(ItemError::ReadOnly) }
}
