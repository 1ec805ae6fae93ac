//! `POST drives/{drive}/uploads` offers a content, `GET …/{upload}` tells what is still wanted, `PUT …/{upload}` sends
//! chunks. Each chunk is durable before the next is read, so a request that is cut off has not been in vain.

use axum::Json;
use axum::body::Body;
use axum::extract::Path;
use content::uploads::Upload;
use drive::contents::{find_upload, offer_upload, receive_chunk};
use drive::items::LONGEST_FILE;
use model::UploadId;
use serde::Deserialize;
use transfer::{ChunkFrame, ChunkList, Manifest, UploadOffer, UploadPlan};

use super::body::{FrameStream, read_header, read_json};
use crate::ApiError;
use crate::named_drive::NamedDrive;

/// Longest offer, in bytes: a manifest of a content of some 300 GiB.
const LONGEST_OFFER: usize = 32 * 1024 * 1024;
/// Most base items of an offer.
const MOST_BASES: usize = 100;

#[derive(Deserialize)]
pub(super) struct UploadName {
    upload: String,
}

pub(super) async fn post_offer(at: NamedDrive, body: Body) -> Result<Json<UploadPlan>, ApiError> {
    let offer: UploadOffer = read_json(body, LONGEST_OFFER).await?;
    offer.manifest.check().map_err(|error| ApiError::invalid(error.to_string()))?;
    // One chunk may be named a million times: what was never sent would be kept, read and hashed as if it had been.
    if offer.manifest.size() > LONGEST_FILE {
        return Err(ApiError::TooLarge(usize::try_from(LONGEST_FILE).unwrap_or(usize::MAX)));
    }
    if offer.base_items.len() > MOST_BASES {
        return Err(ApiError::invalid(format!("at most {MOST_BASES} base items may be named")));
    }
    let upload = offer_upload(&at.caller.call, &at.content_caller(), offer).await?;
    Ok(Json(upload.plan()))
}

pub(super) async fn get_upload(
    at: NamedDrive,
    Path(name): Path<UploadName>,
) -> Result<Json<UploadPlan>, ApiError> {
    Ok(Json(load(&at, &name).await?.plan()))
}

pub(super) async fn put_chunks(
    at: NamedDrive,
    Path(name): Path<UploadName>,
    body: Body,
) -> Result<Json<UploadPlan>, ApiError> {
    let mut upload = load(&at, &name).await?;
    let longest = Manifest::MAX_CHUNK as usize;
    let mut frames = FrameStream::new(body, ChunkList::MAX_CHUNKS, ChunkList::MAX_CHUNKS * longest, longest);
    while let Some(frame) = frames.next().await? {
        let header: ChunkFrame = read_header(&frame)?;
        let (store, call) = (&at.app.content, &at.caller.call);
        receive_chunk(store, call, &at.app.runtime, &mut upload, header.hash, frame.body.into()).await?;
    }
    Ok(Json(upload.plan()))
}

async fn load(at: &NamedDrive, name: &UploadName) -> Result<Upload, ApiError> {
    let id: UploadId = name.upload.parse().map_err(|_| ApiError::NotFound)?;
    let upload = find_upload(&at.caller.call, at.caller.caller, at.app.runtime.clone(), id).await?;
    if upload.drive == at.drive { Ok(upload) } else { Err(ApiError::NotFound) }
}
