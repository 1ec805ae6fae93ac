//! Refusals of items as answers, for Graph and the transfer API alike.

use drive::ItemError;

use crate::ApiError;

impl From<ItemError> for ApiError {
    fn from(error: ItemError) -> Self {
        let message = error.to_string();
        match error {
            ItemError::NotFound | ItemError::UploadNotFound => Self::NotFound,
            ItemError::UploadSuperseded => Self::FragmentMisplaced { inner: "fragmentOverlap", message },
            ItemError::ReadOnly | ItemError::Root | ItemError::OwnersOnly => Self::Forbidden(message),
            ItemError::NoSync(reason) | ItemError::Refused(reason) => Self::Refused(reason),
            ItemError::Changed(_) => Self::PreconditionFailed,
            ItemError::QuotaReached => Self::QuotaReached,
            ItemError::OperationReused => Self::OperationReused,
            ItemError::NameTaken(_) => Self::Conflict { code: "nameAlreadyExists", message },
            ItemError::Cycle
            | ItemError::NotEmpty
            | ItemError::FileInBin
            | ItemError::UploadIncomplete(_) => Self::Conflict { code: "invalidRequest", message },
            ItemError::Resync | ItemError::EpochChanged => {
                let (_, _, inner) = error.refusal().unwrap_or((410, "resyncRequired", None));
                Self::ResyncRequired { inner: inner.unwrap_or("resyncApplyDifferences"), location: None }
            }
            ItemError::Name(_)
            | ItemError::PathTooLong(_)
            | ItemError::NotAFolder
            | ItemError::NotAFile
            | ItemError::PresentVersion
            | ItemError::SearchText
            | ItemError::ContentMismatch
            | ItemError::OtherLength
            | ItemError::OperationId => {
                let inner = error.refusal().and_then(|(_, _, inner)| inner);
                Self::Invalid { code: "invalidRequest", inner, message }
            }
            ItemError::Content(error) => Self::internal(error),
            ItemError::Storage(error) => error.into(),
        }
    }
}
