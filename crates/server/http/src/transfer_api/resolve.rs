//! `POST resolve`: which root an address means.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use drive::roots;
use transfer::{ResolveRequest, RootInfo};

use super::body::read_json;
use crate::{ApiError, App, Authenticated};

/// Longest body, in bytes.
const LONGEST: usize = 64 * 1024;

pub(super) async fn resolve(
    State(app): State<App>,
    caller: Authenticated,
    body: Body,
) -> Result<Json<RootInfo>, ApiError> {
    let request: ResolveRequest = read_json(body, LONGEST).await?;
    let (call, who, origin) = (&caller.call, caller.caller, &app.settings.origin);
    let (drive, item) = roots::resolve(call, who, &app.runtime, origin, &request.address).await?;
    Ok(Json(roots::load_root(call, who, &app.runtime, origin.clone(), drive, item).await?))
}
