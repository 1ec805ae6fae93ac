//! `GET /admin/sites`: ours; every site of the organization with its sharing level, for administrators (B13).

use axum::Json;
use axum::extract::State;
use drive::sites::list_every_site;
use graph_types::{Collection, Site};

use crate::graph::sites::site;
use crate::{Administering, ApiError, App};

pub(super) async fn list_sites(
    State(app): State<App>,
    Administering { call, .. }: Administering,
) -> Result<Json<Collection<Site>>, ApiError> {
    let found = list_every_site(&call).await?;
    Ok(Json(Collection::last(found.iter().map(|view| site(&app, view)).collect())))
}
