//! `POST …/access/{permission}/remove`: takes somebody's access or a link away. It ends with the next request (A10).

use axum::extract::{Form, Path, State};
use axum::response::Response;
use drive::links::delete_link;
use drive::sharing::{SharingError, revoke_permission};
use model::{LinkId, PermissionId};
use serde::Deserialize;

use super::Visitor;
use super::access::refused_sharing;
use super::access_door::{PlaceName, enter_place};
use super::answer::{absent_page, redirect, stale_form_page};
use crate::App;

#[derive(Deserialize)]
pub(super) struct RemoveForm {
    #[serde(default)]
    token: String,
}

pub(super) async fn post_remove(
    State(app): State<App>,
    Path(name): Path<PlaceName>,
    visitor: Visitor,
    Form(form): Form<RemoveForm>,
) -> Response {
    // Before anything is looked up: a form that is not ours learns nothing.
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    let at = match enter_place(&app, &visitor, &name).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let permission: Option<PermissionId> = name.permission.as_deref().and_then(|id| id.parse().ok());
    let Some(permission) = permission else { return absent_page() };
    let (call, caller) = (&at.bearer.call, at.bearer.caller);
    let done = match revoke_permission(call, caller, at.place, permission).await {
        Err(SharingError::NotFound) => {
            delete_link(call, caller, at.place, LinkId::from_uuid(permission.uuid())).await
        }
        done => done,
    };
    match done {
        Ok(()) => redirect(&format!("{}/access", at.page)),
        Err(error) => refused_sharing(error),
    }
}
