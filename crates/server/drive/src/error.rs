//! What an item operation can be refused with. One refusal, one variant, so that every edge tells it alike.

use content::ContentError;
use model::InvalidName;
use storage::StorageError;
use transfer::{OperationError, RemoteItem};

/// A refused or failed change or read of items.
#[derive(Debug, thiserror::Error)]
pub enum ItemError {
    /// It does not exist, or the caller may not know of it.
    #[error("the item was not found")]
    NotFound,
    /// The caller may see it but not change it.
    #[error("you may view this but not change it; ask the owner for a role that edits")]
    ReadOnly,
    /// The root of a library, or of what was shared, stays where it is.
    #[error(
        "this folder is the root of what was shared with you and cannot be renamed, moved or deleted here"
    )]
    Root,
    /// The name breaks a rule.
    #[error("{0}")]
    Name(#[from] InvalidName),
    /// The path within the library would be too long.
    #[error("the path would have {0} characters; 400 are allowed; use shorter names or fewer folders")]
    PathTooLong(usize),
    /// The name is taken.
    #[error("an item of this name is already there; choose another name")]
    NameTaken(Option<Box<RemoteItem>>),
    /// The condition does not hold any more.
    #[error("the item has changed since it was read; read it again and repeat the change")]
    Changed(Box<RemoteItem>),
    /// It opens in the browser and cannot be synced (B04, A12).
    #[error("{} {}", .0.message(), .0.remedy())]
    NoSync(policy::Reason),
    /// What the site as a whole lets happen is in the way (2.11).
    #[error("{} {}", .0.message(), .0.remedy())]
    Refused(policy::Reason),
    /// A folder was needed.
    #[error("this is a file, not a folder")]
    NotAFolder,
    /// A file was needed.
    #[error("this is a folder, not a file")]
    NotAFile,
    /// The folder would be moved into itself.
    #[error("a folder cannot be moved into itself or into a folder within it")]
    Cycle,
    /// The folder still holds items.
    #[error("the folder is not empty")]
    NotEmpty,
    /// The version is the file's present content.
    #[error(
        "this version is what the file holds now; delete the file itself, or restore another version first"
    )]
    PresentVersion,
    /// The text to look for is too long, or no text.
    #[error("a search has at most 6 words and 255 characters, none of them invisible; shorten it")]
    SearchText,
    /// The file whose version it is lies in the recycle bin itself.
    #[error("the file itself is in the recycle bin; restore it first")]
    FileInBin,
    /// Only owners may destroy.
    #[error("only owners of the site may delete for good; delete it, and it goes to the recycle bin")]
    OwnersOnly,
    /// The drive, or all its organization may keep, is full.
    #[error(
        "there is no space left in the library or its organization; empty the recycle bin or ask an administrator for more"
    )]
    QuotaReached,
    /// The bytes are not what they were announced as.
    #[error("the bytes received are not the content they were announced as")]
    ContentMismatch,
    /// The upload does not exist, has expired, or is not the caller's.
    #[error("the upload does not exist or has expired; offer it again")]
    UploadNotFound,
    /// The upload is not complete.
    #[error("the upload is not complete; {0} of its chunks are missing")]
    UploadIncomplete(usize),
    /// A fragment tells another length of the whole than one before it.
    #[error("this fragment tells another length of the file than the ones before it; start a new session")]
    OtherLength,
    /// Another request added to the upload session at the same time.
    #[error("another request added to this upload at the same time; ask how far it is and go on from there")]
    UploadSuperseded,
    /// The operation id was used for something else.
    #[error("this operation id was already used for another change")]
    OperationReused,
    /// The operation id is empty or too long.
    #[error("an operation id has 1 to 100 printable characters")]
    OperationId,
    /// The cursor is damaged, of another place or person, or of an earlier epoch.
    #[error("the cursor can no longer be used; list everything again")]
    Resync,
    /// The drive was restored or rolled back since the cursor was made.
    #[error("the library was restored since; list everything again and compare")]
    EpochChanged,
    /// Bytes could not be stored or read.
    #[error(transparent)]
    Content(ContentError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<ContentError> for ItemError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Storage(error) => Self::Storage(error),
            ContentError::Mismatch | ContentError::NotOffered => Self::ContentMismatch,
            ContentError::UploadNotFound | ContentError::Expired => Self::UploadNotFound,
            ContentError::Incomplete(missing) => Self::UploadIncomplete(missing),
            ContentError::OtherLength => Self::OtherLength,
            ContentError::Superseded => Self::UploadSuperseded,
            other => Self::Content(other),
        }
    }
}

impl ItemError {
    /// Returns the status and Graph's code and inner code of a refusal; none for a failure of the server.
    #[must_use]
    pub fn refusal(&self) -> Option<(u16, &'static str, Option<&'static str>)> {
        Some(match self {
            Self::NotFound => (404, "itemNotFound", None),
            Self::ReadOnly | Self::Root | Self::OwnersOnly => (403, "accessDenied", None),
            Self::NoSync(reason) | Self::Refused(reason) => (403, "accessDenied", Some(reason.code())),
            Self::Name(_) => (400, "invalidRequest", Some("invalidPath")),
            Self::PathTooLong(_) => (400, "invalidRequest", Some("pathIsTooLong")),
            Self::NameTaken(_) => (409, "nameAlreadyExists", None),
            Self::Changed(_) => (412, "resourceModified", Some("entityTagDoesNotMatch")),
            Self::NotAFolder | Self::NotAFile | Self::OperationId => (400, "invalidRequest", None),
            Self::Cycle => (409, "invalidRequest", Some("moveIntoItself")),
            Self::SearchText => (400, "invalidRequest", Some("invalidSearch")),
            Self::PresentVersion => (400, "invalidRequest", Some("presentVersion")),
            Self::FileInBin => (409, "invalidRequest", Some("fileInRecycleBin")),
            Self::NotEmpty => (409, "invalidRequest", Some("folderNotEmpty")),
            Self::QuotaReached => (507, "quotaLimitReached", None),
            Self::ContentMismatch => (400, "invalidRequest", Some("contentMismatch")),
            Self::UploadNotFound => (404, "itemNotFound", Some("uploadSessionNotFound")),
            Self::UploadIncomplete(_) => (409, "invalidRequest", Some("uploadSessionIncomplete")),
            Self::OtherLength => (400, "invalidRequest", Some("fragmentLengthMismatch")),
            Self::UploadSuperseded => (416, "invalidRange", Some("fragmentOverlap")),
            Self::OperationReused => (422, "invalidRequest", Some("operationReused")),
            Self::Resync => (410, "resyncRequired", Some("resyncApplyDifferences")),
            Self::EpochChanged => (410, "resyncRequired", Some("epochChanged")),
            Self::Content(_) | Self::Storage(_) => return None,
        })
    }

    /// Returns the refusal as the transfer API tells it.
    ///
    /// # Errors
    /// The error itself, when it is a failure of the server.
    pub fn into_operation_error(self) -> Result<OperationError, Self> {
        let Some((status, code, inner)) = self.refusal() else { return Err(self) };
        let message = self.to_string();
        // A name within Graph's vocabulary does not tell two causes of 409 apart, the finer one does.
        let code = match (code, inner) {
            ("invalidRequest", Some(inner)) => inner,
            _ => code,
        };
        let current = match self {
            Self::NameTaken(current) => current.map(|current| *current),
            Self::Changed(current) => Some(*current),
            _ => None,
        };
        Ok(OperationError { status, code: code.to_owned(), message, current })
    }
}
