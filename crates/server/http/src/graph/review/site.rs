//! `GET /sites/{id}/accessReview`: ours; everybody who has access to anything in a site, and its links.

use axum::Json;
use axum::extract::{Path, State};
use drive::review::site_review;
use graph_types::{AccessReviewItem, Collection};
use http::Uri;

use super::shape::{item, read_after, write_after};
use crate::graph::SiteName;
use crate::graph_query::GraphQuery;
use crate::{ApiError, App, Authenticated};

/// Rows of a page when nothing is asked.
const USUAL: i64 = 100;
/// Most rows of a page.
const MOST: i64 = 500;

pub(super) async fn get_site_review(
    State(app): State<App>,
    Authenticated { call, caller, .. }: Authenticated,
    Path(name): Path<String>,
    uri: Uri,
    query: GraphQuery,
) -> Result<Json<Collection<AccessReviewItem>>, ApiError> {
    let site = SiteName::of(&app, &name)?.id()?;
    let after = read_after(query.get("skiptoken"))?;
    let page = site_review(&call, caller, site, after, query.top(USUAL, MOST)?).await?;
    let origin = &app.settings.origin;
    let next = page.next.map(|after| query.next_link(origin, uri.path(), &write_after(after)));
    Ok(Json(Collection { context: None, value: page.rows.into_iter().map(item).collect(), next_link: next }))
}
