//! `PATCH /users/{id or sign-in name}`: allows or blocks sign-in to this organization, or gives a guest another address.

use axum::extract::Path;
use directory::read::find_person;
use directory::{change_address, set_sign_in};
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
    mail: Option<String>,
}

pub(super) async fn update_user(
    Administering { call, .. }: Administering,
    Path(name): Path<String>,
    JsonBody(asked): JsonBody<UserUpdate>,
) -> Result<StatusCode, ApiError> {
    let found = find_person(&call, person_name(name)).await?.ok_or(ApiError::NotFound)?;
    match (asked.account_enabled, &asked.mail) {
        (Some(enabled), None) => {
            let sign_in = if enabled { SignIn::Allowed } else { SignIn::Blocked };
            set_sign_in(&call, found.user.id, sign_in).await?;
        }
        (None, Some(mail)) => {
            let mail = mail
                .parse()
                .map_err(|error: model::InvalidAddress| ApiError::invalid(format!("mail: {error}")))?;
            change_address(&call, found.user.id, mail).await?;
        }
        (Some(_), Some(_)) => {
            return Err(ApiError::invalid("change accountEnabled and mail in a request each"));
        }
        (None, None) => {
            return Err(ApiError::NotSupported("changing anything but accountEnabled and mail"));
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
