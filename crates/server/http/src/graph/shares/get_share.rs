//! `GET /shares/{share}`: the share itself; with `$expand=driveItem` also the item.

use axum::Json;
use graph_types::SharedDriveItem;

use super::share::NamedShare;
use crate::ApiError;
use crate::graph_query::GraphQuery;

pub(super) async fn get_share(
    share: NamedShare,
    query: GraphQuery,
) -> Result<Json<SharedDriveItem>, ApiError> {
    let item = share.item().await?;
    let url = share.url(&item);
    let expanded = query.get("expand").is_some_and(|expand| {
        let first = expand.split(['(', ',']).next().unwrap_or_default().to_ascii_lowercase();
        matches!(first.as_str(), "driveitem" | "root")
    });
    Ok(Json(SharedDriveItem {
        id: share.ticket.as_str().to_owned(),
        name: item.view.seen.item.name.clone(),
        drive_item: expanded.then(|| share.shape(&url, &item.view)),
        web_url: url,
    }))
}
