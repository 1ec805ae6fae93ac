//! `GET /sites?search=`: the sites in which anything is open to the caller; `*` means all of them.

use axum::Json;
use axum::extract::State;
use drive::sites::list_sites;
use graph_types::{Collection, Site};

use super::shape::site;
use crate::graph_query::GraphQuery;
use crate::{ApiError, App, Authenticated};

pub(super) async fn search_sites(
    State(app): State<App>,
    Authenticated { call, caller }: Authenticated,
    query: GraphQuery,
) -> Result<Json<Collection<Site>>, ApiError> {
    let search = query.get("search").map_or("", |text| text.trim_matches('"'));
    let search = if search == "*" { "" } else { search };
    let found = list_sites(&call, caller, search.to_owned()).await?;
    Ok(Json(Collection::last(found.iter().map(|view| site(&app, view)).collect())))
}
