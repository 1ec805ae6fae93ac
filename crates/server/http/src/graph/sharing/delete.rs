//! `DELETE …/permissions/{id}`: access ends with the next request (A10).

use drive::sharing::revoke_permission;
use http::StatusCode;

use super::place::{NamedPermission, NamedPlace};
use crate::{ApiError, Authenticated};

pub(super) async fn delete_permission(
    caller: Authenticated,
    place: NamedPlace,
    NamedPermission(id): NamedPermission,
) -> Result<StatusCode, ApiError> {
    let place = place.place(&caller).await?;
    revoke_permission(&caller.call, caller.caller, place, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
