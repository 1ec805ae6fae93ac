//! `PATCH /users/{id or sign-in name}`: allows or blocks sign-in to this organization.

use axum::extract::Path;
use directory::read::find_person;
use directory::set_sign_in;
use http::StatusCode;
use serde::Deserialize;
use storage::SignIn;

use super::get::person_name;
use crate::json_body::JsonBody;
use crate::{Administering, ApiError};

/// What can be changed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserUpdate {
    account_enabled: Option<bool>,
}

pub(super) async fn update_user(
    Administering { call, .. }: Administering,
    Path(name): Path<String>,
    JsonBody(asked): JsonBody<UserUpdate>,
) -> Result<StatusCode, ApiError> {
    let found = find_person(&call, person_name(name)).await?.ok_or(ApiError::NotFound)?;
    let enabled =
        asked.account_enabled.ok_or(ApiError::NotSupported("changing anything but accountEnabled"))?;
    let sign_in = if enabled { SignIn::Allowed } else { SignIn::Blocked };
    set_sign_in(&call, found.user.id, sign_in).await?;
    Ok(StatusCode::NO_CONTENT)
}
