//! `POST /sites`: ours; Graph v1.0 has no word for making a site.

use axum::Json;
use axum::extract::State;
use drive::sites::{create_site as create, find_site};
use graph_types::{NewSite, Site};
use http::StatusCode;

use super::shape::site;
use crate::json_body::JsonBody;
use crate::{ApiError, App, Authenticated};

pub(super) async fn create_site(
    State(app): State<App>,
    Authenticated { call, caller, .. }: Authenticated,
    JsonBody(new): JsonBody<NewSite>,
) -> Result<(StatusCode, Json<Site>), ApiError> {
    let new = drive::sites::NewSite { name: new.name, display_name: new.display_name };
    let created = create(&call, caller, new).await?;
    let view = find_site(&call, caller, created.site.id).await?.ok_or(ApiError::NotFound)?;
    Ok((StatusCode::CREATED, Json(site(&app, &view))))
}
