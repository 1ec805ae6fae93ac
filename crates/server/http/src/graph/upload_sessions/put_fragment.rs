//! `PUT uploadUrl`: a fragment of a file. What was answered for before a lost answer is not asked for again: bytes that
//! are there already are passed over (graph-surface.md U-5), and a file that was written is told again (U-4).

use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::response::{IntoResponse, Response};
use content::upload_sessions::SessionWriter;
use drive::ItemError;
use drive::upload_sessions::{Ending, OpenSession, open_fragment, resume};
use futures_util::StreamExt;
use http::{StatusCode, header};

use super::address::{NamedSession, refusal};
use super::commit::write_file;
use super::content_range::Fragment;
use super::progress::progress;
use crate::ApiError;
use crate::graph::items::require_length;

pub(super) async fn put_fragment(at: NamedSession, body: Body) -> Result<Response, ApiError> {
    let mut bytes = body.into_data_stream();
    let taken = take(&at, &mut bytes).await;
    // Who is still sending would not read the answer.
    if !matches!(&taken, Err(ApiError::FragmentTooLong(_))) {
        drain(&mut bytes).await;
    }
    taken
}

async fn take(at: &NamedSession, bytes: &mut BodyDataStream) -> Result<Response, ApiError> {
    let open = at.find().await?;
    if open.session.finished.is_some() {
        return write_file(at, &open).await;
    }
    let fragment = Fragment::of(&at.headers)?;
    require_length(fragment.total)?;
    require_announced(at, &fragment)?;
    let open = match open.session.total {
        Some(total) if total == fragment.total => open,
        Some(_) => return Err(ItemError::OtherLength.into()),
        None => open_fragment(&at.caller.call, at.who(), fragment.total).await.map_err(refusal)?,
    };
    let received = open.session.received;
    if fragment.start > received {
        let message = format!("the session has {received} bytes; go on there");
        return Err(ApiError::FragmentMisplaced { inner: "fragmentOutOfOrder", message });
    }
    let complete = open.session.is_complete();
    if complete || fragment.end > received {
        store(at, &open, &fragment, bytes).await?;
    }
    let open = at.find().await?;
    let ends = open.session.is_complete() && fragment.is_last() && open.ending == Ending::LastFragment;
    if ends {
        write_file(at, &open).await
    } else {
        Ok((StatusCode::ACCEPTED, Json(progress(&open))).into_response())
    }
}

/// A body that announces another length than its range is refused before a byte of it is kept.
fn require_announced(at: &NamedSession, fragment: &Fragment) -> Result<(), ApiError> {
    let announced: Option<u64> =
        at.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    match announced {
        Some(announced) if announced != fragment.length() => Err(other_length()),
        _ => Ok(()),
    }
}

/// Stores what is new of a fragment. What arrived before it broke off is kept.
async fn store(
    at: &NamedSession,
    open: &OpenSession,
    fragment: &Fragment,
    bytes: &mut BodyDataStream,
) -> Result<(), ApiError> {
    let now = || at.app.runtime.now();
    let mut writer = resume(&at.app.content, &at.caller.call, open.session.clone()).await?;
    let came = feed(at, &mut writer, fragment, bytes).await;
    let ended = if writer.position() == fragment.total {
        writer.finish(now()).await
    } else {
        writer.pause(now()).await
    };
    // That it broke off is what its sender must hear first.
    came?;
    Ok(ended.map_err(ItemError::from)?)
}

async fn feed(
    at: &NamedSession,
    writer: &mut SessionWriter,
    fragment: &Fragment,
    bytes: &mut BodyDataStream,
) -> Result<(), ApiError> {
    let mut place = fragment.start;
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(|_| ApiError::invalid("the fragment was cut off; ask how far it came"))?;
        let end = place + piece.len() as u64;
        if end > fragment.end {
            return Err(other_length());
        }
        let known = usize::try_from(writer.position().saturating_sub(place)).unwrap_or(usize::MAX);
        if let Some(new) = piece.get(known..) {
            writer.push(new, at.app.runtime.now()).await.map_err(ItemError::from)?;
        }
        place = end;
    }
    // Bytes that were all there before need not come again.
    if writer.position() >= fragment.end { Ok(()) } else { Err(other_length()) }
}

fn other_length() -> ApiError {
    ApiError::Invalid {
        code: "invalidRequest",
        inner: Some("fragmentLengthMismatch"),
        message: "the fragment has another length than its Content-Range says".to_owned(),
    }
}

async fn drain(bytes: &mut BodyDataStream) {
    while let Some(Ok(_)) = bytes.next().await {}
}
