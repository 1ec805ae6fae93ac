//! `POST /shares/{share}/permission/grant`: names more people in a link for specific people. Each recipient has an
//! outcome of its own.

use axum::Json;
use directory::Notify;
use drive::links::{bearer_call, face, name_in_link};
use drive::sharing::{Inherited, Place, ShareRequest};
use graph_types::{Collection, GrantRequest, Permission};
use model::PermissionScope;

use super::share::NamedShare;
use crate::ApiError;
use crate::graph::sharing::{bare_link, recipient_name, refused};
use crate::json_body::JsonBody;

pub(super) async fn post_grant(
    share: NamedShare,
    JsonBody(asked): JsonBody<GrantRequest>,
) -> Result<Json<Collection<Permission>>, ApiError> {
    let call = bearer_call(share.app.store.clone(), &share.ticket);
    let link = face(&call, share.ticket.clone()).await?.ok_or(ApiError::NotFound)?.link;
    let PermissionScope::Item { drive, item, .. } = link.scope else { return Err(ApiError::NotFound) };
    let request = ShareRequest {
        inherited: Inherited::Retain,
        place: Place::Item { drive, item },
        recipients: asked.recipients.iter().map(recipient_name).collect::<Result<_, _>>()?,
        role: link.role,
        expires: link.expires,
        message: None,
        notify: Notify::Nobody,
        origin: share.app.settings.origin.clone(),
    };
    let outcomes = name_in_link(&share.caller.call, share.caller.caller, link.id, request).await?;
    let shaped = outcomes.into_iter().zip(asked.recipients).map(|((_, result), named)| match result {
        Ok(()) => Permission { recipient: Some(named), ..bare_link(&link) },
        Err(refusal) => refused(refusal, named),
    });
    Ok(Json(Collection::last(shaped.collect())))
}
