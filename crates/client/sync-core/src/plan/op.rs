//! Op: one operation of a plan, with the preconditions copied from the trees it was planned from.

use transfer::ContentId;

use crate::{Fingerprint, ItemId, LocalId};

/// Why something is renamed or moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MoveReason {
    /// To the place both sides shall agree on.
    Agree,
    /// Out of the way for a moment, because names change places.
    Swap,
    /// To a conflict name, because the server's version keeps the name.
    Conflict,
    /// To a conflict name, and away from its item: its bytes differ from the server's and become a new file (row 1).
    Split,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Learns the content of a file.
    Hash {
        /// The file.
        local: LocalId,
    },
    /// Binds a file or folder to an item. What was bound to the item before is set free.
    Bind {
        /// The item.
        item: ItemId,
        /// The file or folder.
        local: LocalId,
    },
    /// Notes what both sides agree on by now.
    Settle {
        /// The item.
        item: ItemId,
    },
    /// Forgets an item that is on neither side, or whose file starts anew.
    Forget {
        /// The item.
        item: ItemId,
    },
    /// Makes a folder on disk.
    MakeDirLocal {
        /// Its item.
        item: ItemId,
        /// In which folder.
        parent: LocalId,
        /// Its name.
        name: String,
    },
    /// Downloads a file to a free name.
    PlaceFile {
        /// Its item.
        item: ItemId,
        /// In which folder.
        parent: LocalId,
        /// Its name.
        name: String,
        /// Its content.
        content: ContentId,
    },
    /// Downloads a new version over a file.
    ReplaceFile {
        /// Its item.
        item: ItemId,
        /// The file.
        local: LocalId,
        /// The version it replaces.
        expected: Fingerprint,
        /// The new content.
        content: ContentId,
    },
    /// Renames or moves on disk.
    MoveLocal {
        /// What.
        local: LocalId,
        /// Its item, when bound.
        item: Option<ItemId>,
        /// Into which folder.
        parent: LocalId,
        /// Under which name.
        name: String,
        /// Why.
        reason: MoveReason,
    },
    /// Moves a file to the trash.
    TrashLocal {
        /// The file.
        local: LocalId,
        /// Its item; none for a disposable leftover.
        item: Option<ItemId>,
        /// The version meant.
        expected: Fingerprint,
    },
    /// Removes an empty folder on disk.
    RemoveDirLocal {
        /// The folder.
        local: LocalId,
        /// Its item.
        item: ItemId,
    },
    /// Makes a folder on the server.
    CreateDir {
        /// The folder on disk.
        local: LocalId,
        /// In which folder.
        parent: ItemId,
        /// Its name.
        name: String,
    },
    /// Uploads a new file.
    UploadNew {
        /// The file.
        local: LocalId,
        /// In which folder.
        parent: ItemId,
        /// Its name.
        name: String,
        /// Metadata when planned.
        fingerprint: Fingerprint,
    },
    /// Uploads a new version, unless reading shows that nothing changed.
    UploadVersion {
        /// The file.
        local: LocalId,
        /// Its item.
        item: ItemId,
        /// cTag of the version it replaces.
        if_match: String,
        /// Metadata when planned.
        fingerprint: Fingerprint,
    },
    /// Renames or moves on the server.
    MoveRemote {
        /// The item.
        item: ItemId,
        /// The file or folder on disk.
        local: LocalId,
        /// Into which folder.
        parent: ItemId,
        /// Under which name.
        name: String,
        /// eTag it was planned from.
        if_match: String,
        /// Why.
        reason: MoveReason,
    },
    /// Deletes a file or an empty folder on the server.
    DeleteRemote {
        /// The item.
        item: ItemId,
        /// eTag of the version it destroys.
        if_match: String,
    },
    /// Brings a deleted item back.
    RestoreRemote {
        /// The item.
        item: ItemId,
        /// The file or folder that needs it.
        local: LocalId,
        /// Into which folder.
        parent: ItemId,
        /// Under which name.
        name: String,
    },
}

impl Op {
    /// Returns the item it speaks of, when there is one yet.
    #[must_use]
    pub fn item(&self) -> Option<&ItemId> {
        match self {
            Self::Hash { .. } | Self::CreateDir { .. } | Self::UploadNew { .. } => None,
            Self::MoveLocal { item, .. } | Self::TrashLocal { item, .. } => item.as_ref(),
            Self::Bind { item, .. }
            | Self::Settle { item }
            | Self::Forget { item }
            | Self::MakeDirLocal { item, .. }
            | Self::PlaceFile { item, .. }
            | Self::ReplaceFile { item, .. }
            | Self::RemoveDirLocal { item, .. }
            | Self::UploadVersion { item, .. }
            | Self::MoveRemote { item, .. }
            | Self::DeleteRemote { item, .. }
            | Self::RestoreRemote { item, .. } => Some(item),
        }
    }

    /// Returns the file or folder it speaks of, when there is one yet.
    #[must_use]
    pub fn local(&self) -> Option<LocalId> {
        match self {
            Self::Settle { .. }
            | Self::Forget { .. }
            | Self::MakeDirLocal { .. }
            | Self::PlaceFile { .. }
            | Self::DeleteRemote { .. } => None,
            Self::Hash { local }
            | Self::Bind { local, .. }
            | Self::ReplaceFile { local, .. }
            | Self::MoveLocal { local, .. }
            | Self::TrashLocal { local, .. }
            | Self::RemoveDirLocal { local, .. }
            | Self::CreateDir { local, .. }
            | Self::UploadNew { local, .. }
            | Self::UploadVersion { local, .. }
            | Self::MoveRemote { local, .. }
            | Self::RestoreRemote { local, .. } => Some(*local),
        }
    }
}
