//! `GET /sites?search=`: the sites in which anything is open to the caller; `*` means all of them. A program that may see
//! the list of sites finds among all, and none is open to it.

use axum::Json;
use axum::extract::State;
use drive::sites::{list_every_site, list_sites};
use graph_types::{Collection, Site};

use super::shape::site;
use crate::graph_query::GraphQuery;
use crate::{Administering, ApiError, App};

pub(super) async fn search_sites(
    State(app): State<App>,
    Administering { call, person }: Administering,
    query: GraphQuery,
) -> Result<Json<Collection<Site>>, ApiError> {
    let search = query.get("search").map_or("", |text| text.trim_matches('"'));
    let search = if search == "*" { "" } else { search };
    let found = match person {
        Some(caller) => list_sites(&call, caller, search.to_owned()).await?,
        None => {
            let mut every = list_every_site(&call).await?;
            every.retain(|view| view.is_named(&search.to_lowercase()));
            every
        }
    };
    Ok(Json(Collection::last(found.iter().map(|view| site(&app, view)).collect())))
}
