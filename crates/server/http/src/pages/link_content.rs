//! `GET /:f:/g/{secret}/items/{item}/content` and `/_layouts/15/download.aspx?share=`: a file that a link opens, to be
//! saved. It never runs on this origin.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use drive::links::{LinkUse, bearer_call, open_linked_file, record_use};
use http::HeaderMap;
use model::ItemId;
use serde::Deserialize;

use super::Visitor;
use super::answer::{absent_page, server_failure};
use super::link::LinkName;
use super::link_door::{Entered, enter, refused};
use crate::App;
use crate::send_bytes::{Sendable, send_bytes};

#[derive(Deserialize)]
pub(super) struct DownloadQuery {
    #[serde(default)]
    share: String,
}

pub(super) async fn get_content(
    State(app): State<App>,
    Path(name): Path<LinkName>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Response {
    let Some(item) = name.item.as_deref().and_then(|item| item.parse().ok()) else { return absent_page() };
    match enter(&app, &visitor, &name).await {
        Entered::Here(used) => send(&app, *used, Some(item), &headers).await,
        Entered::Answered(answer) => answer,
    }
}

/// The address that rclone and others make from a file's link.
pub(super) async fn get_download(
    State(app): State<App>,
    Query(query): Query<DownloadQuery>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Response {
    let name = LinkName { letter: ":u:".to_owned(), secret: query.share, item: None };
    let used = match enter(&app, &visitor, &name).await {
        Entered::Here(used) => *used,
        Entered::Answered(answer) => return answer,
    };
    let call = visitor.seen_in(bearer_call(app.store.clone(), &used.ticket));
    if let Err(failure) = record_use(&call, &used).await {
        return server_failure(&failure);
    }
    send(&app, used, None, &headers).await
}

async fn send(app: &App, used: LinkUse, item: Option<ItemId>, headers: &HeaderMap) -> Response {
    let call = bearer_call(app.store.clone(), &used.ticket);
    match open_linked_file(&call, used, item).await {
        Ok(file) => {
            send_bytes(app, call, headers, Sendable::of(file)).unwrap_or_else(IntoResponse::into_response)
        }
        Err(error) => refused(error),
    }
}
