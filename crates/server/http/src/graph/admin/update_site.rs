//! `PATCH /admin/sites/{id}`: ours; sets one site's sharing level. Graph v1.0 has no word for it.

use axum::extract::{Path, State};
use drive::sites::set_site_sharing;
use graph_types::SiteSharingUpdate;
use http::StatusCode;

use super::level;
use crate::graph::sites::SiteName;
use crate::json_body::JsonBody;
use crate::{ApiError, App, Authenticated};

pub(super) async fn update_site(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    Path(name): Path<String>,
    JsonBody(asked): JsonBody<SiteSharingUpdate>,
) -> Result<StatusCode, ApiError> {
    let site = SiteName::of(&app, &name)?.id()?;
    set_site_sharing(&call, site, level(&asked.sharing_capability)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
