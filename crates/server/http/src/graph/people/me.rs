//! `GET /me`

use axum::Json;
use directory::read::{PersonName, find_person};
use graph_types::User;

use super::user;
use crate::{ApiError, Authenticated};

pub(super) async fn get_me(
    Authenticated { call, caller, .. }: Authenticated,
) -> Result<Json<User>, ApiError> {
    let me = find_person(&call, PersonName::Id(caller.user)).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(user(&me.user, &me.addresses)))
}
