//! `POST drives/{drive}/chunks`: chunks of one file's content in one pack, in the order asked for.

use axum::body::Body;
use axum::response::Response;
use drive::contents::open_content;
use futures_util::stream::try_unfold;
use transfer::{ChunkFrame, ChunkList};

use super::body::{packed, read_json, write_frame};
use crate::ApiError;
use crate::named_drive::NamedDrive;

/// Longest list, in bytes.
const LONGEST: usize = 64 * 1024;

pub(super) async fn post_chunks(at: NamedDrive, body: Body) -> Result<Response, ApiError> {
    let list: ChunkList = read_json(body, LONGEST).await?;
    if list.chunks.len() > ChunkList::MAX_CHUNKS {
        return Err(ApiError::TooLarge(LONGEST));
    }
    let item = list.item.parse().map_err(|_| ApiError::NotFound)?;
    let file = open_content(&at.caller.call, &at.content_caller(), item, list.content).await?;
    let known = |hash| file.reader.manifest().chunks.iter().any(|chunk| chunk.hash == hash);
    if !list.chunks.iter().all(|hash| known(*hash)) {
        return Err(ApiError::invalid("the file's content has no such chunk"));
    }
    let state = (at, file.reader, list.chunks.into_iter());
    Ok(packed(try_unfold(state, |(at, reader, mut wanted)| async move {
        let Some(hash) = wanted.next() else { return Ok(None) };
        let bytes = reader.read_chunk(&at.app.content, &at.caller.call, hash).await;
        let frame = write_frame(&ChunkFrame { hash }, bytes.map_err(ApiError::internal)?)?;
        Ok(Some((frame, (at, reader, wanted))))
    })))
}
