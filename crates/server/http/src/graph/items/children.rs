//! `GET …/children`: what a folder holds, by name, page by page.

use axum::Json;
use data_encoding::BASE64URL_NOPAD;
use drive::reading::list_children as list;
use graph_types::{Collection, DriveItem};
use http::Uri;

use super::address::{NamedDrive, NamedItem, item_address};
use super::shape::{context, item_with_download};
use crate::ApiError;
use crate::graph_query::GraphQuery;

/// Items of a page when nothing is asked.
const USUAL: i64 = 200;
/// Most items of a page.
const MOST: i64 = 1_000;

pub(super) async fn list_children(
    named: NamedItem,
    uri: Uri,
    query: GraphQuery,
) -> Result<Json<Collection<DriveItem>>, ApiError> {
    let at = named.at;
    query.require_order_by_name()?;
    query.refuse("filter", "filtering children")?;
    let most = query.top(USUAL, MOST)?;
    let after = query.get("skiptoken").map(read_token).transpose()?;
    let page = list(&at.caller.call, at.reader(), named.address, after, most).await?;
    let next_link =
        page.next.map(|key| query.next_link(&at.app.settings.origin, uri.path(), &write_token(&key)));
    let value = page.items.iter().map(|view| item_with_download(&at, view)).collect();
    Ok(Json(Collection { context: Some(context(&at)), value, next_link }))
}

/// Adds a folder's first page of children to its answer; a file has none.
pub(super) async fn expand_children(at: &NamedDrive, folder: &mut DriveItem) -> Result<(), ApiError> {
    if folder.folder.is_none() {
        return Ok(());
    }
    let address = item_address(&folder.id)?;
    let page = list(&at.caller.call, at.reader(), address, None, USUAL).await?;
    folder.children = Some(page.items.iter().map(|view| item_with_download(at, view)).collect());
    let path = format!("/v1.0/drives/{}/items/{}/children", at.drive, folder.id);
    let link =
        |key: String| GraphQuery::default().next_link(&at.app.settings.origin, &path, &write_token(&key));
    folder.children_next_link = page.next.map(link);
    Ok(())
}

fn write_token(key: &str) -> String {
    BASE64URL_NOPAD.encode(key.as_bytes())
}

fn read_token(token: &str) -> Result<String, ApiError> {
    let key = BASE64URL_NOPAD.decode(token.as_bytes()).ok().and_then(|key| String::from_utf8(key).ok());
    let key = key.filter(|key| !key.chars().any(char::is_control));
    key.ok_or_else(|| ApiError::invalid("Invalid paging token: start from the first page"))
}
