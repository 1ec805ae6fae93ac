//! `GET …/inheritance`: ours; whether what is given above an item counts there.

use axum::Json;
use drive::sharing::{Inheritance, Place, inheritance_at};

use super::place::NamedPlace;
use crate::{ApiError, Authenticated};

pub(super) async fn get_inheritance(
    caller: Authenticated,
    place: NamedPlace,
) -> Result<Json<graph_types::Inheritance>, ApiError> {
    let Place::Item { drive, item } = place.place(&caller).await? else { return Err(ApiError::NotFound) };
    let state = inheritance_at(&caller.call, caller.caller, drive, item).await?;
    Ok(Json(graph_types::Inheritance { inherits: state == Inheritance::Inherits }))
}
