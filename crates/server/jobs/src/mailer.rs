//! Mailer: where mails go.

use runtime::BoxFuture;

use crate::Letter;

/// Why a mail was not taken. The texts hold no address; details stay in the source.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It will never be taken like this.
    #[error("the mail was refused for good")]
    Permanent(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It may be taken later.
    #[error("the mail could not be handed over")]
    Transient(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Takes mails. Sending the same letter again must be harmless.
pub trait Mailer: Send + Sync + 'static {
    /// Hands a letter over.
    ///
    /// # Errors
    /// [`MailError`] says whether another try can help.
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>>;
}
