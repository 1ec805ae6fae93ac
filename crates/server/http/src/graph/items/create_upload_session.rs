//! `POST …/createUploadSession`: an address to which a file is sent in fragments.

use axum::Json;
use drive::items::Condition;
use drive::reading::{ItemAddress, load_item};
use drive::upload_sessions::{Ending, NewUploadSession, create_session};
use drive::{ConflictBehavior, ItemError};
use graph_types::{UploadSession, UploadSessionRequest};
use http::header;
use model::ItemName;

use super::address::NamedItem;
use super::put_content::require_length;
use super::update::{conflict_behavior, if_match, times};
use crate::ApiError;
use crate::graph::upload_sessions::upload_url;
use crate::json_body::MaybeJsonBody;

pub(super) async fn create_upload_session(
    named: NamedItem,
    MaybeJsonBody(body): MaybeJsonBody<UploadSessionRequest>,
) -> Result<Json<UploadSession>, ApiError> {
    refuse_known(&named).await?;
    let file = body.item.unwrap_or_default();
    if let Some(length) = file.file_size {
        require_length(length)?;
    }
    let condition = if_match(&named.headers)?;
    // Foreign clients upload over a file without saying so (graph-surface.md 3.8).
    let conflict = conflict_behavior(file.conflict_behavior.as_deref(), ConflictBehavior::Replace)?;
    let (created, modified) = times(file.file_system_info.as_ref());
    let name = own_name(&named.address, file.name)?;
    let (at, address) = (named.at, named.address);
    let ending = if body.defer_commit == Some(true) { Ending::WhenTold } else { Ending::LastFragment };
    let length = file.file_size;
    let new = NewUploadSession { address, name, conflict, condition, length, created, modified, ending };
    let session = create_session(&at.caller.call, at.edit(), new).await?;
    Ok(Json(UploadSession {
        upload_url: Some(upload_url(&at.app, &at.caller, session.id)?),
        expiration_date_time: session.expires.into(),
        next_expected_ranges: vec!["0-".to_owned()],
    }))
}

/// The name the body adds to the address; clients that address the file itself repeat its name there.
fn own_name(address: &ItemAddress, name: Option<String>) -> Result<Option<String>, ApiError> {
    match (address.path.last(), name) {
        (Some(last), Some(name)) if ItemName::key_of(last) != ItemName::key_of(&name) => {
            Err(ApiError::invalid("the address and the body give the file two names; give it one"))
        }
        (Some(_), _) => Ok(None),
        (None, name) => Ok(name),
    }
}

/// `If-None-Match`: refuses when the file is there and is the one that was named.
async fn refuse_known(named: &NamedItem) -> Result<(), ApiError> {
    let Some(tag) = named.headers.get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok()) else {
        return Ok(());
    };
    let at = &named.at;
    match load_item(&at.caller.call, at.reader(), named.address.clone()).await {
        Ok(view) if Condition::AnyTag(tag.to_owned()).check(&view.seen).is_ok() => {
            Err(ApiError::PreconditionFailed)
        }
        Ok(_) | Err(ItemError::NotFound) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
