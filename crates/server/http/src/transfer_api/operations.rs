//! `POST drives/{drive}/operations`: many changes with their small files in one pack; one answer each.

use axum::Json;
use axum::body::Body;
use drive::EditRequest;
use drive::contents::open_for_writing;
use drive::operations::{ReadyOperation, apply, prepare_inline};
use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use transfer::{ContentSource, Operation, OperationBatch, OperationChange, OutcomeBatch};

use super::body::{FrameStream, read_header};
use crate::ApiError;
use crate::named_drive::NamedDrive;

/// How many files are made durable at once.
const AT_ONCE: usize = 8;

pub(super) async fn post_operations(at: NamedDrive, body: Body) -> Result<Json<OutcomeBatch>, ApiError> {
    // Nobody who may change nothing here makes us store anything.
    let key = open_for_writing(&at.caller.call, &at.content_caller()).await?;
    let mut frames = FrameStream::new(
        body,
        OperationBatch::MAX_OPERATIONS,
        OperationBatch::MAX_BYTES,
        OperationBatch::MAX_INLINE,
    );
    let (mut ready, mut preparing) = (Vec::new(), FuturesOrdered::new());
    while let Some(frame) = frames.next().await? {
        let operation: Operation = read_header(&frame)?;
        if !is_inline(&operation) && !frame.body.is_empty() {
            return Err(ApiError::invalid("only an inline file may come with bytes"));
        }
        let (store, call) = (at.app.content.clone(), at.caller.call.clone());
        preparing.push_back(async move {
            let inline = match is_inline(&operation) {
                true => Some(prepare_inline(&store, &call, &key, frame.body.into()).await?),
                false => None,
            };
            Ok::<_, ApiError>(ReadyOperation { operation, inline })
        });
        if preparing.len() >= AT_ONCE
            && let Some(done) = preparing.next().await
        {
            ready.push(done?);
        }
    }
    while let Some(done) = preparing.next().await {
        ready.push(done?);
    }
    let (caller, runtime) = (at.caller.caller, at.app.runtime.clone());
    let request = EditRequest { caller, drive: at.drive, runtime };
    Ok(Json(apply(&at.caller.call, request, ready).await?))
}

fn is_inline(operation: &Operation) -> bool {
    matches!(operation.change, OperationChange::PutFile { source: ContentSource::Inline, .. })
}
