//! `GET /sites/{id}` and `GET /sites/root`

use axum::Json;
use axum::extract::{Path, State};
use graph_types::Site;
use storage::StorageError;

use super::shape::{root, site};
use super::site_id::SiteName;
use crate::{ApiError, App, Authenticated};

pub(super) async fn get_site(
    State(app): State<App>,
    caller: Authenticated,
    Path(name): Path<String>,
) -> Result<Json<Site>, ApiError> {
    match SiteName::of(&app, &name)? {
        SiteName::Root => {
            let load = |scope: &mut storage::Scope<'_, storage::Reading>| scope.tenants().load();
            let tenant: Result<_, StorageError> = caller.call.read(load).await;
            Ok(Json(root(&app, &tenant?)))
        }
        name @ SiteName::Id(_) => Ok(Json(site(&app, &name.find(&caller).await?))),
    }
}
