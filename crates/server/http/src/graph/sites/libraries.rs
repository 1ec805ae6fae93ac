//! `GET /sites/{id}/drives`: the libraries open to the caller as a whole.

use axum::Json;
use axum::extract::{Path, State};
use drive::sites::SiteView;
use graph_types::{Collection, Drive};

use super::shape::library;
use super::site_id::SiteName;
use crate::{ApiError, App, Authenticated};

pub(super) async fn list_libraries(
    State(app): State<App>,
    caller: Authenticated,
    Path(name): Path<String>,
) -> Result<Json<Collection<Drive>>, ApiError> {
    match SiteName::of(&app, &name)? {
        SiteName::Root => Ok(Json(Collection::last(Vec::new()))),
        name @ SiteName::Id(_) => Ok(Json(libraries(&app, &name.find(&caller).await?))),
    }
}

/// Writes the libraries of a site.
pub(super) fn libraries(app: &App, view: &SiteView) -> Collection<Drive> {
    let origin = &app.settings.origin;
    Collection::last(view.libraries.iter().map(|drive| library(origin, view, drive)).collect())
}
