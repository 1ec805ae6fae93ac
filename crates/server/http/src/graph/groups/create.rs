//! `POST /groups`: a security group.

use axum::Json;
use graph_types::Group;
use http::StatusCode;
use serde::Deserialize;

use super::shape::group;
use crate::json_body::JsonBody;
use crate::{Administering, ApiError};

/// What is read of the body.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewGroup {
    display_name: String,
    #[serde(default, rename = "members@odata.bind")]
    members: Vec<String>,
}

pub(super) async fn create_group(
    Administering { call, .. }: Administering,
    JsonBody(new): JsonBody<NewGroup>,
) -> Result<(StatusCode, Json<Group>), ApiError> {
    if !new.members.is_empty() {
        return Err(ApiError::NotSupported("making a group with members in one request"));
    }
    let created = directory::create_group(&call, &new.display_name).await?;
    Ok((StatusCode::CREATED, Json(group(&created))))
}
