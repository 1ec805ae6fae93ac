//! Sharing a place with people and groups, each judged by themselves (B01, B03, B05, B06). What is written is one commit.

use directory::{Notify, log_access_changes, record};
use model::{Caller, ItemStamp, Role, Timestamp};
use storage::{Call, Commit, Unaudited};

use super::carry_out::Sharing;
use super::inheritance::{drop_inherited, to_drop};
use super::list::PermissionView;
use super::{Place, RecipientName, ShareRefusal, SharingError};
use crate::links::LinkView;

/// Most recipients of one request.
const MOST_RECIPIENTS: usize = 50;
/// Longest message, in characters.
const LONGEST_MESSAGE: usize = 2_000;

/// What to share with whom.
#[derive(Debug, Clone)]
pub struct ShareRequest {
    /// The place.
    pub place: Place,
    /// The people and groups.
    pub recipients: Vec<RecipientName>,
    /// The role they get.
    pub role: Role,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// What the sharer writes.
    pub message: Option<String>,
    /// Whether recipients are told by mail.
    pub notify: Notify,
    /// What becomes of access from above, when an item is shared for the first time.
    pub inherited: Inherited,
    /// This cloud's origin, for links.
    pub origin: String,
}

/// What becomes of the access that an item has from above when it is shared for the first time (K-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inherited {
    /// It stays.
    Retain,
    /// It ends: the item gets permissions of its own, and only those it is shared with now and the site's owners have any.
    Drop,
}

/// What came of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareOutcome {
    /// The recipient as named.
    pub recipient: RecipientName,
    /// What they have now, or why they got nothing.
    pub result: Result<Shared, ShareRefusal>,
}

/// What a recipient has now.
#[derive(Clone, PartialEq, Eq)]
pub enum Shared {
    /// A permission of their own.
    Permission(Box<PermissionView>),
    /// A link that names their address; a code from a mail opens it in the browser (A05, A12).
    Link(Box<LinkView>),
}

impl Shared {
    /// Returns the permission, if they have one of their own.
    #[must_use]
    pub fn into_permission(self) -> Option<PermissionView> {
        match self {
            Self::Permission(view) => Some(*view),
            Self::Link(_) => None,
        }
    }

    /// Returns the link, if their address is named in one.
    #[must_use]
    pub fn into_link(self) -> Option<LinkView> {
        match self {
            Self::Permission(_) => None,
            Self::Link(view) => Some(*view),
        }
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Permission(_) => "Permission",
            Self::Link(_) => "Link",
        })
    }
}

/// Shares a place. Every recipient gets an outcome; those refused harm nobody else.
///
/// # Errors
/// [`SharingError::NotFound`] when the place is hidden from the caller; [`SharingError::Recipients`] or
/// [`SharingError::Message`] when the request is malformed; a storage error undoes everything.
pub async fn share(
    call: &Call,
    caller: Caller,
    request: ShareRequest,
) -> Result<Vec<ShareOutcome>, SharingError> {
    check_request(&request, 1)?;
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let now = runtime.now();
        let place = request.place.open(scope, &caller, now)?.ok_or(SharingError::NotFound)?;
        let dropped = match request.inherited {
            Inherited::Retain => None,
            Inherited::Drop => to_drop(&caller, &place)?,
        };
        let mut sharing = Sharing::begin(scope, &runtime, caller, &request, place)?;
        let mut outcomes = Vec::with_capacity(request.recipients.len());
        for recipient in &request.recipients {
            let result = sharing.with(scope, recipient)?;
            outcomes.push(ShareOutcome { recipient: recipient.clone(), result });
        }
        let stamp = ItemStamp { at: now, by: Some(caller.user) };
        log_access_changes(scope, sharing.changed(), stamp)?;
        sharing.tell_owners(scope)?;
        let shared = outcomes.iter().any(|outcome| outcome.result.is_ok());
        let mut events = sharing.into_events();
        if let Some(at) = dropped.filter(|_| shared) {
            events.push(drop_inherited(scope, &runtime, caller.user, at)?);
        }
        if events.is_empty() {
            return Ok(Commit::unaudited(outcomes, Unaudited::NothingChanged));
        }
        let proof = record(scope, &runtime, &events)?;
        Ok(Commit::new(outcomes, proof))
    })
    .await
}

/// Checks what does not depend on anything stored. At least `fewest` recipients must be named.
pub(crate) fn check_request(request: &ShareRequest, fewest: usize) -> Result<(), SharingError> {
    if !(fewest..=MOST_RECIPIENTS).contains(&request.recipients.len()) {
        return Err(SharingError::Recipients);
    }
    if request.message.as_ref().is_some_and(|message| !is_message(message)) {
        return Err(SharingError::Message);
    }
    Ok(())
}

/// What a person writes may have lines, and no NUL, which no database keeps.
fn is_message(text: &str) -> bool {
    text.chars().count() <= LONGEST_MESSAGE && !text.contains('\0')
}
