//! Delta: what changed in a drive or a folder since a cursor, as one person may see it.

mod cursor;
mod feed;
mod history;

pub use cursor::{CursorScope, CursorSealer};
pub use feed::DeltaChange;

use feed::Feed;
use model::{Caller, DriveId, ItemId};
use runtime::Runtime;
use storage::Call;
use transfer::{DeltaEntry, DeltaPage, OperationId};

use crate::reading::Whole;
use crate::sight::remote_item;
use crate::{ItemError, SeenItem, Sight, roots};

/// Most entries of a page, about.
const LONGEST_PAGE: usize = 5_000;
/// Entries of a page, about.
pub const PAGE: usize = 2_000;

/// From where a feed is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeltaStart {
    /// From nothing: everything is listed.
    Nothing,
    /// From now: only what comes.
    Now,
    /// From a cursor.
    Cursor(String),
}

/// A request for one page.
#[derive(Debug, Clone)]
pub struct DeltaRequest {
    /// Who reads.
    pub caller: Caller,
    /// The drive.
    pub drive: DriveId,
    /// The folder to follow.
    pub item: ItemId,
    /// From where.
    pub start: DeltaStart,
    /// Entries wanted, about.
    pub limit: usize,
    /// Time and randomness.
    pub runtime: Runtime,
}

/// One page of changes.
#[derive(Debug, Clone)]
pub struct Changes {
    /// The folder that is followed.
    pub root: SeenItem,
    /// The entries, in an order that can be applied.
    pub entries: Vec<DeltaChange>,
    /// Where to go on.
    pub cursor: String,
    /// Whether more is ready now.
    pub more: bool,
    /// The drive's epoch.
    pub epoch: String,
    /// Whether the whole drive is followed and nothing of it is hidden from the reader.
    pub whole: Whole,
}

/// Reads one page. The first page of a person is recorded: they have this root now.
///
/// # Errors
/// [`ItemError::NotFound`] when the folder is hidden, [`ItemError::Resync`] when the cursor is not one of theirs
/// for this folder, [`ItemError::EpochChanged`] when the drive was restored since.
pub async fn read_delta(
    call: &Call,
    sealer: &CursorSealer,
    request: DeltaRequest,
) -> Result<Changes, ItemError> {
    let (caller, drive, item) = (request.caller, request.drive, request.item);
    let (fresh, now) = (!matches!(request.start, DeltaStart::Cursor(_)), request.runtime.now());
    let sealer = sealer.clone();
    let changes = call
        .read(move |scope| -> Result<_, ItemError> {
            let cursor_scope = CursorScope { caller, drive, item };
            let sight = Sight::open(scope, &caller, now, drive)?;
            let root = sight.item(scope, item)?;
            root.require_folder()?;
            let mut feed = Feed::new(scope, caller.user, &sight, &root, request.limit.clamp(1, LONGEST_PAGE));
            let mut cursor = match &request.start {
                DeltaStart::Nothing => feed.start(),
                DeltaStart::Now => feed.latest(),
                DeltaStart::Cursor(text) => sealer.open(&cursor_scope, text)?,
            };
            if cursor.epoch != sight.drive().epoch || cursor.sequence > sight.drive().sequence {
                return Err(ItemError::EpochChanged);
            }
            let (entries, more) = feed.fill(&mut cursor)?;
            let cursor = sealer.seal(&request.runtime, &cursor_scope, &cursor)?;
            let epoch = sight.drive().epoch.clone();
            let whole = root.item.parent.is_none() && sight.access().hidden().is_empty();
            let whole = if whole { Whole::Yes } else { Whole::No };
            Ok(Changes { root, entries, cursor, more, epoch, whole })
        })
        .await?;
    if fresh {
        roots::record_root(call, caller, drive, item, now).await?;
    }
    Ok(changes)
}

impl Changes {
    /// Returns the page as the transfer API tells it: of the scope's root no parent is told.
    #[must_use]
    pub fn into_page(self) -> DeltaPage {
        let root = self.root.item.id;
        let entry = |change: DeltaChange| match change {
            DeltaChange::Item(seen) => {
                let parent = seen.item.parent.filter(|_| seen.item.id != root);
                DeltaEntry::Item(remote_item(&seen.item, seen.role, parent))
            }
            DeltaChange::Gone(item, reason) => {
                DeltaEntry::Removed { id: item.id.to_string(), reason, op: item.operation.map(OperationId) }
            }
        };
        let entries = self.entries.into_iter().map(entry).collect();
        DeltaPage { entries, cursor: self.cursor, more: self.more, epoch: self.epoch }
    }
}
