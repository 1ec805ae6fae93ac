//! `POST /:f:/g/{secret}/items/{item}/upload` and `…/folder`: changes by a link that lets edit (B02).

use axum::body::Body;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use http::HeaderMap;
use model::ItemId;

use super::Visitor;
use super::answer::{absent_page, redirect};
use super::edit_forms::{FolderForm, take_folder};
use super::hand::Hand;
use super::link::LinkName;
use super::link_door::{Entered, enter};
use super::upload::take_upload;
use crate::App;

pub(super) async fn post_upload(
    State(app): State<App>,
    Path(name): Path<LinkName>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (hand, item) = match come_in(&app, &visitor, &name).await {
        Ok(come_in) => come_in,
        Err(answer) => return answer,
    };
    let taken = take_upload(&app, &visitor, &hand, item, &headers, body).await;
    taken.map_or_else(|answer| answer, |()| back(&name, item))
}

pub(super) async fn post_folder(
    State(app): State<App>,
    Path(name): Path<LinkName>,
    visitor: Visitor,
    Form(form): Form<FolderForm>,
) -> Response {
    let (hand, item) = match come_in(&app, &visitor, &name).await {
        Ok(come_in) => come_in,
        Err(answer) => return answer,
    };
    let taken = take_folder(&visitor, &hand, item, form).await;
    taken.map_or_else(|answer| answer, |()| back(&name, item))
}

async fn come_in(app: &App, visitor: &Visitor, name: &LinkName) -> Result<(Hand, ItemId), Response> {
    let Some(item) = name.item.as_deref().and_then(|item| item.parse().ok()) else {
        return Err(absent_page());
    };
    match enter(app, visitor, name).await {
        Entered::Here(used) => Ok((Hand::of_link(app, *used), item)),
        Entered::Answered(answer) => Err(answer),
    }
}

fn back(name: &LinkName, item: ItemId) -> Response {
    redirect(&format!("{}/items/{item}", name.base()))
}
