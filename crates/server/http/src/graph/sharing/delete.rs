//! `DELETE …/permissions/{id}`: access ends with the next request (A10).

use drive::links::delete_link;
use drive::sharing::{SharingError, revoke_permission};
use http::StatusCode;
use model::LinkId;

use super::place::{NamedPermission, NamedPlace};
use crate::{ApiError, Authenticated};

pub(super) async fn delete_permission(
    caller: Authenticated,
    place: NamedPlace,
    NamedPermission(id): NamedPermission,
) -> Result<StatusCode, ApiError> {
    let place = place.place(&caller).await?;
    let link = LinkId::from_uuid(id.uuid());
    match revoke_permission(&caller.call, caller.caller, place, id).await {
        Err(SharingError::NotFound) => delete_link(&caller.call, caller.caller, place, link).await?,
        revoked => revoked?,
    }
    Ok(StatusCode::NO_CONTENT)
}
