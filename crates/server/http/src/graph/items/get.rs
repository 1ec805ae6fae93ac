//! `GET …/items/{id}`, also by path.

use axum::Json;
use axum::response::{IntoResponse, Response};
use drive::items::Condition;
use drive::reading::load_item;
use http::{StatusCode, header};

use super::address::NamedItem;
use super::children::expand_children;
use super::shape::{item_with_download, with_context};
use crate::ApiError;
use crate::graph_query::GraphQuery;

pub(super) async fn get_item(named: NamedItem, query: GraphQuery) -> Result<Response, ApiError> {
    let expanded = query.expanded();
    let known = |name: &String| ["children", "thumbnails"].contains(&name.as_str());
    if !expanded.iter().all(known) {
        return Err(ApiError::NotSupported("expanding anything but children and thumbnails"));
    }
    let at = named.at;
    let view = load_item(&at.caller.call, at.reader(), named.address).await?;
    let known = named.headers.get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok());
    if known.is_some_and(|tag| Condition::AnyTag(tag.to_owned()).check(&view.seen).is_ok()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let mut item = with_context(&at, item_with_download(&at, &view));
    if expanded.iter().any(|name| name == "children") {
        expand_children(&at, &mut item).await?;
    }
    Ok(Json(item).into_response())
}
