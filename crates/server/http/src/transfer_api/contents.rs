//! `POST drives/{drive}/contents`: many small files in one pack. Each is judged when its turn comes.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use drive::contents::{OpenContent, open_many};
use futures_util::TryStreamExt;
use futures_util::stream::try_unfold;
use transfer::{ContentFrame, ContentRequest, OperationBatch, OperationError};

use super::body::{packed, read_json, write_frame};
use crate::ApiError;
use crate::named_drive::NamedDrive;

/// Longest list, in bytes.
const LONGEST: usize = 256 * 1024;
/// How many files are opened at once: what is held in memory.
const AT_ONCE: usize = 32;

/// Where the answer stands.
struct Progress {
    at: NamedDrive,
    requests: std::vec::IntoIter<ContentRequest>,
    opened: std::vec::IntoIter<Result<OpenContent, OperationError>>,
    index: u32,
    told: u64,
}

pub(super) async fn post_contents(at: NamedDrive, body: Body) -> Result<Response, ApiError> {
    let requests: Vec<ContentRequest> = read_json(body, LONGEST).await?;
    if requests.len() > ContentRequest::MAX_REQUESTS {
        return Err(ApiError::TooLarge(LONGEST));
    }
    let mut progress =
        Progress { at, requests: requests.into_iter(), opened: Vec::new().into_iter(), index: 0, told: 0 };
    // The first are opened before the answer begins, so that a hidden drive is an error and not a broken answer.
    progress.open_more().await?;
    Ok(packed(try_unfold(progress, |mut progress| async move {
        let frame = progress.next().await?;
        Ok(frame.map(|frame| (frame, progress)))
    })))
}

impl Progress {
    async fn open_more(&mut self) -> Result<(), ApiError> {
        let requests: Vec<ContentRequest> = self.requests.by_ref().take(AT_ONCE).collect();
        let opened = open_many(&self.at.caller.call, &self.at.content_caller(), requests).await?;
        self.opened = opened.into_iter();
        Ok(())
    }

    async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        if self.opened.len() == 0 && self.requests.len() > 0 {
            self.open_more().await?;
        }
        let Some(opened) = self.opened.next() else { return Ok(None) };
        let bytes = match opened {
            Ok(opened) => self.read(opened).await?,
            Err(error) => Err(error),
        };
        let (body, error) = match bytes {
            Ok(bytes) => (bytes, None),
            Err(error) => (Bytes::new(), Some(error)),
        };
        self.told += body.len() as u64;
        let header = ContentFrame { index: self.index, error };
        self.index += 1;
        write_frame(&header, body).map(Some)
    }

    async fn read(&self, opened: OpenContent) -> Result<Result<Bytes, OperationError>, ApiError> {
        let length = match &opened {
            OpenContent::Whole(bytes) => bytes.len() as u64,
            OpenContent::Stream(reader) => reader.size(),
        };
        if length > OperationBatch::MAX_INLINE as u64 || self.told + length > ContentRequest::MAX_BYTES {
            return Ok(Err(refused(413, "contentTooLarge", "ask for this file apart, or in chunks")));
        }
        let reader = match opened {
            OpenContent::Whole(bytes) => return Ok(Ok(bytes)),
            OpenContent::Stream(reader) => reader,
        };
        let (store, call) = (self.at.app.content.clone(), self.at.caller.call.clone());
        let pieces: Result<Vec<Bytes>, _> = reader.stream(store, call, 0..length).try_collect().await;
        match pieces {
            Ok(pieces) => Ok(Ok(Bytes::from(pieces.concat()))),
            Err(error @ content::ContentError::Damaged(_)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "stored bytes are damaged");
                let message = "the stored bytes of this file are damaged; an older version may be whole";
                Ok(Err(refused(500, "contentDamaged", message)))
            }
            Err(error) => Err(ApiError::internal(error)),
        }
    }
}

fn refused(status: u16, code: &str, message: &str) -> OperationError {
    OperationError { status, code: code.to_owned(), message: message.to_owned(), current: None }
}
