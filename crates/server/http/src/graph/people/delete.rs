//! `DELETE /users/{id or sign-in name}`: soft; tokens and sessions are void at once (A10).

use axum::extract::Path;
use directory::delete_person;
use directory::read::find_person;
use http::StatusCode;

use super::get::person_name;
use crate::{Administering, ApiError};

pub(super) async fn delete_user(
    Administering { call, .. }: Administering,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    let found = find_person(&call, person_name(name)).await?.ok_or(ApiError::NotFound)?;
    delete_person(&call, found.user.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
