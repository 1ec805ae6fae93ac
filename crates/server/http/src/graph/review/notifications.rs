//! `GET` and `PATCH /admin/sharing/notifications`: ours; who is told when something is shared outside, by the names of the
//! original's settings (7.5).

use axum::Json;
use directory::{owner_notifications, set_owner_notifications};
use graph_types::SharingNotifications;
use model::{Address, OwnerNotifications, Telling};

use crate::json_body::JsonBody;
use crate::{ApiError, Authenticated};

pub(super) async fn get_notifications(
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<SharingNotifications>, ApiError> {
    Ok(Json(shape(&owner_notifications(&call).await?)))
}

pub(super) async fn update_notifications(
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<SharingNotifications>,
) -> Result<Json<SharingNotifications>, ApiError> {
    let mut settings = owner_notifications(&call).await?;
    let set = |telling: &mut Telling, asked: Option<bool>| *telling = asked.map_or(*telling, Telling::of);
    set(&mut settings.reshared, asked.notify_owners_when_items_reshared);
    set(&mut settings.accepted, asked.notify_owners_when_invitations_accepted);
    set(&mut settings.anyone_links, asked.owner_anonymous_notification);
    if let Some(list) = asked.bcc_external_sharing_invitations_list {
        let read = list.iter().map(|address| address.parse::<Address>()).collect::<Result<Vec<_>, _>>();
        settings.mailboxes = read.map_err(|error| ApiError::invalid(format!("a mailbox: {error}")))?;
    }
    Ok(Json(shape(&set_owner_notifications(&call, settings).await?)))
}

fn shape(settings: &OwnerNotifications) -> SharingNotifications {
    SharingNotifications {
        notify_owners_when_items_reshared: Some(settings.reshared.is_on()),
        notify_owners_when_invitations_accepted: Some(settings.accepted.is_on()),
        owner_anonymous_notification: Some(settings.anyone_links.is_on()),
        bcc_external_sharing_invitations_list: Some(
            settings.mailboxes.iter().map(ToString::to_string).collect(),
        ),
    }
}
