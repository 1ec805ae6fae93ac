//! `POST …/createLink`: makes a sharing link, or answers the one that stands (graph-surface.md 4.1). The item may be
//! named by id or by path.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use directory::{Known, Notify};
use drive::links::{LinkRequest, create_link, default_link_kind};
use drive::reading::load_item;
use drive::sharing::Place;
use graph_types::CreateLinkRequest;
use http::StatusCode;
use model::{LinkKind, Role};

use super::invite::recipient_name;
use super::link_shape::link_permission;
use crate::graph::items::NamedItem;
use crate::json_body::JsonBody;
use crate::{ApiError, App};

/// Longest password of a link, in bytes.
const LONGEST_PASSWORD: usize = 256;

pub(super) async fn post_create_link(
    State(app): State<App>,
    named: NamedItem,
    JsonBody(asked): JsonBody<CreateLinkRequest>,
) -> Result<Response, ApiError> {
    let caller = &named.at.caller;
    let view = load_item(&caller.call, named.at.reader(), named.address.clone()).await?;
    let place = Place::Item { drive: named.at.drive, item: view.seen.item.id };
    let notify = if asked.send_notification == Some(true) { Notify::Mail } else { Notify::Nobody };
    let kind = match kind(asked.scope.as_deref())? {
        Some(kind) => kind,
        None => default_link_kind(&caller.call, caller.caller, place).await?,
    };
    let request = LinkRequest {
        place,
        kind,
        role: role(&asked.kind)?,
        expires: asked.expiration_date_time.map(|time| time.0),
        password: hash_password(&app, asked.password.as_deref()).await?,
        recipients: asked.recipients.iter().map(recipient_name).collect::<Result<_, _>>()?,
        message: asked.message.filter(|message| !message.trim().is_empty()),
        notify,
        origin: app.settings.origin.clone(),
    };
    let made = create_link(&caller.call, caller.caller, request).await?;
    let status = match made.known {
        Known::New => StatusCode::CREATED,
        Known::Before => StatusCode::OK,
    };
    Ok((status, Json(link_permission(&app.settings.origin, &made.view))).into_response())
}

/// Hashes a link's password; an empty one is none.
pub(super) async fn hash_password(app: &App, password: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(password) = password.filter(|password| !password.is_empty()) else { return Ok(None) };
    if password.len() > LONGEST_PASSWORD {
        return Err(ApiError::invalid("a password has at most 256 bytes"));
    }
    app.identity.passwords().hash(password).await.map(Some).map_err(ApiError::internal)
}

/// Reads the kind; none when the place's default is meant.
fn kind(scope: Option<&str>) -> Result<Option<LinkKind>, ApiError> {
    let Some(scope) = scope.filter(|scope| !scope.is_empty()) else { return Ok(None) };
    LinkKind::from_graph_name(scope)
        .map(Some)
        .ok_or_else(|| ApiError::invalid("scope is one of anonymous, organization, users, existingAccess"))
}

fn role(kind: &str) -> Result<Role, ApiError> {
    match kind.to_ascii_lowercase().as_str() {
        "view" => Ok(Role::Read),
        "edit" => Ok(Role::Write),
        "embed" | "review" | "blocksdownload" | "createonly" | "addressbar" | "admindefault" => {
            Err(ApiError::NotSupported("this type of link"))
        }
        _ => Err(ApiError::invalid("type is view or edit")),
    }
}
