//! Identity errors: a refusal that the caller hears, or a failure that is not theirs.

use storage::StorageError;

use crate::Refusal;

/// Why an identity operation did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The caller is refused and told why.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error("sign-in state could not be read or kept")]
    Storage(#[from] StorageError),
    /// A signing key cannot be used.
    #[error("a signing key is damaged")]
    Key,
    /// The newest seal of an audit trail is not what this cloud signed.
    #[error("the audit trail's newest seal was touched; run `footbridge-server audit verify`")]
    AuditSeal,
    /// A password is too long, or the cost of hashing is not possible.
    #[error("the password is too long, or the cost of hashing is not possible")]
    Password,
    /// The server is shutting down.
    #[error("the work was interrupted")]
    Interrupted,
}
