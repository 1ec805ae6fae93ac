//! Changing what a link opens, by whoever it lets edit (B02): judged anew within the transaction of the change.

use model::{ItemId, PermissionScope, UserId};
use storage::Call;

use super::LinkError;
use super::judge::{LinkUse, LinkViewer, find, open};
use crate::contents::{Room, room_in};
use crate::editor::{Author, edit_taken, recorded};
use crate::{Editor, ItemError};

/// Takes the drive a link leads into and changes what the link opens. What `work` fails with undoes everything it did.
///
/// # Errors
/// [`LinkError::NotFound`] or [`LinkError::Refused`], or what `work` fails with.
pub async fn edit_linked<T: Send + 'static>(
    call: &Call,
    used: LinkUse,
    work: impl FnOnce(&mut Editor<'_, '_>) -> Result<T, ItemError> + Send + 'static,
) -> Result<T, LinkError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        let link = find(scope, &used.ticket)?.ok_or(LinkError::NotFound)?;
        let PermissionScope::Item { drive, .. } = link.scope else { return Err(LinkError::NotFound) };
        let detail = match &used.viewer {
            LinkViewer::Address(key) => ("Recipient", key.clone()),
            LinkViewer::Bearer | LinkViewer::Person(_) => ("Link", link.id.to_string()),
        };
        let author = Author { actor, by: None, uploader: sender(link.id), detail: Some(detail) };
        let done = scope.change_drive(drive, |changes| -> Result<_, LinkError> {
            let found = open(&mut changes.scope(), runtime.now(), &used)?;
            Ok(edit_taken(changes, found.sight, author, runtime.clone(), work)?)
        })?;
        let (value, events) = done.ok_or(LinkError::NotFound)?;
        Ok(recorded(scope, &runtime, value, &events)?)
    })
    .await
}

/// Checks, before bytes are taken, that they may be written at an item a link opens.
///
/// # Errors
/// [`LinkError::NotFound`], [`LinkError::Refused`], or [`ItemError::ReadOnly`] within.
pub async fn find_linked_room(call: &Call, used: LinkUse, item: ItemId) -> Result<Room, LinkError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let found = open(scope, now, &used)?;
        Ok(room_in(scope, &found.sight, item, sender(found.link.id))?)
    })
    .await
}

/// Uploads by a link are nobody's: they stand under an id that no person has.
fn sender(link: model::LinkId) -> UserId {
    UserId::from_uuid(link.uuid())
}
