//! Cleaning up: sign-in state and upload sessions that ended are forgotten.

use model::Timestamp;
use storage::{Commit, Operator, StorageError, Unaudited};

/// Removes sessions, codes, refresh tokens and upload sessions that ended before `before`.
pub(crate) async fn clean_up(operator: &Operator, before: Timestamp) -> Result<(), StorageError> {
    operator
        .write(move |cloud| {
            cloud.delete_expired_sessions(before)?;
            cloud.delete_expired_evidence(before)?;
            cloud.delete_expired_authorization_codes(before)?;
            cloud.delete_expired_device_codes(before)?;
            cloud.delete_expired_refresh_tokens(before)?;
            cloud.delete_expired_copies(before)?;
            cloud.delete_expired_upload_sessions(before)?;
            cloud.delete_expired_passcodes(before)?;
            Ok(Commit::unaudited((), Unaudited::Housekeeping))
        })
        .await
}
