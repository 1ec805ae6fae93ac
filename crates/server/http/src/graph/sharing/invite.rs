//! `POST …/invite`: shares with people and groups (flow 1). Each recipient has an outcome of its own; one that was
//! refused has `error` in its place.

use axum::Json;
use axum::extract::State;
use directory::Notify;
use drive::sharing::{Inherited, RecipientName, ShareOutcome, ShareRefusal, ShareRequest, Shared, share};
use graph_types::{Collection, DriveRecipient, InviteRequest, Permission, RecipientError};
use model::Role;

use super::link_shape::link_permission;
use super::place::NamedPlace;
use super::shape::permission;
use crate::json_body::JsonBody;
use crate::{ApiError, App, Authenticated};

pub(super) async fn invite(
    State(app): State<App>,
    caller: Authenticated,
    place: NamedPlace,
    JsonBody(asked): JsonBody<InviteRequest>,
) -> Result<Json<Collection<Permission>>, ApiError> {
    let sign_in = asked.require_sign_in.unwrap_or(true);
    let mail = asked.send_invitation.unwrap_or(sign_in);
    if !sign_in && !mail {
        return Err(ApiError::invalid("requireSignIn and sendInvitation cannot both be false"));
    }
    if !sign_in {
        return Err(ApiError::NotSupported("sharing without sign-in"));
    }
    let request = ShareRequest {
        place: place.place(&caller).await?,
        inherited: match asked.retain_inherited_permissions {
            Some(false) => Inherited::Drop,
            Some(true) | None => Inherited::Retain,
        },
        recipients: asked.recipients.iter().map(recipient_name).collect::<Result<_, _>>()?,
        role: role(&asked.roles)?,
        expires: asked.expiration_date_time.map(|time| time.0),
        message: asked.message.filter(|message| !message.trim().is_empty()),
        notify: if mail { Notify::Mail } else { Notify::Nobody },
        origin: app.settings.origin.clone(),
    };
    let outcomes = share(&caller.call, caller.caller, request).await?;
    let (origin, outcomes) = (&app.settings.origin, outcomes.into_iter().zip(asked.recipients));
    Ok(Json(Collection::last(outcomes.map(|(outcome, named)| shape(origin, outcome, named)).collect())))
}

/// Reads a recipient.
pub(in crate::graph) fn recipient_name(recipient: &DriveRecipient) -> Result<RecipientName, ApiError> {
    match (&recipient.object_id, recipient.email.as_ref().or(recipient.alias.as_ref())) {
        (Some(id), _) => Ok(RecipientName::Object(id.clone())),
        (None, Some(address)) => Ok(RecipientName::Address(address.clone())),
        (None, None) => Err(ApiError::invalid("each recipient needs email or objectId")),
    }
}

/// Reads the one role.
pub(super) fn role(roles: &[String]) -> Result<Role, ApiError> {
    let known: Option<Vec<Role>> = roles.iter().map(|role| Role::from_graph_name(role)).collect();
    let most = known.and_then(|roles| roles.into_iter().max());
    most.ok_or_else(|| ApiError::invalid("roles must name read or write"))
}

fn shape(origin: &str, outcome: ShareOutcome, named: DriveRecipient) -> Permission {
    match outcome.result {
        Ok(Shared::Permission(view)) => Permission { recipient: Some(named), ..permission(&view) },
        Ok(Shared::Link(view)) => Permission { recipient: Some(named), ..link_permission(origin, &view) },
        Err(refusal) => refused(refusal, named),
    }
}

/// Writes the refusal of one recipient.
pub(in crate::graph) fn refused(refusal: ShareRefusal, named: DriveRecipient) -> Permission {
    Permission {
        recipient: Some(named),
        error: Some(RecipientError { code: refusal.code().to_owned(), message: refusal.to_string() }),
        ..Permission::default()
    }
}
