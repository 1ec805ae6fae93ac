//! `PUT …/content`: writes a file from a stream of any length; whatever the content type says, the body is the bytes.

use axum::Json;
use axum::body::Body;
use content::ContentWriter;
use content::uploads::Uploader;
use drive::contents::{ContentCaller, check_put};
use drive::items::{FileBytes, FileTarget, LONGEST_FILE as LONGEST, Put, Written};
use drive::{ConflictBehavior, edit};
use futures_util::StreamExt;
use graph_types::DriveItem;
use http::{StatusCode, header};
use model::UploadId;

use super::address::NamedItem;
use super::shape::answer;
use super::update::{conflict_behavior, if_match};
use crate::ApiError;
use crate::graph_query::GraphQuery;

pub(super) async fn put_content(
    named: NamedItem,
    query: GraphQuery,
    body: Body,
) -> Result<(StatusCode, Json<DriveItem>), ApiError> {
    let conflict =
        conflict_behavior(query.get("@microsoft.graph.conflictbehavior"), ConflictBehavior::Replace)?;
    let condition = if_match(&named.headers)?;
    let (at, mut address) = (named.at, named.address);
    let announced =
        named.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let who = ContentCaller { caller: at.caller.caller, drive: at.drive, runtime: at.app.runtime.clone() };
    // Nobody makes us store what they could not keep.
    let room = check_put(&at.caller.call, &who, address.clone()).await?;
    let most = room.unwrap_or(LONGEST).min(LONGEST);
    let too_long = |length: u64| if length > LONGEST { too_large() } else { ApiError::QuotaReached };
    if let Some(announced) = announced.filter(|announced| *announced > most) {
        return Err(too_long(announced));
    }
    let upload = UploadId::from_random(at.app.runtime.random());
    let uploader = Uploader { drive: at.drive, user: at.caller.caller.user };
    let (store, call) = (at.app.content.clone(), at.caller.call.clone());
    let mut writer = ContentWriter::start(store, call, upload, uploader).await.map_err(ApiError::internal)?;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| ApiError::invalid("the body was cut off; nothing was changed"))?;
        if writer.written() + piece.len() as u64 > most {
            return Err(too_long(writer.written() + piece.len() as u64));
        }
        writer.push(&piece, at.app.runtime.now()).await.map_err(ApiError::internal)?;
    }
    let (content, upload) = writer.finish(at.app.runtime.now()).await.map_err(ApiError::internal)?;
    let bytes = FileBytes::Prepared(Box::new(content), upload);
    let name = address.path.pop();
    let (seen, written) = edit(&at.caller.call, at.edit(), move |editor| {
        let target = match name {
            Some(name) => FileTarget::Named { parent: editor.find(&address)?.item.id, name, conflict },
            None => FileTarget::Existing(editor.find(&address)?.item.id),
        };
        editor.put_file(Put { target, bytes, condition, modified: None, created: None })
    })
    .await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(answer(&at, seen).await?)))
}

/// Refuses a length that no file may have.
pub(in crate::graph) fn require_length(length: u64) -> Result<(), ApiError> {
    if length > LONGEST { Err(too_large()) } else { Ok(()) }
}

fn too_large() -> ApiError {
    ApiError::TooLarge(usize::try_from(LONGEST).unwrap_or(usize::MAX))
}
