//! `POST /groups/{id}/members/$ref`: a guest gets the group's welcome mail (A09).

use axum::extract::{Path, State};
use directory::join_group;
use graph_types::MemberReference;
use http::StatusCode;
use model::{GroupId, UserId};

use crate::json_body::JsonBody;
use crate::{Administering, ApiError, App};

pub(super) async fn add_member(
    State(app): State<App>,
    Administering { call, .. }: Administering,
    Path(group): Path<String>,
    JsonBody(reference): JsonBody<MemberReference>,
) -> Result<StatusCode, ApiError> {
    let group: GroupId = group.parse().map_err(|_| ApiError::NotFound)?;
    let last = reference.id.rsplit('/').next().unwrap_or_default();
    let person: UserId = last.parse().map_err(|_| ApiError::NotFound)?;
    if join_group(&call, group, person, &app.settings.origin).await? {
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
