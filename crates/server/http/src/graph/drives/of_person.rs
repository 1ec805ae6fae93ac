//! `GET /users/{id or sign-in name}/drive`: one's own, or somebody's who opened all of theirs to the caller. Everybody
//! else's is hidden, and whether somebody has one too.

use axum::Json;
use axum::extract::{Path, State};
use directory::read::{PersonName, find_person};
use drive::personal::drive_of;
use graph_types::Drive;

use super::mine::load;
use crate::graph::people::person_name;
use crate::{ApiError, App, Authenticated};

pub(super) async fn get_drive_of(
    State(app): State<App>,
    caller: Authenticated,
    Path(name): Path<String>,
) -> Result<Json<Drive>, ApiError> {
    let person = match person_name(name) {
        PersonName::Id(id) => id,
        name @ PersonName::PrincipalName(_) => {
            find_person(&caller.call, name).await?.ok_or(ApiError::NotFound)?.user.id
        }
    };
    let drive = drive_of(&caller.call, caller.caller, person).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(load(&app, &caller, drive.id).await?))
}
