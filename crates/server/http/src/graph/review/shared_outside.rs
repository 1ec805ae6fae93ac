//! `GET /admin/sharedOutside?site=`: ours; everything people outside have access to, in all sites for administrators, in one
//! for its owners. A page may have fewer rows than asked for, even none, while there is a next one.

use axum::Json;
use axum::extract::State;
use drive::review::shared_outside;
use graph_types::{AccessReviewItem, Collection};

use super::shape::{item, read_after, write_after};
use crate::graph::SiteName;
use crate::graph_query::GraphQuery;
use crate::{ApiError, App, Authenticated};

/// Rows of a page when nothing is asked.
const USUAL: i64 = 100;
/// Most rows of a page.
const MOST: i64 = 500;

pub(super) async fn list_shared_outside(
    State(app): State<App>,
    Authenticated { call, caller, .. }: Authenticated,
    query: GraphQuery,
) -> Result<Json<Collection<AccessReviewItem>>, ApiError> {
    let site = query.get("site").map(|site| SiteName::of(&app, site)?.id()).transpose()?;
    let after = read_after(query.get("skiptoken"))?;
    let page = shared_outside(&call, caller, site, after, query.top(USUAL, MOST)?).await?;
    let origin = &app.settings.origin;
    let next =
        page.next.map(|after| query.next_link(origin, "/v1.0/admin/sharedOutside", &write_after(after)));
    Ok(Json(Collection { context: None, value: page.rows.into_iter().map(item).collect(), next_link: next }))
}
