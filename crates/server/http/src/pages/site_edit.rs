//! `POST /{organization}/sites/{site}/items/{drive}/{item}/upload` and `…/folder`: changes by somebody signed in.

use axum::body::Body;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use http::HeaderMap;

use super::Visitor;
use super::answer::redirect;
use super::edit_forms::{FolderForm, take_folder};
use super::hand::Hand;
use super::site_door::{ItemName, enter_item};
use super::upload::take_upload;
use crate::App;

pub(super) async fn post_upload(
    State(app): State<App>,
    Path(name): Path<ItemName>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let at = match enter_item(&app, &visitor, &name).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let hand = Hand::of_person(&app, at.bearer, at.drive);
    let taken = take_upload(&app, &visitor, &hand, at.item, &headers, body).await;
    taken.map_or_else(|answer| answer, |()| redirect(&at.page))
}

pub(super) async fn post_folder(
    State(app): State<App>,
    Path(name): Path<ItemName>,
    visitor: Visitor,
    Form(form): Form<FolderForm>,
) -> Response {
    let at = match enter_item(&app, &visitor, &name).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let hand = Hand::of_person(&app, at.bearer, at.drive);
    let taken = take_folder(&visitor, &hand, at.item, form).await;
    taken.map_or_else(|answer| answer, |()| redirect(&at.page))
}
