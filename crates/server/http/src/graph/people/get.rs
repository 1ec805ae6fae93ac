//! `GET /users/{id or sign-in name}`

use axum::Json;
use axum::extract::Path;
use directory::read::{PersonName, find_person};
use graph_types::User;

use super::user;
use crate::{Administering, ApiError};

pub(super) async fn get_user(
    Administering { call, .. }: Administering,
    Path(name): Path<String>,
) -> Result<Json<User>, ApiError> {
    let found = find_person(&call, person_name(name)).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(user(&found.user, &found.addresses)))
}

/// Reads how a person is named in an address.
pub(in crate::graph) fn person_name(text: String) -> PersonName {
    match text.parse() {
        Ok(id) => PersonName::Id(id),
        Err(_) => PersonName::PrincipalName(text),
    }
}
