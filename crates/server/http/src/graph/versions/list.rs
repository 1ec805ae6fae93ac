//! `GET …/versions`: what a file held, newest first; the first one is what it holds now.

use axum::Json;
use drive::versions::list_versions as list;
use graph_types::{Collection, DriveItemVersion};
use http::Uri;
use model::ItemVersion;

use super::shape::version;
use crate::ApiError;
use crate::graph::items::NamedItem;
use crate::graph_query::GraphQuery;

/// Versions of a page when nothing is asked, and at most. Clients that thin out versions read one page.
const PAGE: i64 = 1_000;

pub(super) async fn list_versions(
    named: NamedItem,
    uri: Uri,
    query: GraphQuery,
) -> Result<Json<Collection<DriveItemVersion>>, ApiError> {
    let at = named.at;
    let most = query.top(PAGE, PAGE)?;
    let refused = || ApiError::invalid("Invalid paging token: start from the first page");
    let before = query.get("skiptoken").map(|token| ItemVersion::number_of(token).ok_or_else(refused));
    let page = list(&at.caller.call, at.reader(), named.address, before.transpose()?, most).await?;
    let origin = &at.app.settings.origin;
    let next_link = page.next.map(|number| query.next_link(origin, uri.path(), &ItemVersion::id_of(number)));
    let context = format!("{origin}/v1.0/$metadata#Collection(driveItemVersion)");
    let value = page.versions.iter().map(version).collect();
    Ok(Json(Collection { context: Some(context), value, next_link }))
}
