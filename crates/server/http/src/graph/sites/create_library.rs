//! `POST /sites/{id}/drives` `{name}`: ours; Graph makes libraries by way of lists.

use axum::Json;
use axum::extract::{Path, State};
use drive::sites::create_library as create;
use graph_types::{Drive, NewLibrary};
use http::StatusCode;

use super::shape::library;
use super::site_id::SiteName;
use crate::json_body::JsonBody;
use crate::{ApiError, App, Authenticated};

pub(super) async fn create_library(
    State(app): State<App>,
    caller: Authenticated,
    Path(name): Path<String>,
    JsonBody(new): JsonBody<NewLibrary>,
) -> Result<(StatusCode, Json<Drive>), ApiError> {
    let site = SiteName::of(&app, &name)?;
    let id = site.id()?;
    let made = create(&caller.call, caller.caller, id, new.name).await?;
    let view = site.find(&caller).await?;
    Ok((StatusCode::CREATED, Json(library(&app.settings.origin, &view, &made))))
}
