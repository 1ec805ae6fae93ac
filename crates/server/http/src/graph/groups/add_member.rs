//! `POST /groups/{id}/members/$ref`

use axum::extract::Path;
use directory::{MembershipChange, change_membership};
use graph_types::MemberReference;
use http::StatusCode;
use model::{GroupId, UserId};

use crate::json_body::JsonBody;
use crate::{Administering, ApiError};

pub(super) async fn add_member(
    Administering { call, .. }: Administering,
    Path(group): Path<String>,
    JsonBody(reference): JsonBody<MemberReference>,
) -> Result<StatusCode, ApiError> {
    let group: GroupId = group.parse().map_err(|_| ApiError::NotFound)?;
    let last = reference.id.rsplit('/').next().unwrap_or_default();
    let person: UserId = last.parse().map_err(|_| ApiError::NotFound)?;
    if change_membership(&call, group, person, MembershipChange::Add).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::Invalid {
            code: "Request_BadRequest",
            inner: None,
            message: "One or more added object references already exist for the property 'members'."
                .to_owned(),
        })
    }
}
