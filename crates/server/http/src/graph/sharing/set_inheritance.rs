//! `PUT …/inheritance` `{inherits}`: ours; breaks inheritance at an item, or restores it.

use axum::Json;
use drive::sharing::{Place, break_inheritance, restore_inheritance};
use graph_types::Inheritance;

use super::place::NamedPlace;
use crate::json_body::JsonBody;
use crate::{ApiError, Authenticated};

pub(super) async fn set_inheritance(
    caller: Authenticated,
    place: NamedPlace,
    JsonBody(asked): JsonBody<Inheritance>,
) -> Result<Json<Inheritance>, ApiError> {
    let Place::Item { drive, item } = place.place(&caller).await? else { return Err(ApiError::NotFound) };
    let (call, who) = (&caller.call, caller.caller);
    if asked.inherits {
        restore_inheritance(call, who, drive, item).await?;
    } else {
        break_inheritance(call, who, drive, item).await?;
    }
    Ok(Json(asked))
}
