//! `GET …/search?q=` of a folder and of a library, also written `search(q='…')`: by name, page by page.

use axum::Json;
use data_encoding::BASE64URL_NOPAD;
use drive::reading::ItemAddress;
use drive::search::{SearchRequest, search};
use graph_types::{Collection, DriveItem};
use http::Uri;
use model::ItemId;

use super::address::{NamedDrive, NamedItem};
use super::shape::{context, drive_item};
use crate::ApiError;
use crate::graph_query::GraphQuery;

/// Items of a page when nothing is asked.
const USUAL: i64 = 200;
/// Most items of a page.
const MOST: i64 = 1_000;

pub(super) async fn search_folder(
    named: NamedItem,
    uri: Uri,
    query: GraphQuery,
) -> Result<Json<Collection<DriveItem>>, ApiError> {
    answer(&named.at, Some(named.address), &uri, &query).await
}

pub(super) async fn search_drive(
    at: NamedDrive,
    uri: Uri,
    query: GraphQuery,
) -> Result<Json<Collection<DriveItem>>, ApiError> {
    answer(&at, None, &uri, &query).await
}

async fn answer(
    at: &NamedDrive,
    folder: Option<ItemAddress>,
    uri: &Uri,
    query: &GraphQuery,
) -> Result<Json<Collection<DriveItem>>, ApiError> {
    let asked = query.get("q");
    let most = query.top(USUAL, MOST)?;
    let after = query.get("skiptoken").map(read_token).transpose()?;
    let text = asked.unwrap_or_default().to_owned();
    let request = SearchRequest { reader: at.reader(), folder, text, after, most };
    let page = search(&at.caller.call, request).await?;
    // Said only now: to others the place does not exist, whatever they ask of it.
    if asked.is_none() {
        return Err(ApiError::invalid("q is missing: ask for search(q='words')"));
    }
    let origin = &at.app.settings.origin;
    let next_link = page.next.map(|(key, id)| query.next_link(origin, uri.path(), &write_token(&key, id)));
    let value = page.items.iter().map(|view| drive_item(origin, view)).collect();
    Ok(Json(Collection { context: Some(context(at)), value, next_link }))
}

fn write_token(key: &str, id: ItemId) -> String {
    BASE64URL_NOPAD.encode(format!("{id} {key}").as_bytes())
}

fn read_token(token: &str) -> Result<(String, ItemId), ApiError> {
    let text = BASE64URL_NOPAD.decode(token.as_bytes()).ok().and_then(|text| String::from_utf8(text).ok());
    let text = text.filter(|text| !text.chars().any(char::is_control));
    let read = text.as_deref().and_then(|text| {
        let (id, key) = text.split_once(' ')?;
        Some((key.to_owned(), id.parse().ok()?))
    });
    read.ok_or_else(|| ApiError::invalid("Invalid paging token: start from the first page"))
}
