//! SMTP mailer: hands mails to a mail server, `smtp://` or `smtps://` with name and password in the URL.

use std::time::Duration;

use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use runtime::BoxFuture;

use crate::{Letter, MailError, Mailer};

/// How long one step of the exchange may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Hands mails to a mail server.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpMailer {
    /// Reads the server's URL. No connection is made yet.
    ///
    /// # Errors
    /// [`MailError::Permanent`] when it cannot be read.
    pub fn new(url: &str) -> Result<Self, MailError> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| MailError::Permanent(Box::new(error)))?;
        Ok(Self { transport: builder.timeout(Some(PATIENCE)).build() })
    }
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            match self.transport.send_raw(letter.envelope(), &letter.bytes()).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(MailError::Permanent(Box::new(error))),
                Err(error) => Err(MailError::Transient(Box::new(error))),
            }
        })
    }
}
