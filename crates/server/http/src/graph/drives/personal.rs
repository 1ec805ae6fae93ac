//! `GET /me/drive` and `/me/drives`: people have no personal drive here yet, and are told so the way clients expect.

use axum::Json;
use graph_types::{Collection, Drive};

use crate::{ApiError, Authenticated};

pub(super) async fn list_personal(_caller: Authenticated) -> Json<Collection<Drive>> {
    Json(Collection::last(Vec::new()))
}

pub(super) async fn no_personal(_caller: Authenticated) -> ApiError {
    ApiError::NoPersonalDrive
}
