//! Mail: the facts of a mail to be sent, as they wait in the queue. How it reads and is sent is the `jobs` crate's.

use model::{JobId, JobKind};
use runtime::Runtime;
use serde::{Deserialize, Serialize};
use storage::{Scope, StorageError, Writing};

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MailKind {
    /// Somebody is invited to be a guest of an organization.
    Invitation,
    /// A guest was put into a group; [`MailRequest::item`] is its name.
    Welcome,
    /// Something was shared with somebody.
    Share,
    /// Something was shared with somebody who opens it by a code.
    ShareByCode,
    /// The code that was asked for; it stands in [`MailRequest::message`], and nobody wrote it.
    Code,
    /// An owner is told that somebody else shared with people outside; [`MailRequest::message`] names them.
    OwnerShared,
    /// An owner is told that somebody outside accepted.
    OwnerAccepted,
    /// An owner is told that a link for anyone was made.
    OwnerAnyoneLink,
    /// An owner is told that a link for anyone was changed.
    OwnerAnyoneLinkChanged,
    /// An owner is warned of guests whose time ends.
    StaysEnding,
}

/// The payload of [`JobKind::Mail`]. It has no `Debug` form because the link may open something.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailRequest {
    /// What it is about.
    pub kind: MailKind,
    /// Address it goes to.
    pub recipient: String,
    /// Recipient's name, when known.
    pub recipient_name: Option<String>,
    /// Name of the person who shares or invites.
    pub sharer_name: String,
    /// Their address, for replies.
    pub sharer_address: Option<String>,
    /// Display name of the organization that owns the content.
    pub organization: String,
    /// Name of the shared site, library, folder or file.
    pub item: Option<String>,
    /// What the sharer wrote; shown as theirs.
    pub message: Option<String>,
    /// Where to go.
    pub link: String,
}

/// Queues a mail in the transaction that makes it necessary.
///
/// # Errors
/// A storage error.
pub fn queue(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    mail: &MailRequest,
) -> Result<(), StorageError> {
    let payload = serde_json::to_string(mail).unwrap_or_default();
    scope.jobs().create(JobId::from_random(runtime.random()), JobKind::Mail, payload, runtime.now())
}
