//! `GET …/items/{id}`, also by path.

use axum::Json;
use axum::response::{IntoResponse, Response};
use drive::items::Condition;
use drive::reading::load_item;
use http::{StatusCode, header};

use super::address::NamedItem;
use super::shape::{item_with_download, with_context};
use crate::ApiError;
use crate::graph_query::GraphQuery;

pub(super) async fn get_item(named: NamedItem, query: GraphQuery) -> Result<Response, ApiError> {
    if query.get("expand").is_some_and(|expand| expand.contains("children")) {
        return Err(ApiError::NotSupported("expanding children"));
    }
    let at = named.at;
    let view = load_item(&at.caller.call, at.reader(), named.address).await?;
    let known = named.headers.get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok());
    if known.is_some_and(|tag| Condition::AnyTag(tag.to_owned()).check(&view.seen).is_ok()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    Ok(Json(with_context(&at, item_with_download(&at, &view))).into_response())
}
