//! `DELETE /groups/{id}/members/{user}/$ref`

use axum::extract::Path;
use directory::{MembershipChange, change_membership};
use http::StatusCode;
use model::{GroupId, UserId};

use crate::{Administering, ApiError};

pub(super) async fn remove_member(
    Administering { call, .. }: Administering,
    Path((group, person)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let group: GroupId = group.parse().map_err(|_| ApiError::NotFound)?;
    let person: UserId = person.parse().map_err(|_| ApiError::NotFound)?;
    if change_membership(&call, group, person, MembershipChange::Remove).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound)
    }
}
